import Models
import Sim

/// Operation `site_scenario`: DC sessions under one site limit, with the models and the rules that the file states.
///
/// Allocation at every arrival, completion, departure and control tick; the grant is held until the next allocation.
/// The transformer sees the energy mean of each interval.
enum SiteScenarioVectors {
    static func evaluate(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        var scenario = try SiteScenario(inputs)
        scenario.run()
        return scenario.results
    }
}

private struct ScenarioSession {
    let id: String
    let arrival: SimTime
    let departure: SimTime
    let targetSoC: Double
    let capacityWh: Double
    let connectorW: Double
    let weight: Double
    let startSoC: Double
    var acceptance: Acceptance
    var soc: Double
    var end: SimTime?

    init(_ inputs: VectorInputs) throws(VectorError) {
        let vehicle = try ChargeCurveVectors.vehicle(inputs)
        id = try inputs.text("id")
        arrival = .minutes(try inputs.number("arrive_min"))
        departure = inputs.has("depart_min") ? .minutes(try inputs.number("depart_min")) : .distantFuture
        targetSoC = try inputs.number("target_soc")
        capacityWh = vehicle.usableWh
        connectorW = 1000 * (try inputs.notNegative("connector_kW"))
        weight = try inputs.positive("w", or: 1)
        startSoC = try inputs.number("soc0")
        soc = startSoC
        acceptance = Acceptance(vehicle: vehicle, limitW: connectorW)
    }

    func isPresent(at now: SimTime) -> Bool { arrival <= now && end == nil }
    /// What it would take now without a site limit, W.
    var demandW: Double {
        var free = acceptance
        free.limitW = connectorW
        return free.powerW(atSoC: soc)
    }
    var energyWh: Double { (soc - startSoC) * capacityWh }
}

private struct SiteScenario {
    private var sessions: [ScenarioSession] = []
    private let limitW: Double
    private let buildingW: Double
    private let efficiency: Double
    private let tick: SimDuration
    private let horizon: SimTime
    private let powerFactor: Double
    private let ratedVA: Double?
    private let ambientC: Double
    private var share = WeightedFairShare()
    private var thermal: TransformerThermal?
    private var energyWh = 0.0
    private var peakW = 0.0

    init(_ inputs: VectorInputs) throws(VectorError) {
        limitW = 1000 * (try inputs.number("site_limit_kW"))
        buildingW = 1000 * (try inputs.number("building_kW", or: 0))
        efficiency = try inputs.positive("eff", or: 1)
        tick = .rounding(seconds: try inputs.number("tick_s"))
        horizon = .minutes(try inputs.number("horizon_min"))
        powerFactor = try inputs.positive("pf", or: 1)
        ratedVA = inputs.has("transformer_kVA") ? 1000 * (try inputs.positive("transformer_kVA")) : nil
        ambientC = try inputs.number("ambient_C", or: 20)
        guard tick >= .seconds(1), horizon <= .minutes(1e6) else {
            throw .missing("tick_s and horizon_min", "a tick from 1 s and a horizon up to 1,000,000 min")
        }
        guard buildingW >= 0 else { throw .missing("building_kW", "a number from 0") }
        for session in try inputs.objects("sessions") { sessions.append(try ScenarioSession(session)) }
        if let ratedVA {
            thermal = TransformerThermal(
                iec: .distributionONAN, loadK: buildingW / (powerFactor * ratedVA), ambientC: ambientC)
        }
    }

    mutating func run() {
        var now = SimTime.zero
        while now < horizon {
            allocate(at: now)
            let next = nextAllocation(after: now)
            advance(from: now, to: next)
            now = next
        }
    }

    /// Gives every session its share; connector power is what the site limit leaves after conversion losses.
    private mutating func allocate(at now: SimTime) {
        share.removeAll()
        var members: [Int] = []
        for i in sessions.indices where sessions[i].isPresent(at: now) {
            members.append(i)
            share.items.append(
                FairShareItem(
                    weight: sessions[i].weight, minimum: 0, maximum: sessions[i].demandW, arrival: Int64(i)))
        }
        share.allocate(capacity: max(0, limitW - buildingW) * efficiency)
        var sum = 0.0
        for (slot, i) in members.enumerated() {
            sessions[i].acceptance.limitW = share.grants[slot]
            sum += share.grants[slot]
        }
        peakW = max(peakW, sum / efficiency + buildingW)
    }

    /// The earliest of tick, arrival, completion, departure and horizon.
    private func nextAllocation(after now: SimTime) -> SimTime {
        let ticks = now.microseconds / tick.microseconds + 1
        var next = min(horizon, SimTime(microseconds: ticks * tick.microseconds))
        for session in sessions where session.end == nil {
            if session.arrival > now {
                next = min(next, session.arrival)
            } else {
                let seconds = session.acceptance.seconds(
                    fromSoC: session.soc, toSoC: session.targetSoC, capacityWh: session.capacityWh)
                // Times beyond the horizon would not fit the clock.
                if seconds < 1e9 { next = min(next, now + .roundingUp(seconds: seconds)) }
                next = min(next, session.departure)
            }
        }
        return next
    }

    private mutating func advance(from now: SimTime, to next: SimTime) {
        let duration = next - now
        var taken = 0.0
        for i in sessions.indices where sessions[i].isPresent(at: now) {
            var session = sessions[i]
            let before = session.soc
            session.soc = min(
                session.targetSoC,
                session.acceptance.soc(
                    fromSoC: before, afterSeconds: duration.seconds, capacityWh: session.capacityWh))
            taken += (session.soc - before) * session.capacityWh
            if session.soc >= session.targetSoC - 1e-12 || session.departure <= next { session.end = next }
            sessions[i] = session
        }
        let siteWh = taken / efficiency + buildingW * duration.seconds / 3600
        energyWh += siteWh
        if let ratedVA, duration > .zero {
            let meanW = siteWh * 3600 / duration.seconds
            thermal?.advance(
                seconds: duration.seconds, loadK: meanW / (powerFactor * ratedVA), ambientC: ambientC)
        }
    }

    var results: [String: VectorValue] {
        var ended: [String: VectorValue] = [:]
        var unfinished: [String: VectorValue] = [:]
        for session in sessions {
            if let end = session.end {
                ended[session.id] = .object([
                    "end_min": .number(end.seconds / 60), "soc_end": .number(session.soc),
                    "energy_kWh": .number(session.energyWh / 1000),
                ])
            } else {
                unfinished[session.id] = .object([
                    "soc": .number(session.soc), "energy_kWh": .number(session.energyWh / 1000),
                ])
            }
        }
        var results: [String: VectorValue] = [
            "sessions": .object(ended), "unfinished": .object(unfinished), "site_energy_kWh": .number(energyWh / 1000),
            "site_peak_kW": .number(peakW / 1000),
        ]
        if let thermal {
            results["top_oil_end"] = .number(thermal.topOilC)
            results["hot_spot_end"] = .number(thermal.hotSpotC)
            results["hot_spot_max"] = .number(thermal.hotSpotPeakC)
            results["aged_min"] = .number(60 * thermal.agedHours)
        }
        return results
    }
}

extension SimTime {
    fileprivate static func minutes(_ minutes: Double) -> SimTime { .zero + .rounding(seconds: 60 * minutes) }
}
