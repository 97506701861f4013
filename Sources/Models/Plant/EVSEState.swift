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
    private var startSoC: Double
    /// What the vehicle draws at the connector besides charging, W: the pack's heater; since when, and the energy before, Wh.
    public private(set) var auxiliaryW = 0.0
    private(set) var hasAuxiliary = false
    private var auxiliarySince: SimTime
    private var auxiliaryWh = 0.0
    private var segmentStartWh = 0.0

    public init(
        acceptance: Acceptance, stateOfCharge: Double, targetSoC: Double, capacityWh: Double, meterPerBattery: Double,
        now: SimTime
    ) {
        self.acceptance = acceptance
        self.stateOfCharge = stateOfCharge
        self.targetSoC = targetSoC
        self.capacityWh = capacityWh
        self.meterPerBattery = meterPerBattery
        startSoC = stateOfCharge
        segment = acceptance.segment(fromSoC: stateOfCharge)
        segmentStart = now
        updatedAt = now
        auxiliarySince = now
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
        startSoC = soc
        targetSoC = soc
        capacityWh = 0
        meterPerBattery = 1
        segment = ChargeSegment(soc0: soc, soc1: soc, powerW: 0, slopeWPerSoC: 0)
        segmentStart = now
        updatedAt = now
        auxiliarySince = now
    }

    /// State of charge at which the present segment's closed form stops being used.
    var segmentStop: Double { min(segment.soc1, targetSoC) }
    /// Nothing more is wanted.
    public var isDone: Bool { stateOfCharge >= targetSoC }
    /// Power at the connector's meter as of the last advance, W.
    public var meterPowerW: Double { isDone ? 0 : powerW(atSoC: stateOfCharge) }
    /// Energy through the connector's meter since the charge began, Wh.
    public var energyWh: Double {
        guard hasAuxiliary else { return chargedWh }
        return chargedWh + auxiliaryWh + auxiliaryW * (updatedAt - auxiliarySince).seconds / 3600
    }
    /// The part of it that charging took.
    var chargedWh: Double { (stateOfCharge - startSoC) * capacityWh * meterPerBattery }
    /// Energy through the meter since the present segment began, Wh.
    var segmentWh: Double { energyWh - segmentStartWh }

    /// Power at the meter at a state of charge within the present segment, W.
    func powerW(atSoC soc: Double) -> Double { segment.power(atSoC: soc) * meterPerBattery + auxiliaryW }

    /// The vehicle draws this much besides charging from now on; the past must have been advanced.
    mutating func setAuxiliary(_ watts: Double, now: SimTime) {
        guard watts != auxiliaryW else { return }
        auxiliaryWh += auxiliaryW * (now - auxiliarySince).seconds / 3600
        auxiliarySince = now
        auxiliaryW = watts
        hasAuxiliary = true
    }

    /// Ends the charge for good: whenever the process is looked at later, nothing more has flowed.
    mutating func stop(now: SimTime) {
        setAuxiliary(0, now: now)
        segment = ChargeSegment(soc0: stateOfCharge, soc1: stateOfCharge, powerW: 0, slopeWPerSoC: 0)
        segmentStart = now
        segmentStartWh = energyWh
    }

    /// Brings the state to `now`.
    public mutating func advance(to now: SimTime) {
        guard now > updatedAt else { return }
        updatedAt = now
        guard stateOfCharge < segmentStop else { return }
        let soc = segment.soc(afterSeconds: (now - segmentStart).seconds, capacityWh: capacityWh)
        stateOfCharge = min(soc, segmentStop)
    }

    /// Brings the state to the end of the segment exactly: the event finds its threshold crossed, not nearly crossed.
    public mutating func finishSegment(now: SimTime) {
        updatedAt = now
        stateOfCharge = max(segmentStop, stateOfCharge)
    }

    /// Takes the acceptance into force from `now` (the past must have been advanced) and returns the time until the
    /// new segment ends; nil when it never does (no power, or only an asymptote ahead).
    public mutating func restart(now: SimTime) -> SimDuration? {
        segment = acceptance.segment(fromSoC: stateOfCharge)
        segmentStart = now
        segmentStartWh = energyWh
        guard !isDone else { return .zero }
        let seconds = segment.seconds(toSoC: segmentStop, capacityWh: capacityWh)
        return seconds < 1e12 ? .roundingUp(seconds: seconds) : nil
    }
}

/// Energy that went through a meter, and what it took from the grid, millionths of a watt-hour: whole numbers, so that
/// sums do not depend on how often they are taken.
struct EnergyFlow: BitwiseCopyable, Sendable, Codable {
    var meterMicroWh: Int64 = 0
    var gridMicroWh: Int64 = 0

