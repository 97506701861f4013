public import Sim

/// Energy flowing into one vehicle, exact between events.
///
/// Power at the battery is piecewise linear in the state of charge (``Acceptance``), so a segment has a closed form;
/// ``advance(to:)`` evaluates it from the segment's start, and results do not depend on how often it is called.
public struct ChargeProcess: BitwiseCopyable, Sendable, Codable {
    public var acceptance: Acceptance
    public var segment: ChargeSegment
    public var segmentStart: SimTime
    /// State of charge as of `updatedAt`, 0 ... 1.
    public private(set) var stateOfCharge: Double
    public private(set) var updatedAt: SimTime
    public var capacityWh: Double
    public var targetSoC: Double
    /// Wh at the connector's meter per Wh into the battery (1 / one-way efficiency).
    public var meterPerBattery: Double

    public init(
        acceptance: Acceptance, stateOfCharge: Double, targetSoC: Double, capacityWh: Double, meterPerBattery: Double,
        now: SimTime
    ) {
        self.acceptance = acceptance
        self.stateOfCharge = stateOfCharge
        self.targetSoC = targetSoC
        self.capacityWh = capacityWh
        self.meterPerBattery = meterPerBattery
        segment = acceptance.segment(fromSoC: stateOfCharge)
        segmentStart = now
        updatedAt = now
    }

    /// Nothing charges, and nothing is wanted.
    static let none = idle(soc: 0, now: .zero)

    /// A battery that rests.
    static func idle(soc: Double, now: SimTime) -> ChargeProcess {
        ChargeProcess(resting: soc, now: now)
    }

    private init(resting soc: Double, now: SimTime) {
        acceptance = Acceptance(curve: ChargeCurves.flat, limitW: 0)
        stateOfCharge = soc
        targetSoC = soc
        capacityWh = 0
        meterPerBattery = 1
        segment = ChargeSegment(soc0: soc, soc1: soc, powerW: 0, slopeWPerSoC: 0)
        segmentStart = now
        updatedAt = now
    }

    /// State of charge at which the present segment's closed form stops being used.
    var segmentStop: Double { min(segment.soc1, targetSoC) }
    /// Nothing more is wanted.
    public var isDone: Bool { stateOfCharge >= targetSoC }
    /// Power at the connector's meter as of the last advance, W.
    public var meterPowerW: Double { isDone ? 0 : segment.power(atSoC: stateOfCharge) * meterPerBattery }

    /// Brings the state to `now` and returns the energy through the meter since the last call, Wh.
    public mutating func advance(to now: SimTime) -> Double {
        guard now > updatedAt else { return 0 }
        updatedAt = now
        guard stateOfCharge < segmentStop else { return 0 }
        let soc = segment.soc(afterSeconds: (now - segmentStart).seconds, capacityWh: capacityWh)
        return move(to: min(soc, segmentStop))
    }

    /// Brings the state to the end of the segment exactly: the event finds its threshold crossed, not nearly crossed.
    public mutating func finishSegment(now: SimTime) -> Double {
        updatedAt = now
        return move(to: max(segmentStop, stateOfCharge))
    }

    private mutating func move(to soc: Double) -> Double {
        let wattHours = (soc - stateOfCharge) * capacityWh * meterPerBattery
        stateOfCharge = soc
        return wattHours
    }

    /// Takes the acceptance into force from `now` (the past must have been advanced) and returns the time until the
    /// new segment ends; nil when it never does (no power, or only an asymptote ahead).
    public mutating func restart(now: SimTime) -> SimDuration? {
        segment = acceptance.segment(fromSoC: stateOfCharge)
        segmentStart = now
        guard !isDone else { return .zero }
        let seconds = segment.seconds(toSoC: segmentStop, capacityWh: capacityWh)
        return seconds < 1e12 ? .roundingUp(seconds: seconds) : nil
    }
}

/// Energy that went through a meter, and what it took from the grid, Wh.
struct EnergyFlow: BitwiseCopyable {
    var meterWh = 0.0
    var gridWh = 0.0

    static func += (a: inout EnergyFlow, b: EnergyFlow) {
        a.meterWh += b.meterWh
        a.gridWh += b.gridWh
    }
}

/// Where a visit stands at one EVSE.
public enum EVSEPhase: UInt8, BitwiseCopyable, Sendable, Codable {
    /// Nobody here.
    case free
    /// A driver is parking; goes to `.plugged`.
    case parking
    /// Cable in, not yet authorised; goes to `.starting` or `.finished`.
    case plugged
    /// Authorised, start sequence running; goes to `.charging` or `.finished`.
    case starting
    /// Current may flow; goes to `.finished`.
    case charging
    /// No more energy, the vehicle still blocks the EVSE; goes to `.leaving`.
    case finished
    /// Cable out, the vehicle drives off; goes to `.free`.
    case leaving
}

