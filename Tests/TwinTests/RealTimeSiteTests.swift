import Foundation
import OCPP
import Sim
import TestSupport
import Testing

@testable import Models
@testable import Twin

/// The sites of a world in real time, one of which is looked at, and a CSMS that accepts whatever comes.
private struct RealTimeBench {
    var sites: [RealTimeSite]
    /// The one that is looked at.
    let index: Int
    var now = SimTime.zero
    /// CALLs of that site as they left, with the station whose connection carried them.
    var calls: [(station: Int, id: String, text: String)] = []
    /// Answers to the test's own CALLs by id.
    var answers: [String: String] = [:]
    /// Called for every change of a modem.
    var modem: (_ station: Int, _ isBroken: Bool, _ now: SimTime) -> Void = { _, _, _ in }
    private let epoch = Timestamp(microseconds: 1_736_121_600_000_000)  // 2025-01-06T00:00:00Z

    init(site id: String, overrides: [(key: String, value: String)] = []) throws {
        let world = try WorldFile.load(path: Repository.path("worlds/tiny.yaml"), overrides: overrides)
        index = try #require(world.sites.firstIndex { $0.id == id })
        let options = RealTimeWorld.Options(
            version: .v201, seed: 1, stationsMax: 1000, prefix: "", securityProfile: 0, csmsURL: "ws://csms",
            password: "",
            epoch: epoch, followsClock: false)
        sites = RealTimeWorld(world: world, options: options).sites()
    }

    var site: RealTimeSite {
        get { sites[index] }
        set { sites[index] = newValue }
    }

    /// Switches all stations on.
    mutating func start() {
        for station in 0..<site.stationCount { sites[index].powerUp(station, now: now) }
        settle()
    }

    /// What the ids of a station's messages begin with.
    func prefix(_ station: Int) -> String {
        String(UInt32(truncatingIfNeeded: site.plant.parameters.stations[station].entity), radix: 36) + "-"
    }

    mutating func run(until end: SimTime) {
        while let next = sites.map(\.nextTime).min(), next < end {
            now = next
            for i in sites.indices where sites[i].nextTime == now {
                sites[i].run(until: now + SimDuration(microseconds: 1))
                for message in sites[i].takeMessages() { sites[Int(message.destination)].deliver(message, now: now) }
                if i != index { _ = sites[i].takeOutputs() }
            }
            settle()
        }
        now = end
    }

    mutating func ask(_ station: Int, _ action: String, _ payload: String, id: String) -> String {
        sites[index].handle(.frame(Array("[2,\"\(id)\",\"\(action)\",\(payload)]".utf8)), station: station, now: now)
        settle()
        return answers[id] ?? ""
    }

    private mutating func settle() {
        while true {
            let outputs = sites[index].takeOutputs()
            if outputs.isEmpty { return }
            for output in outputs { perform(output) }
        }
    }

    private mutating func perform(_ output: RealTimeSite.Output) {
        switch output.order {
        case .linkFault(let isBroken): modem(output.station, isBroken, now)
        case .client(.connect): sites[index].handle(.opened, station: output.station, now: now)
        case .client(.transmit(let bytes)): receive(String(decoding: bytes, as: UTF8.self), from: output.station)
        default: break
        }
    }

