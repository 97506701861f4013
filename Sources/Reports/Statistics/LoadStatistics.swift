/// What a planner asks of a load given as interval means.
struct LoadStatistics: Sendable {
    /// Greatest interval mean, W, and the number of its first interval.
    let peakW: Double
    let peakIndex: Int
    let meanW: Double
    /// Energy over all intervals that were modelled, Wh.
    let energyWh: Double
    /// Hyndman-Fan 7 percentiles of the interval means, W.
    let p50W: Double
    let p95W: Double
    let p99W: Double

    /// Mean over peak, 0 ... 1.
    var loadFactor: Double { peakW > 0 ? meanW / peakW : .nan }

    /// - Parameters:
    ///   - loadW: interval means, W; NaN where nothing was modelled.
    ///   - intervalH: length of an interval, h.
    /// - Returns: nil when no interval was modelled.
    init?(loadW: [Double], intervalH: Double) {
        let sorted = loadW.filter { !$0.isNaN }.sorted()
        guard let peak = sorted.last else { return nil }
        peakW = peak
        peakIndex = loadW.firstIndex(of: peak) ?? 0
        let sum = loadW.reduce(0) { $1.isNaN ? $0 : $0 + $1 }
        meanW = sum / Double(sorted.count)
        energyWh = sum * intervalH
        p50W = Quantile.ofSorted(sorted, 0.50)
        p95W = Quantile.ofSorted(sorted, 0.95)
        p99W = Quantile.ofSorted(sorted, 0.99)
    }
}

/// Time and energy above a rating.
struct Overload: Sendable {
    let hours: Double
    /// Energy above the rating, Wh.
    let energyWh: Double
    /// Longest unbroken run above the rating, h.
    let longestRunH: Double

    /// - Parameters: interval means in W, the rating in W, the interval in h; an interval at the rating is not above it.
    init(loadW: [Double], ratingW: Double, intervalH: Double) {
        var over = 0
        var run = 0
        var longest = 0
        var excess = 0.0
        for load in loadW {
            guard load > ratingW else {
                run = 0
                continue
            }
            over += 1
            run += 1
            longest = max(longest, run)
            excess += load - ratingW
        }
        hours = Double(over) * intervalH
        energyWh = excess * intervalH
        longestRunH = Double(longest) * intervalH
    }
}

/// Interval means from the greatest down: the load that is exceeded or met for a share of the time.
struct DurationCurve: Sendable {
    /// W, descending; intervals that were not modelled are left out.
    let descendingW: [Double]

    init(loadW: [Double]) { descendingW = loadW.filter { !$0.isNaN }.sorted(by: >) }

    /// The load reached for `percent` of the time, W; 0 is the peak. NaN when there is no data.
    func valueW(atPercent percent: Double) -> Double {
        guard !descendingW.isEmpty else { return .nan }
        return descendingW[min(descendingW.count - 1, Int(percent / 100 * Double(descendingW.count)))]
    }

    /// Where a chart samples the curve, % of time: dense in the first per cent, where the curve is steep.
    static let chartPercents: [Double] =
        (0..<10).map { Double($0) / 10 } + (2..<20).map { Double($0) / 2 } + (10...100).map { Double($0) }
    /// Where tables quote the curve, % of time.
    static let tablePercents: [Double] = [0, 1, 5, 10, 25, 50, 75, 99]
}