    static func += (a: inout EnergyFlow, b: EnergyFlow) {
        a.meterMicroWh += b.meterMicroWh
        a.gridMicroWh += b.gridMicroWh
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
    var chargeStart: SimTime = .zero
    var chargeEnd: SimTime = .zero
    var startSoC = 0.0
    /// What of the visit's energy is booked.
    private var booked = EnergyFlow()
    /// Where the charger has losses: grid energy of the visit, and when the present segment began, Wh.
    private var lossyGridWh = 0.0
    private var segmentGridWh = 0.0
    /// Power at the connector where the present segment began, W.
    private var segmentPowerW = 0.0
    /// Highest power at the connector that was held, W.
    var powerMaxW = 0.0
    var end: EndReason = .targetReached
    var attempts: UInt8 = 0
    /// The attempt of this visit has failed.
    var hasFailedToStart = false
    /// The next vehicle charges without a token: the station has authorized ahead.
    public internal(set) var isReleased = false
    /// The station shows that it is reserved or out of service.
    public internal(set) var isShut = false
    /// What the site and the station's modules allow at the connector, W.
    var siteLimitW = Double.infinity
    var stationLimitW = Double.infinity
    /// What the CSMS's charging profiles allow, W at the connector; stays over visits.
    var profileLimitW = Double.infinity
    /// Limit of the vehicle, EVSE and cable together, W at the connector.
    var ownLimitW = 0.0
    /// W at the connector for each ampere of the pilot: phases in use times voltage; 0 on direct current.
    var wattsPerAmp = 0.0
    /// What the pilot offers, A per phase; 0 for a pause. Means nothing on direct current.
    var pilotA = 0.0
    /// What had gone through the meter at the last sample, millionths of a Wh.
    var sampledMicroWh: Int64 = 0

    var isOperative: Bool { outages == 0 }
    /// Whether drivers try it.
    var isInviting: Bool { outages == 0 && !isShut }

    init(meter: EnergyMeter) { self.meter = meter }

    /// A vehicle with this state of charge is plugged in.
    mutating func beginVisit(soc: Double, now: SimTime) {
        phase = .plugged
        plugIn = now
        chargeStart = now
        chargeEnd = now
        startSoC = soc
        booked = EnergyFlow()
        lossyGridWh = 0
        segmentGridWh = 0
        powerMaxW = 0
        attempts = 0
        hasFailedToStart = false
        process = .idle(soc: soc, now: now)
    }

    /// Starts a new segment of the charge and returns the time until it ends.
    mutating func restart(now: SimTime) -> SimDuration? {
        segmentGridWh = lossyGridWh
        let wait = process.restart(now: now)
        segmentPowerW = process.meterPowerW
        return wait
    }

    /// Brings the charge to `now` and counts its energy.
    @inline(__always)
    mutating func advance(to now: SimTime, through conversion: StationConversion) -> EnergyFlow {
        if process.hasAuxiliary { return advanceHeated(to: now, through: conversion) }
        let soc = process.stateOfCharge
        process.advance(to: now)
        guard process.stateOfCharge > soc else { return EnergyFlow() }
        return count(process.chargedWh, through: conversion)
    }

    /// The same where the vehicle draws more than its battery takes.
    @inline(never)
    private mutating func advanceHeated(to now: SimTime, through conversion: StationConversion) -> EnergyFlow {
        process.advance(to: now)
        return count(process.energyWh, through: conversion)
    }

    /// Brings the charge to the end of its segment exactly and counts its energy.
    mutating func finishSegment(now: SimTime, through conversion: StationConversion) -> EnergyFlow {
        process.finishSegment(now: now)
        return count(process.energyWh, through: conversion)
    }

    /// Counts the energy that has gone through the meter since it was last counted, within one segment:
    /// `energyWh` for the whole charge.
    @inline(__always)
    private mutating func count(_ energyWh: Double, through conversion: StationConversion) -> EnergyFlow {
        let meter = Int64(energyWh * 1e6 + 0.5)
        guard meter > booked.meterMicroWh else { return EnergyFlow() }
        if segmentPowerW > powerMaxW { powerMaxW = segmentPowerW }
        if process.segment.slopeWPerSoC > 0 { powerMaxW = max(powerMaxW, process.powerW(atSoC: process.stateOfCharge)) }
        let meterFlow = meter - booked.meterMicroWh
        booked.meterMicroWh = meter
        self.meter.count(microWh: meterFlow)
        guard !conversion.isTransparent else { return EnergyFlow(meterMicroWh: meterFlow, gridMicroWh: meterFlow) }
        lossyGridWh =
            segmentGridWh
            + conversion.gridWh(
                outputWh: process.segmentWh, fromW: segmentPowerW, toW: process.powerW(atSoC: process.stateOfCharge),
                hours: (process.updatedAt - process.segmentStart).seconds / 3600)
        let grid = Int64(lossyGridWh * 1e6 + 0.5)
        let gridFlow = grid - booked.gridMicroWh
        booked.gridMicroWh = grid
        return EnergyFlow(meterMicroWh: meterFlow, gridMicroWh: gridFlow)
    }

    /// What the telemetry file keeps of the visit that ends now; nil for one whose charge did not begin.
    func record(evse e: Int, isLossy: Bool, unplug now: SimTime) -> SessionRecord? {
        guard let driver, !hasFailedToStart else { return nil }
        return SessionRecord(
            arrival: driver.arrival, plugIn: plugIn, chargeStart: chargeStart, chargeEnd: chargeEnd, unplug: now,
            queued: driver.queued, evse: UInt16(e), vehicle: driver.vehicle, energyWh: process.energyWh,
            gridEnergyWh: isLossy ? lossyGridWh : process.energyWh, startSoC: startSoC,
            endSoC: process.stateOfCharge, powerMaxW: powerMaxW, authorization: driver.authorization,
            end: end, attempts: driver.attempts + 1, wantedWh: driver.wantedWh)
    }
}
