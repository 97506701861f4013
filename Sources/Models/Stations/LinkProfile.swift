/// A station's connection to the CSMS: alternating renewal of up and down, lognormal round trips.
///
/// - Source: `reference/connectivity.json`.
public struct LinkProfile: Sendable {
    public let id: String
    /// Median round-trip time, ms, and the deviation of its logarithm.
    public let rttMedianMs: Double
    public let rttSigmaLog: Double
    /// Mean time between outages, h (exponential); infinite when the link never fails.
    public let meanUpH: Double
    /// Median outage, min, and the deviation of its logarithm.
    public let outageMedianMin: Double
    public let outageSigmaLog: Double
    /// Share of packets lost, 0 ... 1.
    public let packetLoss: Double
}

/// The link profiles by name, and `ideal`: no delay, no outage, no loss.
public enum LinkProfiles {
    public static let all: [LinkProfile] = [ideal] + generatedProfiles
    public static let ideal = LinkProfile(
        id: "ideal", rttMedianMs: 0, rttSigmaLog: 0, meanUpH: .infinity, outageMedianMin: 0, outageSigmaLog: 0,
        packetLoss: 0)
    /// The profile called `id`, `nil` when there is none.
    public static func named(_ id: String) -> LinkProfile? { all.first { $0.id == id } }
    /// No round trip takes longer, ms.
    public static let rttCapMs: Double = 10_000
}
