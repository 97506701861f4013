public import OCPP

/// The limits that follow from all charging profiles together, over a stretch of time.
///
/// The first period starts at 0, neighbours differ, and the last one ends with ``duration``.
/// - Source: OCPP 2.0.1 part 2, use case K08 and CompositeScheduleType.
public struct CompositeSchedule: Hashable, Sendable {
    /// A stretch of constant limits.
    public struct Period: Hashable, Sendable, BitwiseCopyable {
        /// Microseconds from the start of the schedule.
        public var start: Int64
        /// What is allowed from there on.
        public var rate: ChargingRate
    }

    public let start: Timestamp
    /// Microseconds covered. Less than was asked for where the number of periods or of boundaries ran out.
    public internal(set) var duration: Int64
    public let unit: RateUnit
    public private(set) var periods: [Period] = []

    init(start: Timestamp, duration: Int64, unit: RateUnit) {
        self.start = start
        self.duration = duration
        self.unit = unit
    }

    /// Adds a rate from `offset` on, unless it is the one in force.
    mutating func append(_ rate: ChargingRate, at offset: Int64) {
        if periods.last?.rate == rate { return }
        periods.append(Period(start: offset, rate: rate))
    }
}

/// What an EVSE, or the whole station, may do at an instant.
public struct ChargingRate: Hashable, Sendable, BitwiseCopyable {
    /// Most that may be drawn, from 0; A per phase or W in total.
    public var limit: Double
    /// Most that may be fed back, 0 or below; `nil` when no profile speaks of it.
    public var dischargeLimit: Double?
    /// Rate to be followed, within the limits; `nil` when none is set.
    public var setpoint: Double?
    /// Phases that may be used; `nil` for DC.
    public var phases: Int?
    /// The phase a single-phase charge must use; `nil` when the station chooses.
    public var phaseToUse: Int?
}
