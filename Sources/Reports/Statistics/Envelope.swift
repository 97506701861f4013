/// A long series cut to a number of points that a screen can show, without hiding its peaks.
struct Envelope: Sendable {
    /// First interval of each point.
    private(set) var first: [Int] = []
    /// Least, mean and greatest value within each point; NaN when nothing was modelled there.
    private(set) var low: [Double] = []
    private(set) var mean: [Double] = []
    private(set) var high: [Double] = []
    /// Intervals in a point; 1 when the series is shown whole.
    let stride: Int

    /// - Parameters:
    ///   - atMost: points wanted.
    ///   - preferring: lengths in intervals (an hour, a day) to cut at, ascending; the first that is coarse enough is taken.
    init(_ values: [Double], atMost points: Int, preferring strides: [Int]) {
        let needed = max(1, (values.count + points - 1) / max(1, points))
        stride = needed == 1 ? 1 : strides.first { $0 >= needed } ?? needed
        var index = 0
        while index < values.count {
            let end = min(values.count, index + stride)
            append(values[index..<end], first: index)
            index = end
        }
    }

    private mutating func append(_ values: ArraySlice<Double>, first index: Int) {
        var least = Double.infinity
        var greatest = -Double.infinity
        var sum = 0.0
        var count = 0
        for value in values where !value.isNaN {
            least = min(least, value)
            greatest = max(greatest, value)
            sum += value
            count += 1
        }
        first.append(index)
        low.append(count == 0 ? .nan : least)
        high.append(count == 0 ? .nan : greatest)
        mean.append(count == 0 ? .nan : sum / Double(count))
    }
}
