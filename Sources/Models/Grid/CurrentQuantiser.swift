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
        amps.removeAll(keepingCapacity: true)
        order.removeAll(keepingCapacity: true)
        var sum = 0.0
        var floors = 0.0
        for i in shares.indices {
            // A share that rounding left a hair below a whole number is that number.
            let whole = (shares[i] + 1e-9).rounded(.down)
            amps.append(whole)
            sum += shares[i]
            floors += whole
            order.append(SortKey(first: whole - shares[i], second: 0, index: Int32(i)))
        }
        SortKey.sort(&order)
        var left = (sum + 1e-9).rounded(.down) - floors
        for key in order where left >= 1 {
            let i = Int(key.index)
            guard amps[i] + 1 <= maximum[i] else { continue }
            amps[i] += 1
            left -= 1
        }
    }
}
