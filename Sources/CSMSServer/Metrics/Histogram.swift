/// Counts of a quantity by size: buckets grow by powers of two from ``first``.
struct Histogram: Sendable {
    /// Upper end of the first bucket, in the quantity's unit.
    let first: Double
    /// Counts per bucket; the last takes everything larger.
    private(set) var counts: [UInt64]
    private(set) var count: UInt64 = 0
    private(set) var sum: Double = 0

    /// - Parameter buckets: number of buckets with an upper end; one more takes the rest.
    init(first: Double, buckets: Int) {
        self.first = first
        counts = [UInt64](repeating: 0, count: buckets + 1)
    }

    mutating func add(_ value: Double) {
        count &+= 1
        sum += value
        var end = first
        var index = 0
        while index < counts.count - 1, value > end {
            end *= 2
            index += 1
        }
        counts[index] &+= 1
    }

    mutating func merge(_ other: Histogram) {
        count &+= other.count
        sum += other.sum
        for index in counts.indices { counts[index] &+= other.counts[index] }
    }

    /// Upper ends of all buckets but the last.
    var ends: [Double] {
        var end = first
        return (0..<counts.count - 1).map { _ in
            defer { end *= 2 }
            return end
        }
    }
}
