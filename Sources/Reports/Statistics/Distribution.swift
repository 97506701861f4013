/// What millions of non-negative values look like, in bounded memory.
///
/// Up to ``exactLimit`` values are kept (as `Float`) and quantiles are exact; beyond that they fall into buckets of
/// 0.1 % relative width, so that a quantile is off by 0.05 % at most. Count, sum and greatest value are always exact.
/// Values that are not finite are left out, negative ones count as zero.
struct Distribution: Sendable {
    /// Values kept one by one before buckets take over: 8 MB.
    static let exactLimit = 1 << 21
    /// Low mantissa bits of a `Float` that a bucket ignores: 10 of 23 bits remain.
    private static let droppedBits: UInt32 = 13
    private static let bucketCount = 1 << 18

    private(set) var count = 0
    private(set) var sum = 0.0
    private(set) var greatest = 0.0
    private let limit: Int
    private var values: [Float] = []
    private var buckets: [UInt32] = []

    /// - Parameter exactLimit: values kept one by one; smaller only to test the buckets.
    init(exactLimit: Int = Distribution.exactLimit) { limit = exactLimit }

    var mean: Double { count == 0 ? .nan : sum / Double(count) }
    /// Whether quantiles are exact.
    var isExact: Bool { buckets.isEmpty }

    mutating func add(_ value: Double) {
        guard value.isFinite else { return }
        let positive = max(0, value)
        count += 1
        sum += positive
        greatest = max(greatest, positive)
        if isExact && values.count < limit {
            values.append(Float(positive))
        } else {
            if isExact { spill() }
            buckets[Self.bucket(of: Float(positive))] += 1
        }
    }

    /// Hyndman-Fan 7 quantiles, one for each of `p`; NaN when nothing was added.
    func quantiles(_ p: [Double]) -> [Double] {
        if isExact {
            let sorted = values.sorted()
            return p.map { quantile($0) { Double(sorted[$0]) } }
        }
        let cumulative = cumulativeCounts()
        return p.map { quantile($0) { rank in value(ofRank: rank, in: cumulative) } }
    }

    /// Values in each of the ranges `edges[i] ..< edges[i + 1]`; the last range has no upper end.
    func counts(edges: [Double]) -> [Int] {
        var result = [Int](repeating: 0, count: edges.count)
        func put(_ value: Double, _ n: Int) {
            guard let bin = edges.lastIndex(where: { $0 <= value }) else { return }
            result[bin] += n
        }
        for value in values { put(Double(value), 1) }
        for (index, n) in buckets.enumerated() where n > 0 { put(Self.middle(ofBucket: index), Int(n)) }
        return result
    }

    private func quantile(_ p: Double, _ valueOfRank: (Int) -> Double) -> Double {
        guard count > 0 else { return .nan }
        let position = min(1, max(0, p)) * Double(count - 1)
        let below = Int(position)
        let low = valueOfRank(below)
        if below + 1 >= count { return low }
        return low + (position - Double(below)) * (valueOfRank(below + 1) - low)
    }

    private mutating func spill() {
        buckets = [UInt32](repeating: 0, count: Self.bucketCount)
        for value in values { buckets[Self.bucket(of: value)] += 1 }
        values = []
    }

    private func cumulativeCounts() -> [Int] {
        var total = 0
        return buckets.map { n in
            total += Int(n)
            return total
        }
    }

    private func value(ofRank rank: Int, in cumulative: [Int]) -> Double {
        var low = 0
        var high = cumulative.count - 1
        while low < high {
            let middle = (low + high) / 2
            if cumulative[middle] > rank { high = middle } else { low = middle + 1 }
        }
        return min(greatest, Self.middle(ofBucket: low))
    }

    private static func bucket(of value: Float) -> Int { Int(value.bitPattern >> droppedBits) }

    private static func middle(ofBucket index: Int) -> Double {
        if index == 0 { return 0 }
        return Double(Float(bitPattern: (UInt32(index) << droppedBits) + (1 << (droppedBits - 1))))
    }
}
