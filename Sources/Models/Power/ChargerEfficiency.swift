/// Measured efficiency and power factor of a class of charging stations over load.
///
/// - Source: `reference/charger_efficiency.json`, sampled from Caldera ICM (Idaho National Laboratory).
public struct ChargerClass: Sendable {
    public let id: String
    /// Rated power of the measured unit, W.
    public let nominalW: Double
    /// Output over rated output, rising, shared by both tables.
    public let loadFraction: [Double]
    /// DC out over AC in at the load fractions.
    public let efficiency: [Double]
    /// |P| over |S| at the load fractions.
    public let powerFactor: [Double]
    /// Draw of the idle station, W and var (negative: capacitive).
    public let standbyW: Double
    public let standbyVar: Double
    /// Delay from the command to the first watt, s, then the ramp, W/s.
    public let startDelayS: Double
    public let rampWPerS: Double
    /// Delay of a new set point, s.
    public let setpointDelayS: Double
}

/// The classes by rating.
public enum ChargerEfficiency {
    /// DC 50 kW, 150 kW, 500 kW, 1 MW, then AC; the index is the class number.
    public static let classes: [ChargerClass] = generatedClasses
    /// Number of the AC class.
    public static let acClass = 4

    /// Class number of a station with the given rated output.
    public static func classIndex(kind: StationKind, ratedW: Double) -> Int {
        switch kind {
        case .ac: acClass
        case .dc: ratedW < 100_000 ? 0 : ratedW < 500_000 ? 1 : ratedW < 1_000_000 ? 2 : 3
        }
    }
}
