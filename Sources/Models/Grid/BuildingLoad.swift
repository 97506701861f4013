public import Sim

/// Load of the building behind a site's connection: hourly shape, and noise that fades over hours.
///
/// Noise is a first-order autoregression at 15 min (correlation 0.8, deviation 5 % of the hour's mean), from a stream
/// of its own; the next quarter of an hour is drawn by ``step()``.
/// - Source: shapes as ``BuildingShape``; noise from domain reference 14 (estimate).
public struct BuildingNoise: BitwiseCopyable, Sendable, Codable {
    public static let correlation = 0.8
    public static let deviation = 0.05
    /// Length of a step.
    public static let interval = SimDuration.minutes(15)

    private var stream: RandomStream
    /// Present deviation from the hour's mean, in deviations.
    public private(set) var value = 0.0

    public init(stream: RandomStream) { self.stream = stream }

    /// Factor on the hour's mean, never below 0.
    public var factor: Double { max(0, 1 + Self.deviation * value) }

    /// Draws the next quarter of an hour.
    public mutating func step() {
        value = Self.correlation * value + (1 - Self.correlation * Self.correlation).squareRoot() * stream.normal()
    }
}
