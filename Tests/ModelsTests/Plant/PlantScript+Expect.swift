import Sim
import TestSupport

@testable import Models

// What a script can expect. Items stand behind a colon, separated by commas; see ``ScriptFact/differences(_:_:)``.
//
//   expect a1: charging, 11.0 kW, contactor closed, driver Ann    how things stand at an outlet
//   expect site: 22.1 kW, waiting 2, hot spot 98.3 C, metered 20.0 kWh
//   expect session a1: 20.0 kWh, plugged 08:00, started 08:00, ended 09:49, unplugged 12:30, end battery_full
//   expect loss: reneged, waited 15 min, drove on                  rows, each claimed once, in order
//   expect attempt a1: outage, number 1
//   expect outage: protection_trip, start 08:30, end 08:45, power
//   expect alarm: ground_fault
//   expect signals a1: plugged, token, energyStarted               all that the outlet's station was told since the last time
//   expect message to 7: driver Ann, at 08:25
//   expect nothing more                                            no row is left unclaimed
extension PlantScript {
    mutating func expect(_ line: ScriptLine) {
        let parts = line.text.dropFirst("expect ".count).split(separator: ":", maxSplits: 1)
        let subject = parts[0].split(separator: " ").map(String.init)
        let items = parts.count < 2 ? [] : parts[1].split(separator: ",").map { Self.trimmed($0) }
        let problems: [String]
        switch subject[0] {
        case "signals": problems = signals(subject.last ?? "", items)
        case "nothing": problems = unclaimedRows()
        default:
            guard let facts = facts(subject) else { return place.fail(line, "there is no such thing to be seen") }
            problems = ScriptFact.differences(items, facts)
        }
        for problem in problems { place.fail(line, problem) }
    }

    private static func trimmed(_ text: Substring) -> String { text.split(separator: " ").joined(separator: " ") }

    private mutating func facts(_ subject: [String]) -> [ScriptFact]? {
        let place = subject.last.flatMap { outlet($0) }
        switch subject[0] {
        case "site": return siteFacts(0)
        case "session":
            guard let (p, e) = place, let i = unclaimed[p].sessions.firstIndex(where: { Int($0.evse) == e })
            else { return nil }
            return Self.facts(unclaimed[p].sessions.remove(at: i))
        case "attempt":
            guard let (p, e) = place, let i = unclaimed[p].failedAttempts.firstIndex(where: { Int($0.evse) == e })
            else { return nil }
            let row = unclaimed[p].failedAttempts.remove(at: i)
            return [.at("at", row.time), .word(row.failure.name), .figure("number", Double(row.number))]
        case "loss": return claim(\.losses).map { Self.facts($0) }
        case "outage": return claim(\.outages).map { Self.facts($0) }
        case "alarm": return claim(\.alarms).map { [.at("at", $0.time), .word($0.kind.name)] }
        case "message":
            guard let to = subject.last.flatMap({ UInt32($0) }),
                let i = sent.firstIndex(where: { $0.destination == to })
            else { return nil }
            return facts(sent.remove(at: i))
        default: return place.map { outletFacts($0.site, $0.evse) }
        }
    }

    /// The first row of a kind at any site.
    private mutating func claim<Row>(_ rows: WritableKeyPath<ScriptedSite.Claims, ContiguousArray<Row>>) -> Row? {
        for p in unclaimed.indices where !unclaimed[p][keyPath: rows].isEmpty {
            return unclaimed[p][keyPath: rows].removeFirst()
        }
        return nil
    }

    private mutating func signals(_ name: String, _ items: [String]) -> [String] {
        guard let (p, e) = outlet(name) else { return ["there is no outlet \(name)"] }
        let station = UInt16(plants[p].stationOf(e))
        let isMeant = { (signal: StationSignal) in
            Int(signal.evse) == e || signal.evse == .max && signal.station == station
        }
        let told = unclaimed[p].signals.filter { isMeant($0.signal) }.map { Self.name($0.signal.kind) }
        unclaimed[p].signals.removeAll { isMeant($0.signal) }
        return told == items ? [] : ["told was: \(told.joined(separator: ", "))"]
    }

    private static func name(_ kind: StationSignal.Kind) -> String {
        switch kind {
        case .token: "token"
        case .energyEnded(let reason): "energyEnded \(reason.name)"
        default: "\(kind)"
        }
    }

    private func unclaimedRows() -> [String] {
        var left: [String] = []
        for rows in unclaimed {
            for row in rows.sessions { left.append("a session is left: \(Self.facts(row))") }
            for row in rows.losses { left.append("a loss is left: \(Self.facts(row))") }
            for row in rows.outages { left.append("an outage is left: \(Self.facts(row))") }
            for row in rows.failedAttempts { left.append("an attempt is left: \(row.failure.name)") }
            for row in rows.alarms { left.append("an alarm is left: \(row.kind.name)") }
        }
        for message in sent { left.append("a message is left: \(facts(message))") }
        return left
    }

