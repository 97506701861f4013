/// How the rate of an EVSE follows the signal of automatic frequency restoration reserve.
///
/// Between two points the power is linear, beyond the ends it is that of the end.
/// - Source: OCPP 2.1 part 2, ChargingSchedulePeriodType.v2xSignalWattCurve and v2xBaseline, AFRRSignalRequest.
public struct SignalResponse: Hashable, Sendable, Codable {
    /// A point of the curve.
    public struct Point: Hashable, Sendable, BitwiseCopyable, Codable {
        public var signal: Int
        /// W, negative to discharge.
        public var watts: Double

        public init(signal: Int, watts: Double) {
            self.signal = signal
            self.watts = watts
        }
    }

    /// W on top of which the curve's values are added.
    public let baselineW: Double
    /// In rising order of signal; never empty.
    public let points: [Point]

    /// `nil` for a curve without points, out of order, or with numbers that are not finite.
    public init?(baselineW: Double, points: [Point]) {
        guard !points.isEmpty, baselineW.isFinite, points.allSatisfy({ $0.watts.isFinite }),
            zip(points, points.dropFirst()).allSatisfy({ $0.signal < $1.signal })
        else { return nil }
        self.baselineW = baselineW
        self.points = points
    }

    /// Rate to be followed at a signal, W.
    func watts(_ signal: Int) -> Double {
        guard let above = points.firstIndex(where: { $0.signal >= signal }) else {
            return baselineW + (points.last?.watts ?? 0)
        }
        guard above > 0 else { return baselineW + points[0].watts }
        let (low, high) = (points[above - 1], points[above])
        let share = (Double(signal) - Double(low.signal)) / (Double(high.signal) - Double(low.signal))
        return baselineW + low.watts + share * (high.watts - low.watts)
    }
}
