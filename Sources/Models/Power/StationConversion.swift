internal import Sim

/// From output to grid: efficiency, power factor and standby of one charging station.
///
/// Input power is piecewise linear in efficiency over load; below the lowest measured load it runs down to standby.
/// - Source: ``ChargerEfficiency`` tables (Caldera ICM); AC stations pass power through and draw standby.
public struct StationConversion: BitwiseCopyable, Sendable, Codable {
    /// Index in ``ChargerEfficiency/classes``; -1 is ideal.
    private let classIndex: Int32
    private let kind: StationKind
    /// Rated output, W.
    public let ratedW: Double
    /// Draw of the idle station, W.
    public let standbyW: Double

    /// A station that loses nothing.
    public static func ideal(kind: StationKind, ratedW: Double) -> StationConversion {
        StationConversion(classIndex: -1, kind: kind, ratedW: ratedW, standbyW: 0)
    }
    /// A station with the measured tables of its class.
    public static func measured(kind: StationKind, ratedW: Double) -> StationConversion {
        let index = ChargerEfficiency.classIndex(kind: kind, ratedW: ratedW)
        return StationConversion(
            classIndex: Int32(index), kind: kind, ratedW: ratedW, standbyW: ChargerEfficiency.classes[index].standbyW)
    }

    /// Loses nothing.
    public var isIdeal: Bool { classIndex < 0 }

    /// Passes power through: what goes in beyond standby comes out.
    @inline(__always)
    var isTransparent: Bool { classIndex < 0 || kind == .ac }

    /// Draw from the grid beyond standby, Wh, while the output goes from `fromW` to `toW`, evenly over the `outputWh`
    /// that it delivers in `hours`.
    ///
    /// The integral in closed form, so that it does not matter how a charge is cut into intervals: efficiency is linear
    /// in load between its points and load is linear in energy, which gives a logarithm for each piece.
    func gridWh(outputWh: Double, fromW: Double, toW: Double, hours: Double) -> Double {
        guard !isTransparent else { return outputWh }
        let table = ChargerEfficiency.classes[Int(classIndex)]
        let low = min(fromW, toW)
        let high = max(fromW, toW)
        let lowestW = table.loadFraction[0] * ratedW
        let belowRatio = 1 / table.efficiency[0] - standbyW / lowestW
        if high <= lowestW { return outputWh * belowRatio }
        if low >= lowestW { return upperWh(outputWh, low / ratedW, high / ratedW) - standbyW * hours }
        let above = outputWh * (high - lowestW) / (high - low)
        let hoursAbove = above / (high - lowestW) * Math.log(high / lowestW)
        return (outputWh - above) * belowRatio + upperWh(above, lowestW / ratedW, high / ratedW)
            - standbyW * hoursAbove
    }

    /// Input for `outputWh` spread evenly over loads `low ... high` of the table.
    private func upperWh(_ outputWh: Double, _ low: Double, _ high: Double) -> Double {
        let table = ChargerEfficiency.classes[Int(classIndex)]
        let x = table.loadFraction
        let y = table.efficiency
        var i = 1
        while i < x.count, x[i] <= low { i += 1 }
        var at = low
        var input = 0.0
        while true {
            let end = i < x.count ? min(high, x[i]) : high
            let share = high > low ? (end - at) / (high - low) : 1
            let e0 = Self.line(x, y, i, at)
            let e1 = Self.line(x, y, i, end)
            input += outputWh * share / e0 * log1pRatio((e1 - e0) / e0)
            guard end < high else { return input }
            at = end
            i += 1
        }
    }
    /// Efficiency on the piece that ends at point `i`; constant beyond the last.
    private static func line(_ x: [Double], _ y: [Double], _ i: Int, _ at: Double) -> Double {
        guard i < x.count else { return y[y.count - 1] }
        return y[i - 1] + (y[i] - y[i - 1]) * (at - x[i - 1]) / (x[i] - x[i - 1])
    }

    /// Draw from the grid in W when the outputs together deliver `outputW`.
    public func inputW(outputW: Double) -> Double {
        guard classIndex >= 0 else { return outputW }
        guard kind == .dc else { return outputW + standbyW }
        guard outputW > 0 else { return standbyW }
        let load = outputW / ratedW
        let table = ChargerEfficiency.classes[Int(classIndex)]
        let lowest = table.loadFraction[0]
        if load < lowest {
            let atLowest = lowest * ratedW / table.efficiency[0]
            return standbyW + (atLowest - standbyW) * load / lowest
        }
        return outputW / Self.interpolate(table.loadFraction, table.efficiency, load)
    }

    /// Output in W that draws `inputW` from the grid: the inverse of ``inputW(outputW:)``; 0 at standby or less.
    public func outputW(inputW: Double) -> Double {
        guard classIndex >= 0 else { return inputW }
        guard inputW > standbyW else { return 0 }
        guard kind == .dc else { return inputW - standbyW }
        let table = ChargerEfficiency.classes[Int(classIndex)]
        let x = table.loadFraction
        let e = table.efficiency
        let atLowest = x[0] * ratedW / e[0]
        if inputW <= atLowest { return x[0] * ratedW * (inputW - standbyW) / (atLowest - standbyW) }
        for i in 1..<x.count where inputW <= x[i] * ratedW / e[i] {
            // load R = input (e0 + m (load - x0)) solved for load.
            let m = (e[i] - e[i - 1]) / (x[i] - x[i - 1])
            return ratedW * inputW * (e[i - 1] - m * x[i - 1]) / (ratedW - inputW * m)
        }
        return inputW * e[e.count - 1]
    }

    /// |P| over |S| at an input of `inputW`.
    public func powerFactor(inputW: Double) -> Double {
        guard classIndex >= 0 else { return 1 }
        let table = ChargerEfficiency.classes[Int(classIndex)]
        return Self.interpolate(table.loadFraction, table.powerFactor, inputW / ratedW)
    }
    /// Apparent power in VA at an input of `inputW`.
    public func apparentVA(inputW: Double) -> Double { inputW / powerFactor(inputW: inputW) }

    private static func interpolate(_ x: [Double], _ y: [Double], _ at: Double) -> Double {
        if at <= x[0] { return y[0] }
        var i = 1
        while i < x.count, x[i] < at { i += 1 }
        guard i < x.count else { return y[y.count - 1] }
        return y[i - 1] + (y[i] - y[i - 1]) * (at - x[i - 1]) / (x[i] - x[i - 1])
    }
}
