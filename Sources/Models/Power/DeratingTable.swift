/// A factor given by points over a variable: linear between points, constant beyond them.
public struct DeratingTable: Sendable {
    /// Rising positions (°C, A … as the table says).
    public let x: [Double]
    /// Factors at the positions.
    public let factor: [Double]

    public init(x: [Double], factor: [Double]) {
        precondition(x.count == factor.count && !x.isEmpty, "a derating table needs one factor for each position")
        self.x = x
        self.factor = factor
    }

    /// Factor at `position`; linear in the number of points.
    public func value(at position: Double) -> Double {
        if position <= x[0] { return factor[0] }
        for i in 1..<x.count where position <= x[i] {
            return factor[i - 1] + (factor[i] - factor[i - 1]) * (position - x[i - 1]) / (x[i] - x[i - 1])
        }
        return factor[factor.count - 1]
    }

    /// Output of a charging station over ambient temperature in °C (estimate, domain reference 3.3).
    public static let stationAmbient = DeratingTable(
        x: [-30, -25, -20, 40, 50, 55, 60], factor: [0, 0.6, 1, 1, 0.8, 0.5, 0])
}
