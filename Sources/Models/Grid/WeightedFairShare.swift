/// One claim on a shared capacity; the unit (W, A) is the caller's, the same for all.
@frozen
public struct FairShareItem: BitwiseCopyable, Sendable {
    /// Share relative to others, above 0.
    public var weight: Double
    /// Least that is of use, and most that can be taken now.
    public var minimum: Double
    public var maximum: Double
    /// Order of arrival: decides who is admitted when minima do not fit.
    public var arrival: Int64

    @inlinable public init(weight: Double, minimum: Double, maximum: Double, arrival: Int64) {
        self.weight = weight
        self.minimum = minimum
        self.maximum = maximum
        self.arrival = arrival
    }
}

/// Weighted max-min sharing of one capacity: `grant = clamp(level * weight, minimum, maximum)`, grants add up to it.
///
/// When the minima do not fit, items are admitted by weight, then arrival, then index, while the sum of minima fits;
/// the rest get 0. Buffers are kept, so that a steady state allocates nothing.
/// - Source: domain reference 9.1 (water-filling, KKT conditions).
public struct WeightedFairShare: Sendable {
    /// The claims; fill before ``allocate(capacity:)``.
    public var items: ContiguousArray<FairShareItem> = []
    /// What each item gets, same order; 0 for a paused item with a minimum.
    public internal(set) var grants: ContiguousArray<Double> = []
    /// Items that take part in the present allocation.
    public private(set) var isAdmitted: ContiguousArray<Bool> = []
    private var order: ContiguousArray<SortKey> = []

    public init() {}

    /// Drops all items, keeps the memory.
    public mutating func removeAll() { items.removeAll(keepingCapacity: true) }

    /// Shares `capacity` among the items; results stand in ``grants``. Returns the level (grant per weight), `nil`
    /// when everybody gets the maximum or nobody anything.
    @discardableResult
    public mutating func allocate(capacity: Double) -> Double? {
        precondition(!capacity.isNaN, "capacity must be a number")
        prepare()
        admit(capacity: capacity)
        var wish = 0.0
        var anybody = false
        for i in items.indices where isAdmitted[i] {
            wish += items[i].maximum
            anybody = true
        }
        guard anybody else { return nil }
        if wish <= capacity {
            for i in items.indices where isAdmitted[i] { grants[i] = items[i].maximum }
            return nil
        }
        let level = fillLevel(capacity: capacity)
        for i in items.indices where isAdmitted[i] {
            grants[i] = min(max(level * items[i].weight, items[i].minimum), items[i].maximum)
        }
        return level
    }

    private mutating func prepare() {
        grants.removeAll(keepingCapacity: true)
        isAdmitted.removeAll(keepingCapacity: true)
        for i in items.indices {
            precondition(items[i].weight > 0 && items[i].maximum >= 0, "weights are positive, maxima not negative")
            items[i].minimum = min(max(items[i].minimum, 0), items[i].maximum)
            grants.append(0)
            isAdmitted.append(true)
        }
    }

    /// Takes items out, least entitled first in line last, until the minima fit.
    private mutating func admit(capacity: Double) {
        var needed = 0.0
        for item in items { needed += item.minimum }
        guard needed > capacity else { return }
        order.removeAll(keepingCapacity: true)
        for i in items.indices {
            order.append(SortKey(first: -items[i].weight, second: items[i].arrival, index: Int32(i)))
        }
        SortKey.sort(&order)
        var sum = 0.0
        var full = false
        for key in order {
            let i = Int(key.index)
            if !full, sum + items[i].minimum <= capacity * (1 + 1e-12) {
                sum += items[i].minimum
            } else {
                full = true
                isAdmitted[i] = false
            }
        }
    }

    /// Level at which the admitted items' grants add up to `capacity`.
    ///
    /// The sum is piecewise linear and rises with the level, so a Newton step from the right piece lands on it; a
    /// bracket guards the steps from the wrong ones. Three to six passes on real sites.
    private func fillLevel(capacity: Double) -> Double {
        var low = 0.0
        var high = 0.0
        var weights = 0.0
        for i in items.indices where isAdmitted[i] {
            high = max(high, items[i].maximum / items[i].weight)
            weights += items[i].weight
        }
        var level = min(capacity / weights, high)
        while true {
            var sum = 0.0
            var rising = 0.0
            for i in items.indices where isAdmitted[i] {
                let item = items[i]
                let wish = level * item.weight
                if wish <= item.minimum {
                    sum += item.minimum
                } else if wish >= item.maximum {
                    sum += item.maximum
                } else {
                    sum += wish
                    rising += item.weight
                }
            }
            let gap = capacity - sum
            if abs(gap) <= 1e-14 * capacity { return level }
            if gap > 0 { low = level } else { high = level }
            var next = rising > 0 ? level + gap / rising : 0.5 * (low + high)
            if !(next > low && next < high) { next = 0.5 * (low + high) }
            // The bracket has shrunk to neighbouring numbers: nothing nearer exists.
            if next == level || next <= low || next >= high { return next }
            level = next
        }
    }
}

/// Sorted in place by (first, second, index): a heap sort, since the standard sort allocates.
struct SortKey: BitwiseCopyable, Sendable {
    var first: Double
    var second: Int64
    var index: Int32

    private func precedes(_ other: SortKey) -> Bool {
        if first != other.first { return first < other.first }
        return second != other.second ? second < other.second : index < other.index
    }

    static func sort(_ keys: inout ContiguousArray<SortKey>) {
        let n = keys.count
        if n <= 24 { return insertionSort(&keys) }
        for start in stride(from: n / 2 - 1, through: 0, by: -1) { sift(&keys, start, n) }
        for end in stride(from: n - 1, to: 0, by: -1) {
            keys.swapAt(0, end)
            sift(&keys, 0, end)
        }
    }
    private static func insertionSort(_ keys: inout ContiguousArray<SortKey>) {
        guard keys.count > 1 else { return }
        for i in 1..<keys.count {
            let key = keys[i]
            var j = i
            while j > 0, key.precedes(keys[j - 1]) {
                keys[j] = keys[j - 1]
                j -= 1
            }
            keys[j] = key
        }
    }
    private static func sift(_ keys: inout ContiguousArray<SortKey>, _ start: Int, _ end: Int) {
        let key = keys[start]
        var hole = start
        while true {
            var child = 2 * hole + 1
            guard child < end else { break }
            if child + 1 < end, keys[child].precedes(keys[child + 1]) { child += 1 }
            guard key.precedes(keys[child]) else { break }
            keys[hole] = keys[child]
            hole = child
        }
        keys[hole] = key
    }
}