    // MARK: facts

    private mutating func outletFacts(_ p: Int, _ e: Int) -> [ScriptFact] {
        let powerW = plants[p].readMeter(e, now: now).powerW
        let evse = plants[p].evses[e]
        var facts: [ScriptFact] = [
            .word("\(evse.phase)"), .watts("", powerW), .figure("pilot", evse.pilotA, unit: "A"),
            .word("contactor \(evse.pilot.isContactorClosed ? "closed" : "open")"),
            .word(evse.isOperative ? "in order" : "out of order"), .word("state \(evse.pilot.state)"),
            .watts("modules", evse.stationLimitW),
        ]
        if evse.isReleased { facts.append(.word("released")) }
        if plants[p].isPaused(e), evse.phase == .charging { facts.append(.word("paused")) }
        if let driver = evse.driver { facts.append(.word("driver \(names[driver.identity] ?? "of its own")")) }
        return facts
    }

    private mutating func siteFacts(_ p: Int) -> [ScriptFact] {
        var powerW = 0.0
        for e in plants[p].evses.indices { powerW += plants[p].readMeter(e, now: now).powerW }
        var facts: [ScriptFact] = [
            .watts("", powerW), .figure("waiting", Double(plants[p].waiting.count)),
            .figure("metered", Double(plants[p].totals.meterMicroWh) / 1e6, unit: "Wh"),
            .figure("lost", Double(plants[p].totals.lostDrivers)),
        ]
        if plants[p].grid.thermal != nil {
            plants[p].advanceCharging(to: now)
            plants[p].stepTransformer(to: now)
            facts.append(.figure("hot spot", plants[p].grid.thermal?.hotSpotC ?? 0, unit: "°C"))
            facts.append(.figure("top oil", plants[p].grid.thermal?.topOilC ?? 0, unit: "°C"))
        }
        return facts
    }

    private static func facts(_ row: SessionRecord) -> [ScriptFact] {
        [
            .figure("", row.energyWh, unit: "Wh"), .at("plugged", row.plugIn), .at("started", row.chargeStart),
            .at("ended", row.chargeEnd), .at("unplugged", row.unplug), .word("end \(row.end.name)"),
            .figure("queued", row.queued.seconds, unit: "s"), .figure("attempts", Double(row.attempts)),
            .watts("peak", row.powerMaxW), .figure("stayed", (row.unplug - row.plugIn).seconds, unit: "s"),
        ]
    }

    private static func facts(_ row: LossRecord) -> [ScriptFact] {
        [
            .at("at", row.time), .word(row.reason.name), .figure("waited", row.waited.seconds, unit: "s"),
            .figure("queued", row.queued.seconds, unit: "s"), .word(row.droveOn ? "drove on" : "gave up"),
            .figure("attempts", Double(row.attempts)),
        ]
    }

    private static func facts(_ row: OutageRecord) -> [ScriptFact] {
        [
            .word(OutageRecord.causes[Int(row.cause)]), .at("start", row.start), .at("end", row.end),
            .word("\(row.effect)"), .word(row.remote ? "remote" : "on site"),
            .figure("detection", Double(row.detectionS), unit: "s"), .figure("travel", Double(row.travelS), unit: "s"),
            .figure("crew wait", Double(row.crewWaitS), unit: "s"), .figure("work", Double(row.workS), unit: "s"),
        ]
    }

    private func facts(_ sent: OutgoingMessage) -> [ScriptFact] {
        let at = ScriptFact.at("at", sent.deliverAt)
        switch sent.message {
        case .driver(let driver): return [at, .word("driver \(names[driver.identity] ?? "of its own")")]
        case .workOrder: return [at, .word("work order")]
        case .repaired(_, let dispatched, let arrived):
            return [at, .word("repaired"), .at("dispatched", dispatched), .at("arrived", arrived)]
        }
    }
}

extension ScriptFact {
    static func at(_ key: String, _ time: SimTime) -> ScriptFact { ScriptFact(key, .time(time.seconds)) }
    static func word(_ word: String) -> ScriptFact { ScriptFact("", .word(word)) }
    static func watts(_ key: String, _ watts: Double) -> ScriptFact { ScriptFact(key, .figure(watts, unit: "W")) }
    static func figure(_ key: String, _ figure: Double, unit: String = "") -> ScriptFact {
        ScriptFact(key, .figure(figure, unit: unit))
    }
}
