/// Whole amperes out of fractional shares: floors, then the amperes left over by largest remainder, stable order.
///
/// Buffers are kept, so that a steady state allocates nothing.
/// - Source: domain reference 9.1.
public struct CurrentQuantiser: Sendable {
    /// Whole amperes after ``quantise(_:maximum:)``.
    public private(set) var amps: ContiguousArray<Double> = []
    private var order: ContiguousArray<SortKey> = []

    public init() {}

    /// Rounds `shares` to whole amperes whose sum is the floor of theirs; no share passes its `maximum`.
    public mutating func quantise(_ shares: ContiguousArray<Double>, maximum: ContiguousArray<Double>) {
        quantise(shares, maximum: maximum, units: [])
    }

    /// The same where an ampere is not the same for all: `units` are the watts (phases times voltage) of each one's ampere,
    /// all 1 when empty. The sum of watts is not passed.
    public mutating func quantise(
        _ shares: ContiguousArray<Double>, maximum: ContiguousArray<Double>, units: ContiguousArray<Double>
    ) {
        amps.removeAll(keepingCapacity: true)
        order.removeAll(keepingCapacity: true)
        var left = 0.0
        for i in shares.indices {
            // A share that rounding left a hair below a whole number is that number.
            let whole = (shares[i] + 1e-9).rounded(.down)
            amps.append(whole)
            left += (shares[i] - whole) * (units.isEmpty ? 1 : units[i])
            order.append(SortKey(first: whole - shares[i], second: 0, index: Int32(i)))
        }
        SortKey.sort(&order)
        for key in order {
            let i = Int(key.index)
            let unit = units.isEmpty ? 1 : units[i]
            // A paused share stays paused: what is left over is less than the least current.
            guard shares[i] > 0, left >= unit * (1 - 1e-9), amps[i] + 1 <= maximum[i] else { continue }
            amps[i] += 1
            left -= unit
        }
    }
}
