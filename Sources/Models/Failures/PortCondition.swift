internal import Sim

/// How well a port works for drivers while it looks well to the CSMS.
public enum PortCondition: UInt8, CaseIterable, Sendable, Codable, BitwiseCopyable {
    case good
    /// Starts some charges and fails others.
    case flaky
    /// Online and "Available", but starts no charge.
    case dead
}

/// Persistent conditions of ports that no error code shows.
///
/// A good port turns flaky or dead at rates that grow with the age of the equipment: `rate (1 + growth min(age, ageMaxY))`.
/// It stays so until an inspection (exponential) or a driver's call finds it; then it is a fault like any other.
/// - Source: domain.md sections 5.2 and 5.3 for the targets (first-attempt success of about 85 % on new equipment and under
///   70 % in the third year); rates are engineering estimates fitted to them.
public struct PortConditionParameters: Sendable, Hashable {
    /// Onsets a year of a port that is new.
    public var flakyPerYear: Double
    public var deadPerYear: Double
    /// Growth of both rates in a year of age, as a share of the rate when new, and the age at which it ends, years.
    public var growthPerYear: Double
    public var ageMaxY: Double
    /// Chance that an attempt at a flaky port succeeds.
    public var flakySuccess: Double
    /// Mean time until an inspection finds the port, d.
    public var inspectionD: Double
    /// Chance that a driver whose attempt has failed there calls and is believed.
    public var callShare: Double
    /// Share of found ports that a remote action brings back.
    public var remoteShare: Double
    /// Median of the work on site, h.
    public var handsOnMedianH = 1.0

    public init(
        flakyPerYear: Double, deadPerYear: Double, growthPerYear: Double, ageMaxY: Double, flakySuccess: Double,
        inspectionD: Double, callShare: Double, remoteShare: Double
    ) {
        self.flakyPerYear = flakyPerYear
        self.deadPerYear = deadPerYear
        self.growthPerYear = growthPerYear
        self.ageMaxY = ageMaxY
        self.flakySuccess = flakySuccess
        self.inspectionD = inspectionD
        self.callShare = callShare
        self.remoteShare = remoteShare
    }

    public var perYear: Double { flakyPerYear + deadPerYear }

    /// The rates at an age over those of new equipment.
    public func aging(years: Double) -> Double { 1 + growthPerYear * min(max(0, years), ageMaxY) }

    /// Age at the next onset of a port that is good at the age `years`, for a unit exponential draw: the area under the
    /// rate from there is the draw.
    public func onsetAge(years: Double, draw: Double) -> Double {
        let target = Self.area(max(0, years), growthPerYear, ageMaxY) + draw / perYear
        let atMax = Self.area(ageMaxY, growthPerYear, ageMaxY)
        if target > atMax { return ageMaxY + (target - atMax) / (1 + growthPerYear * ageMaxY) }
        guard growthPerYear > 0 else { return target }
        return ((1 + 2 * growthPerYear * target).squareRoot() - 1) / growthPerYear
    }

    /// Area under the relative rate from new to an age.
    private static func area(_ years: Double, _ growth: Double, _ most: Double) -> Double {
        let young = min(years, most)
        return young + 0.5 * growth * young * young + max(0, years - most) * (1 + growth * most)
    }

    /// Long-run odds of being in a condition against being good, at an age, when inspections alone find it.
    func odds(_ condition: PortCondition, years: Double) -> Double {
        let perYear = condition == .flaky ? flakyPerYear : condition == .dead ? deadPerYear : 0
        return perYear * aging(years: years) * inspectionD / 365
    }
}

/// The hidden condition of one port.
struct PortState: BitwiseCopyable, Sendable, Codable {
    var condition = PortCondition.good
    var since: SimTime = .zero
    /// Disowns events of an earlier condition.
    var generation: UInt16 = 0
    /// Slot of the outage while it is being repaired, `UInt32.max` before it is found.
    var outage = UInt32.max
    var stream: RandomStream
}
