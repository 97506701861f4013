import Foundation
import OCPP
import Sim
import TestSupport
import Testing

@testable import Models
@testable import Twin

/// A site with its stations as a ``SiteScript`` moves it, whatever carries the messages.
protocol ScriptedSite {
    associatedtype Stations: SiteStations
    var runtime: SiteRuntime<Stations> { get set }
    /// Answers what the stations have sent, as the CSMS does.
    mutating func exchange(now: SimTime)
    /// An order of the CSMS; `false` where there is no such order.
    mutating func order(_ line: ScriptLine, station: Int, now: SimTime) -> Bool
    /// Transactions that have ended, booked and not, as the CSMS has recorded them.
    func books() -> [ScriptFact]
}

/// A site with its stations in the hands of a script: the same lines for every carrier.
///
///     08:00 charges 11 kWh at 11 kW on one until 18:00      as in the scripts of the plant
///     08:10 link of one breaks · link of one works
///     08:20 controller of one fails · controller of one returns
///     08:30 grid fails · grid returns
///     08:35 parks for 4 h with 10 kWh · awaits one starting
///     08:40 limit one to 0 W · stop one · reset one Immediate · start one at Authorized      orders of the CSMS
///     09:00 expect one: charging, 11.0 kW
///           expect books: true 1, closed 1, open 0, energy 5.500 kWh, wrong 0
///
/// A station is called `one` or `two`; each has one EVSE.
struct SiteScript<Site: ScriptedSite> {
    var site: Site
    private(set) var now = SimTime.zero
    private var place = ScriptPlace(#_sourceLocation)
    private static var stations: [String] { ["one", "two"] }

    /// Switches the site on.
    init(_ site: Site) {
        self.site = site
        for station in Self.stations.indices where site.runtime.stations.isPowered(station) == false {
            self.site.runtime.receive(Site.Stations.input(.powerUp(reason: .powerUp)), station)
        }
        settle()
    }

    mutating func play(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
        place = ScriptPlace(sourceLocation)
        for line in ScriptLine.lines(of: text) {
            run(until: line.seconds == 0 ? now : .zero + .rounding(seconds: line.seconds))
            if line.words.first == "expect" {
                expect(line)
            } else if !perform(line) {
                place.fail(line, "is not understood, or refused")
            }
        }
    }

    private mutating func run(until end: SimTime) {
        while site.runtime.nextTime <= end {
            now = site.runtime.nextTime
            site.runtime.run(until: now + SimDuration(microseconds: 1))
            site.exchange(now: now)
        }
        now = max(now, end)
        site.runtime.plant.sample(upTo: now)
    }

    private mutating func settle() {
        site.runtime.settle(now: now)
        site.exchange(now: now)
    }

    private mutating func perform(_ line: ScriptLine) -> Bool {
        let named = line.words.compactMap { Self.stations.firstIndex(of: $0) }.first
        let isBad = ["breaks", "fails"].contains(line.words.last)
        switch line.words[0] {
        case "awaits": return named.map { awaits($0, line.words.last ?? "") } ?? false
        case "parks": parks(line)
        case "charges":
            guard let named, charges(line, evse: named) else { return false }
        case "grid":
            if isBad {
                site.runtime.plant.supplyFails(now: now)
            } else {
                site.runtime.plant.supplyReturns(now: now)
            }
        case "link":
            guard let named else { return false }
            if isBad {
                site.runtime.plant.failures.linkDown[named] += 1
            } else {
                site.runtime.plant.failures.linkDown[named] -= 1
            }
            site.runtime.plant.signal(station: named, isBad ? .linkLost : .linkRestored)
        case "controller":
            guard let named else { return false }
            if isBad { site.runtime.plant.losePower(named) } else { site.runtime.plant.regainPower(named) }
        default: return named.map { site.order(line, station: $0, now: now) } ?? false
        }
        settle()
        return true
    }

    private mutating func charges(_ line: ScriptLine, evse: Int) -> Bool {
        guard let wanted = ScriptFigure(line.words[1], unit: "kWh")?.value, let powerW = line.figure(after: "at"),
            let until = line.time(after: "until")
        else { return false }
        site.runtime.plant.parameters.replay.append(
            ReplayedSession(
                arrival: now, departure: .zero + .rounding(seconds: until), evse: UInt16(evse), energyWh: wanted,
                batteryWh: 2 * wanted, initialWh: wanted, maxPowerW: powerW, isIdeal: true))
        site.runtime.plant.handle(.replayedArrival, now: now)
        return true
    }

    /// A driver with the usual delays between parking and charging, who takes the first free outlet.
    private mutating func parks(_ line: ScriptLine) {
        let id4 = VehicleCatalogue.all.firstIndex { $0.id == "vw_id4_77_2020" } ?? 0
        let capacityWh = VehicleCatalogue.all[id4].usableWh
        let wantedWh = line.figure(after: "with") ?? 0
        let driver = Driver(
            kind: .parked, preference: .order, stream: RandomStream(seed: 1, purpose: 3, entity: 7), identity: 7,
            vehicle: UInt16(id4), authorization: .rfid, hops: 0, row: 0, arrival: now, departure: .distantFuture,
            stayS: line.figure(after: "for") ?? 0, awayS: 0, wantedWh: wantedWh, soc: 0.1,
            targetSoC: 0.1 + wantedWh * 0.885 / capacityWh, capacityWh: capacityWh, patienceS: 0)
        site.runtime.plant.accept(.driver(driver), at: now)
        run(until: now)
    }

    /// Lets time pass until an outlet is in a phase; gives up after an hour.
    private mutating func awaits(_ e: Int, _ phase: String) -> Bool {
        let end = now + .hours(1)
        while "\(site.runtime.plant.evses[e].phase)" != phase {
            guard site.runtime.nextTime <= end else { return false }
            run(until: site.runtime.nextTime)
        }
        return true
    }

    private mutating func expect(_ line: ScriptLine) {
        let parts = line.text.dropFirst("expect ".count).split(separator: ":", maxSplits: 1)
        let items =
            parts.count < 2 ? [] : parts[1].split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        var facts = site.books()
        if let e = Self.stations.firstIndex(of: String(parts[0])) {
            let powerW = site.runtime.plant.readMeter(e, now: now).powerW
            let evse = site.runtime.plant.evses[e]
            facts = [
                ScriptFact("", .word("\(evse.phase)")), ScriptFact("", .figure(powerW, unit: "W")),
                ScriptFact("", .word("contactor \(evse.pilot.isContactorClosed ? "closed" : "open")")),
                ScriptFact("", .word(site.runtime.stations.isPowered(e) ? "on" : "off")),
                ScriptFact("metered", .figure(evse.meter.registerWh, unit: "Wh")),
            ]
        }
        for problem in ScriptFact.differences(items, facts) { place.fail(line, problem) }
    }
}

/// The world of the scripts: two stations with an outlet of 11 kW each, no losses; nobody comes by himself.
enum ScriptedWorld {
    static func load(_ sets: [(key: String, value: String)] = []) throws -> WorldSpec {
        let scratch = try ScratchDirectory()
        let path = "\(scratch.path)/world.yaml"
        let text = """
            name: scripted
            start: 2025-01-06T00:00:00
            days: 3
            operations: {preset: none}
            csms: {enabled: true, link: ideal}
            sites:
              - id: a
                template: workplace
                transformer: {rating_kva: none}
                stations:
                  - {id: one, kind: ac, power_kw: 11, efficiency: ideal}
                  - {id: two, kind: ac, power_kw: 11, efficiency: ideal}
            """
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return try WorldFile.load(path: path, overrides: sets)
    }

    static func parameters(_ world: WorldSpec) -> SiteParameters {
        var parameters = WorldCompiler(world: world, seed: 1, end: .zero + .days(3)).compile()[0]
        parameters.demand = []
        parameters.csmsOn = true
        parameters.gridOutages = GridOutageParameters(perYear: 0, meanH: 1000)
        return parameters
    }
}
