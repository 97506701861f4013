/// A distribution known by some of its quantiles: straight lines between the points, clamped at the ends.
public struct QuantileTable: Sendable, Hashable, Codable {
    /// Cumulative probabilities, 0 ... 1, strictly rising.
    public let probabilities: [Double]
    /// The value at each probability, never falling.
    public let values: [Double]

    /// - Parameter points: (cumulative probability, value), at least one, in rising order.
    public init(points: [(probability: Double, value: Double)]) {
        precondition(!points.isEmpty, "a quantile table needs at least one point")
        for (a, b) in zip(points, points.dropFirst()) {
            precondition(a.probability < b.probability && a.value <= b.value, "quantiles must rise")
        }
        precondition(points.allSatisfy { $0.probability >= 0 && $0.probability <= 1 }, "a probability is 0 ... 1")
        probabilities = points.map(\.probability)
        values = points.map(\.value)
    }

    /// The value below which the fraction `p` lies, 0 ... 1. Linear in the number of points.
    public func value(at p: Double) -> Double {
        guard p > probabilities[0] else { return values[0] }
        for i in 1..<max(1, probabilities.count) where p <= probabilities[i] {
            let share = (p - probabilities[i - 1]) / (probabilities[i] - probabilities[i - 1])
            return values[i - 1] + (values[i] - values[i - 1]) * share
        }
        return values[values.count - 1]
    }
}

/// A choice among 0, 1, ... n - 1 with given weights.
public struct WeightTable: Sendable, Hashable, Codable {
    /// Sum of the weights up to and including each index.
    public let cumulative: [Double]

    /// - Parameter weights: at least one, each finite and >= 0, not all 0.
    public init(weights: [Double]) {
        var sum = 0.0
        cumulative = weights.map { weight in
            precondition(weight >= 0 && weight.isFinite, "a weight is a finite number of at least 0")
            sum += weight
            return sum
        }
        precondition(sum > 0, "at least one weight must be positive")
    }

    /// The index whose share of the weights holds the fraction `p` (0 ..< 1). Logarithmic in the number of weights.
    public func index(at p: Double) -> Int {
        let target = p * cumulative[cumulative.count - 1]
        var (low, high) = (0, cumulative.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if cumulative[middle] > target { high = middle } else { low = middle + 1 }
        }
        // Rounding may push the target to the total: step back over trailing weights of zero.
        while low > 0 && cumulative[low] == cumulative[low - 1] && cumulative[low] <= target { low -= 1 }
        return low
    }
}

extension RandomStream {
    /// A value drawn from a table of quantiles.
    public mutating func draw(from table: QuantileTable) -> Double { table.value(at: unit()) }

    /// An index drawn by weight.
    public mutating func draw(from table: WeightTable) -> Int { table.index(at: unit()) }
}
