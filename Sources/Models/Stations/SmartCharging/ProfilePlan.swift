public import OCPP

/// A charging profile in the form that schedules are computed from: no texts, times in microseconds.
///
/// Periods start at 0 or later, in strictly rising order; an invalid profile cannot be made. Whatever a peer writes
/// into durations and start times is cut to ten thousand years, so that sums of instants cannot overflow.
/// - Source: OCPP 2.0.1 part 2, ChargingProfileType and section K.3; OCPP 2.1, use case K28 (dynamic profiles).
public struct ProfilePlan: Hashable, Sendable, Codable {
    /// What a profile limits; the order is that of the standard's enumeration.
    public enum Purpose: UInt8, Hashable, Sendable, BitwiseCopyable, Codable, CaseIterable {
        case stationExternalConstraints
        case stationMax
        case txDefault
        case tx
        /// 2.1: takes the place of TxProfile and TxDefaultProfile while priority charging is active.
        case priority
        /// 2.1: its rate is added to what the other purposes allow.
        case localGeneration
    }

    /// When the schedule starts, and whether it starts again.
    public enum Kind: Hashable, Sendable, BitwiseCopyable, Codable {
        /// At `start`; without one, when charging starts.
        case absolute
        /// At `start` and every 24 hours or 7 days of elapsed time after it.
        case daily
        case weekly
        /// When charging starts.
        case relative
        /// 2.1: at the last update.
        case dynamic

        /// Microseconds between two starts; `nil` for a schedule that starts once.
        var recurrence: Int64? {
            switch self {
            case .daily: 86_400_000_000
            case .weekly: 604_800_000_000
            case .absolute, .relative, .dynamic: nil
            }
        }
    }

    /// A stretch of constant limits.
    public struct Period: Hashable, Sendable, Codable {
        /// Microseconds from the start of the schedule, from 0.
        public var start: Int64
        /// Most that may be drawn, in the schedule's unit; `nil` where the operation mode needs none.
        public var limit: Double?
        /// Most that may be fed back, in the schedule's unit, 0 or below; `nil` for no discharge rule.
        public var dischargeLimit: Double?
        /// Rate to be followed, negative to discharge.
        public var setpoint: Double?
        /// 1 ... 3, or `nil` when the profile is silent.
        public var numberPhases: Int?
        /// 1 ... 3 for a single phase, or `nil` when the station chooses.
        public var phaseToUse: Int?
        /// 2.1: rates that follow the grid operator's signal instead of ``setpoint``.
        public var response: SignalResponse?

        public init(
            start: Int64, limit: Double?, dischargeLimit: Double? = nil, setpoint: Double? = nil,
            numberPhases: Int? = nil, phaseToUse: Int? = nil, response: SignalResponse? = nil
        ) {
            self.start = start
            self.limit = limit
            self.dischargeLimit = dischargeLimit
            self.setpoint = setpoint
            self.numberPhases = numberPhases
            self.phaseToUse = phaseToUse
            self.response = response
        }
    }

    /// A rate that applies from a state of charge on, instead of a higher limit. OCPP 2.1.
    public struct LimitAtStateOfCharge: Hashable, Sendable, BitwiseCopyable, Codable {
        /// 0 ... 1.
        public var stateOfCharge: Double
        /// In the schedule's unit.
        public var limit: Double

        public init(stateOfCharge: Double, limit: Double) {
            self.stateOfCharge = stateOfCharge
            self.limit = limit
        }
    }

    public var purpose: Purpose
    /// Higher levels lead.
    public var stackLevel: Int
    public var kind: Kind
    /// First instant of validity; `nil` from ever.
    public var validFrom: Timestamp?
    /// First instant after validity; `nil` for ever.
    public var validTo: Timestamp?
    /// Start of an absolute or recurring schedule, or last update of a dynamic one; `nil` when charging starts.
    public var start: Timestamp?
    /// Length of the schedule, microseconds; `nil` when the last period goes on.
    public let duration: Int64?
    public var unit: RateUnit
    /// Least rate that is of use to the vehicle, in the schedule's unit.
    public var minChargingRate: Double
    public var limitAtStateOfCharge: LimitAtStateOfCharge?
    /// TxProfile: the transaction it belongs to; `nil` (1.6) for whichever runs at its EVSE.
    public var transactionID: String?
    /// In rising order of start; never empty.
    public let periods: [Period]

    /// `nil` when there is no period, a start is negative or not after the one before, a number is not finite, the
    /// duration is negative, or a recurring schedule has no start.
    public init?(
        purpose: Purpose, stackLevel: Int, kind: Kind, validFrom: Timestamp? = nil, validTo: Timestamp? = nil,
        start: Timestamp? = nil, duration: Int64? = nil, unit: RateUnit, minChargingRate: Double = 0,
        limitAtStateOfCharge: LimitAtStateOfCharge? = nil, transactionID: String? = nil, periods: [Period]
    ) {
        guard !periods.isEmpty, duration ?? 0 >= 0, kind.recurrence == nil || start != nil else { return nil }
        var last: Int64 = -1
        for period in periods {
            guard period.start > last, period.hasFiniteNumbers else { return nil }
            last = period.start
        }
        guard last <= Self.longest, minChargingRate.isFinite else { return nil }
        self.purpose = purpose
        self.stackLevel = stackLevel
        self.kind = kind
        self.validFrom = validFrom.map(Self.cut)
        self.validTo = validTo.map(Self.cut)
        self.start = start.map(Self.cut)
        self.duration = duration.map { min($0, Self.longest) }
        self.unit = unit
        self.minChargingRate = minChargingRate
        self.limitAtStateOfCharge = limitAtStateOfCharge
        self.transactionID = transactionID
        self.periods = periods
    }

    /// Ten thousand years in microseconds: more than any instant on the wire can be away from another.
    static let longest: Int64 = 315_576_000_000_000_000

    /// Whole seconds of the wire in microseconds, from -10,000 to 10,000 years.
    public static func microseconds(seconds: Int) -> Int64 {
        let most = Int(longest / 1_000_000)
        return Int64(min(max(seconds, -most), most)) * 1_000_000
    }

    private static func cut(_ instant: Timestamp) -> Timestamp {
        Timestamp(microseconds: min(max(instant.microseconds, -longest), longest))
    }
}

extension ProfilePlan.Period {
    fileprivate var hasFiniteNumbers: Bool {
        (limit?.isFinite ?? true) && (dischargeLimit?.isFinite ?? true) && (setpoint?.isFinite ?? true)
    }
}
