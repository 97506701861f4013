import Sim
import TestSupport

@testable import Models

// What a script can make happen.
//
//   charges 20 kWh at 11 kW on a1 until 12:30    a vehicle with exactly this charge and this plan; nobody's delays
//   parks Ann for 3 h with 10 kWh, patience 15 min, hops 0, in leaf
//   drives up Bob for 20 kWh, patience 15 min, hops 0, in id4        for direct current
//   authorize a1 · refuse a1 · withdraw a1 · stop a1
//   limit a1 to 4.2 kW · unlimit a1
//   incident a1 ground_fault                     one of the alarms of IncidentParameters
//   outage connector_cable at a1                 a component of the table fails
//   grid fails · grid returns
//   work order from 7 ready 08:30 hands on 2 h   to the dispatcher, which is at the first site
extension PlantScript {
    mutating func perform(_ line: ScriptLine) {
        let done =
            switch line.words.first {
            case "charges": charges(line)
            case "parks", "drives": arrives(line)
            case "authorize", "refuse", "withdraw", "stop", "limit", "unlimit", "incident": order(line)
            case "outage": fails(line)
            case "grid": grid(line)
            case "work": workOrder(line)
            default: false
            }
        if !done { place.fail(line, "is not understood") }
    }

    private mutating func charges(_ line: ScriptLine) -> Bool {
        guard let wanted = line.words.dropFirst().first, let energy = ScriptFigure(wanted, unit: "kWh"),
            let powerW = line.figure(after: "at"), let name = line.after("on").first, let (p, e) = outlet(name),
            let until = line.time(after: "until")
        else { return false }
        plants[p].parameters.replay.append(
            ReplayedSession(
                arrival: now, departure: .zero + .rounding(seconds: until), evse: UInt16(e), energyWh: energy.value,
                batteryWh: 2 * energy.value, initialWh: energy.value, maxPowerW: powerW, isIdeal: true))
        plants[p].handle(.replayedArrival, now: now)
        return true
    }

    private mutating func arrives(_ line: ScriptLine) -> Bool {
        let parks = line.begins(with: "parks")
        guard let name = parks ? line.after("parks").first : line.after("up").first,
            let energyWh = line.figure(after: parks ? "with" : "for")
        else { return false }
        var driver = driver(
            name, parks ? .parked : .direct, vehicle: line.after("in").first ?? "id4", wantedWh: energyWh)
        driver.stayS = parks ? line.figure(after: "for") ?? 0 : 60
        driver.patienceS = line.figure(after: "patience") ?? 0
        driver.hops = line.after("hops").first.flatMap { UInt8($0) } ?? 0
        plants[0].accept(.driver(driver), at: now)
        run(oneInstant: 0)
        return true
    }

    private mutating func order(_ line: ScriptLine) -> Bool {
        guard line.words.count >= 2, let (p, e) = outlet(line.words[1]) else { return false }
        switch line.words[0] {
        case "authorize": plants[p].authorize(e, accepted: true, now: now)
        case "refuse": plants[p].authorize(e, accepted: false, now: now)
        case "withdraw": plants[p].withdrawAuthorization(e)
        case "stop": plants[p].stopCharging(e, now: now)
        case "unlimit": plants[p].limit(e, watts: .infinity, now: now)
        case "limit":
            guard let watts = line.figure(after: "to") else { return false }
            plants[p].limit(e, watts: watts, now: now)
        default:
            guard let incidents = line.words.dropFirst(2).first.flatMap({ Self.incident($0) }) else { return false }
            let before = plants[p].parameters.incidents
            plants[p].parameters.incidents = incidents
            plants[p].handle(.incident(evse: UInt16(e), generation: plants[p].evses[e].generation), now: now)
            plants[p].parameters.incidents = before
        }
        return true
    }

    /// Nothing but this goes wrong.
    private static func incident(_ name: String) -> IncidentParameters? {
        let none = IncidentParameters(
            cablePulled: 0, supplyLost: 0, vehicleSilent: 0, emergencyStop: 0, groundFault: 0, startFailure: 0,
            blockedBay: 0)
        var only = none
        switch name {
        case "cable_pulled": only.cablePulled = 1
        case "supply_lost": only.supplyLost = 1
        case "vehicle_silent": only.vehicleSilent = 1
        case "emergency_stop": only.emergencyStop = 1
        case "ground_fault": only.groundFault = 1
        default: return nil
        }
        return only
    }

    private mutating func fails(_ line: ScriptLine) -> Bool {
        guard line.words.count >= 2, let name = line.after("at").first, let (p, e) = outlet(name),
            let component = ReliabilityTable.components.firstIndex(where: { $0.name == line.words[1] })
        else { return false }
        let clocks = plants[p].failures.clocks
        guard
            let clock = clocks.firstIndex(where: {
                Int($0.component) == component && Int($0.station) == plants[p].stationOf(e)
                    && ($0.evse == .max || Int($0.evse) == e)
            })
        else { return false }
        plants[p].handle(
            .componentFailure(clock: UInt32(clock), generation: clocks[clock].generation), now: now)
        return true
    }

    private mutating func grid(_ line: ScriptLine) -> Bool {
        if line.begins(with: "grid fails") { plants[0].handle(.supplyLost, now: now) }
        if line.begins(with: "grid returns") { plants[0].handle(.supplyRestored, now: now) }
        return line.words.last == "fails" || line.words.last == "returns"
    }

    private mutating func workOrder(_ line: ScriptLine) -> Bool {
        guard let site = line.after("from").first.flatMap({ UInt32($0) }), let ready = line.time(after: "ready"),
            let handsOn = line.figure(after: "on")
        else { return false }
        let position = plants[0].parameters.position
        let order = WorkOrder(
            site: site, outage: 0, readyAt: .zero + .rounding(seconds: ready),
            handsOn: .rounding(seconds: handsOn), latitude: Float(position.latitude),
            longitude: Float(position.longitude))
        plants[0].accept(.workOrder(order), at: now)
        run(oneInstant: 0)
        return true
    }

    /// Runs what is due at this very instant.
    private mutating func run(oneInstant p: Int) {
        while let (now, event) = plants[p].queue.pop(before: now + SimDuration(microseconds: 1)) {
            plants[p].sample(upTo: now)
            plants[p].handle(event, now: now)
        }
    }
}
