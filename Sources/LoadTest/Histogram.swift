/// Durations in buckets that grow by a quarter: fixed memory, quantiles within 12 %.
public struct Histogram: Sendable {
    private static let bucketCount = 112
    private var buckets = ContiguousArray<UInt64>(repeating: 0, count: bucketCount)
    public private(set) var count: UInt64 = 0
    public private(set) var maximumMicroseconds: Int64 = 0
    private var sumMicroseconds = 0.0

    public init() {}

    public mutating func add(microseconds: Int64) {
        let value = max(0, microseconds)
        buckets[Self.bucket(of: value)] += 1
        count += 1
        sumMicroseconds += Double(value)
        maximumMicroseconds = max(maximumMicroseconds, value)
    }

    public static func += (a: inout Histogram, b: Histogram) {
        for index in a.buckets.indices { a.buckets[index] += b.buckets[index] }
        a.count += b.count
        a.sumMicroseconds += b.sumMicroseconds
        a.maximumMicroseconds = max(a.maximumMicroseconds, b.maximumMicroseconds)
    }

    public var meanMicroseconds: Double { count == 0 ? 0 : sumMicroseconds / Double(count) }

    /// The duration that a share of all stays below, microseconds; the upper end of its bucket. 0 without any.
    public func quantile(_ share: Double) -> Int64 {
        guard count > 0 else { return 0 }
        let rank = max(1, UInt64((share * Double(count)).rounded(.up)))
        var seen: UInt64 = 0
        for index in buckets.indices {
            seen += buckets[index]
            if seen >= rank { return min(Self.upperBound(of: index), maximumMicroseconds) }
        }
        return maximumMicroseconds
    }

    /// Four buckets for each doubling, from 1 µs.
    private static func bucket(of value: Int64) -> Int {
        guard value >= 4 else { return Int(value) }
        let exponent = 63 - value.leadingZeroBitCount
        let quarter = Int(value >> Int64(exponent - 2)) & 3
        return min(bucketCount - 1, 4 * (exponent - 1) + quarter)
    }

    private static func upperBound(of bucket: Int) -> Int64 {
        guard bucket >= 4 else { return Int64(bucket) }
        let exponent = bucket / 4 + 1
        let quarter = Int64(bucket % 4)
        return ((5 + quarter) << Int64(exponent - 2)) - 1
    }
}