    private mutating func receive(_ text: String, from station: Int) {
        let parts = text.split(separator: "\"", maxSplits: 4, omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 3 else { return }
        guard text.hasPrefix("[2,"), parts.count >= 5 else {
            answers[parts[1]] = text
            return
        }
        calls.append((station, parts[1], text))
        let time = site.timestamp(now).text
        let payload =
            switch parts[3] {
            case "BootNotification": #"{"currentTime":"\#(time)","interval":86400,"status":"Accepted"}"#
            case "Heartbeat": #"{"currentTime":"\#(time)"}"#
            case "Authorize": #"{"idTokenInfo":{"status":"Accepted"}}"#
            default: "{}"
            }
        sites[index].handle(.frame(Array("[3,\"\(parts[1])\",\(payload)]".utf8)), station: station, now: now)
    }
}

@Suite("Stations in real time")
struct RealTimeSiteTests {
    @Test("a vehicle that comes within ConnectionTimeOut of an accepted remote start is charged by it")
    func remoteStart() throws {
        var bench = try RealTimeBench(site: "office")
        bench.start()
        bench.run(until: .zero + .hours(5))
        for station in 0..<bench.site.stationCount {
            let patience =
                #"{"setVariableData":[{"attributeValue":"28800","component":{"name":"TxCtrlr"},"variable":{"name":"EVConnectionTimeOut"}}]}"#
            let set = bench.ask(station, "SetVariables", patience, id: "v\(station)")
            #expect(set.contains("Accepted"), "\(set)")
            for (evse, _) in bench.site.plant.parameters.stations[station].evses.enumerated() {
                let start =
                    #"{"idToken":{"idToken":"APP\#(station)","type":"Central"},"remoteStartId":\#(evse + 1),"evseId":\#(evse + 1)}"#
                let answer = bench.ask(station, "RequestStartTransaction", start, id: "r\(station)-\(evse)")
                #expect(answer.contains("Accepted"), "\(answer)")
            }
        }
        /// The first transaction with a remoteStartId, and whether its EVSE gives energy.
        func started() -> (call: String, isCharging: Bool)? {
            guard
                let call = bench.calls.first(where: {
                    $0.text.contains(#""remoteStartId""#) && $0.text.contains(#""Charging""#)
                }), let number = call.text.firstMatch(of: /"remoteStartId":(\d+)/).flatMap({ Int($0.1) })
            else { return nil }
            let evses = bench.site.plant.parameters.stations[call.station].evses
            return (call.text, bench.site.plant.evses[evses.lowerBound + number - 1].phase == .charging)
        }
        while started() == nil, bench.now < .zero + .hours(12) { bench.run(until: bench.now + .seconds(5)) }
        let transaction = try #require(started(), "somebody plugs in within the time")
        #expect(transaction.isCharging)
        #expect(transaction.call.contains(#""idToken":"APP"#), "\(transaction.call)")
    }

    @Test("frames of a station leave on its own connection when a limit goes to 0 and back")
    func ownConnection() throws {
        var bench = try RealTimeBench(site: "office")
        bench.start()
        func charging() -> Int? {
            bench.site.plant.evses.indices.first { bench.site.plant.evses[$0].phase == .charging }
        }
        while charging() == nil, bench.now < .zero + .hours(14) { bench.run(until: bench.now + .seconds(60)) }
        let evse = try #require(charging())
        let stations = bench.site.plant.parameters.stations
        let station = try #require(stations.firstIndex { $0.evses.contains(evse) })
        let other = station == 0 ? 1 : 0
        bench.calls.removeAll()
        for (number, limit) in [0, 11_000].enumerated() {
            let profile = #"""
                {"evseId":0,"chargingProfile":{"id":1,"stackLevel":0,"chargingProfilePurpose":"TxDefaultProfile",
                "chargingProfileKind":"Absolute","chargingSchedule":[{"id":1,"startSchedule":"2025-01-06T00:00:00Z",
                "chargingRateUnit":"W","chargingSchedulePeriod":[{"startPeriod":0,"limit":\#(limit)}]}]}}
                """#
            let answer = bench.ask(station, "SetChargingProfile", profile, id: "p\(number)")
            #expect(answer.contains("Accepted"), "\(answer)")
            _ = bench.ask(other, "GetLocalListVersion", "{}", id: "q\(number)")
        }
        bench.run(until: bench.now + .minutes(5))
        #expect(bench.calls.contains { $0.text.contains("SuspendedEVSE") }, "the pause is told at all")
        for call in bench.calls {
            #expect(call.id.hasPrefix(bench.prefix(call.station)), "\(call.id) on the connection of \(call.station)")
        }
    }

    @Test("what breaks is mended, in real time too")
    func repairs() throws {
        final class Log { var brokenSince: [Int: SimTime] = [:] }
        let log = Log()
        var repairs = 0
        var bench = try RealTimeBench(site: "hub", overrides: [(key: "operations.rate_multiplier", value: "20")])
        bench.modem = { station, isBroken, now in
            if !isBroken, log.brokenSince[station] != nil { repairs += 1 }
            log.brokenSince[station] = isBroken ? now : nil
        }
        let end = SimTime.zero + .days(120)
        bench.run(until: end)
        let longest = log.brokenSince.values.map { end - $0 }.max() ?? .zero
        #expect(longest < .days(60), "a modem broken for \(longest.seconds / 86_400) days")
        #expect(repairs > 0)
    }

    @Test("a site that runs for long keeps no more than it needs")
    func memory() throws {
        var bench = try RealTimeBench(site: "street")
        bench.start()
        bench.run(until: .zero + .days(1))
        let first = bench.site.plant.series.samples.count
        bench.run(until: .zero + .days(2))
        #expect(bench.site.plant.series.samples.count <= first)
        #expect(bench.site.plant.records.sessions.isEmpty)
    }
}