/// One EVSE: its visit, its control pilot, its meter and the process that fills the battery.
public struct EVSEState: BitwiseCopyable, Sendable, Codable {
    public internal(set) var phase: EVSEPhase = .free
    /// Outages that keep this EVSE from working, its own and its station's.
    public internal(set) var outages: UInt16 = 0
    /// Disowns events of earlier visits and earlier offers.
    var generation: UInt16 = 0
    var offer: UInt16 = 0
    public internal(set) var pilot = ControlPilot()
    public internal(set) var meter: EnergyMeter
    /// The charge of the visit, or of the last one.
    public internal(set) var process = ChargeProcess.none
    /// The pack of a vehicle on direct current, the heat held in it since `packAt`.
    var pack: PackThermal?
    var packHeatW: Double?
    var packAt: SimTime = .zero
    var driver: Driver?
    var plugIn: SimTime = .zero
    var chargeEnd: SimTime = .zero
    var startSoC = 0.0
    var sessionWh = 0.0
    var sessionGridWh = 0.0
    var powerMaxW = 0.0
    var end: EndReason = .targetReached
    var attempts: UInt8 = 0
    /// What the site and the station's modules allow at the connector, W.
    var siteLimitW = Double.infinity
    var stationLimitW = Double.infinity
    /// What the CSMS's charging profiles allow, W at the connector; stays over visits.
    var profileLimitW = Double.infinity
    /// Limit of the vehicle, EVSE and cable together, W at the connector.
    var ownLimitW = 0.0
    /// Meter energy since the last sample, Wh.
    var intervalWh = 0.0

    var isOperative: Bool { outages == 0 }

    init(meter: EnergyMeter) { self.meter = meter }

    /// A vehicle with this state of charge is plugged in.
    mutating func beginVisit(soc: Double, now: SimTime) {
        phase = .plugged
        plugIn = now
        chargeEnd = now
        startSoC = soc
        sessionWh = 0
        sessionGridWh = 0
        powerMaxW = 0
        process = .idle(soc: soc, now: now)
    }

    /// Starts a new segment of the charge, notes its power, and returns the time until it ends.
    mutating func restart(now: SimTime) -> SimDuration? {
        let wait = process.restart(now: now)
        if wait != nil { powerMaxW = max(powerMaxW, process.meterPowerW) }
        return wait
    }

    /// Brings the charge to `now` and counts its energy.
    mutating func advance(to now: SimTime, as evse: EVSEParameters) -> EnergyFlow {
        let since = process.updatedAt
        return count(process.advance(to: now), over: now - since, as: evse)
    }

    /// Brings the charge to the end of its segment exactly and counts its energy.
    mutating func finishSegment(now: SimTime, as evse: EVSEParameters) -> EnergyFlow {
        let since = process.updatedAt
        return count(process.finishSegment(now: now), over: now - since, as: evse)
    }

    /// Counts energy that went through the meter during `span`.
    private mutating func count(_ wattHours: Double, over span: SimDuration, as evse: EVSEParameters) -> EnergyFlow {
        guard wattHours > 0 else { return EnergyFlow() }
        var gridWh = wattHours
        if !evse.conversion.isIdeal {
            let hours = span > .zero ? span.seconds / 3600 : wattHours / evse.ratedW
            gridWh = (evse.conversion.inputW(outputW: wattHours / hours) - evse.conversion.standbyW) * hours
        }
        meter.count(Energy(wattHours: wattHours))
        sessionWh += wattHours
        sessionGridWh += gridWh
        intervalWh += wattHours
        return EnergyFlow(meterWh: wattHours, gridWh: gridWh)
    }

    /// What the telemetry file keeps of the visit that ends now; nil for one that never got to authorise.
    func record(evse e: Int, unplug now: SimTime) -> SessionRecord? {
        guard let driver, end != .authorizationFailed else { return nil }
        return SessionRecord(
            arrival: driver.arrival, plugIn: plugIn, chargeEnd: chargeEnd, unplug: now, evse: UInt16(e),
            vehicle: driver.vehicle, energyWh: sessionWh, gridEnergyWh: sessionGridWh, startSoC: startSoC,
            endSoC: process.stateOfCharge, powerMaxW: powerMaxW, authorization: driver.authorization,
            end: end, wantedWh: driver.wantedWh)
    }
}
