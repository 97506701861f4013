/// Percentiles by linear interpolation between order statistics (Hyndman-Fan type 7).
///
/// - Source: Hyndman, Fan, "Sample Quantiles in Statistical Packages", The American Statistician 50(4), 1996.
enum Quantile {
    /// The `p`-quantile of values in ascending order; NaN when there are none.
    /// - Parameter p: 0 ... 1; beyond the ends the end value is given.
    static func ofSorted(_ values: [Double], _ p: Double) -> Double {
        guard let first = values.first, let last = values.last else { return .nan }
        let position = p * Double(values.count - 1)
        if position <= 0 { return first }
        let below = Int(position)
        if below >= values.count - 1 { return last }
        return values[below] + (position - Double(below)) * (values[below + 1] - values[below])
    }

    /// Quantiles of unsorted values, NaN left out; one result for each of `p`.
    static func of(_ values: [Double], _ p: [Double]) -> [Double] {
        let sorted = values.filter { !$0.isNaN }.sorted()
        return p.map { ofSorted(sorted, $0) }
    }
}
