/// What a battery takes at most: a curve over state of charge, a current limit times pack voltage, and a power limit.
///
/// `power = min(factor * scale * curve(soc), currentLimitA * (packV0 + packVSlope * soc), limitW)`. Each is piecewise
/// linear in state of charge, so charging is a chain of ``ChargeSegment``s.
/// - Source: domain reference 2.1.
@frozen
public struct Acceptance: BitwiseCopyable, Sendable, Codable {
    /// Index in ``ChargeCurves``: a vehicle's number, or a built-in curve.
    public var curve: Int32
    /// Multiplies the curve: 1 for vehicles, peak power in W for built-in curves.
    public var scale: Double
    /// Share of the curve that battery temperature allows, 0 ... 1.
    public var factor: Double
    /// Largest current at the battery, A; infinite when nothing limits it.
    public var currentLimitA: Double
    /// Pack voltage `packV0 + packVSlope * soc`, V.
    public var packV0: Double
    public var packVSlope: Double
    /// Largest power, W: the station's share, the charger's rating; infinite when nothing limits it.
    public var limitW: Double

    @inlinable public init(
        curve: Int32, scale: Double = 1, factor: Double = 1, currentLimitA: Double = .infinity, packV0: Double = 0,
        packVSlope: Double = 0, limitW: Double = .infinity
    ) {
        self.curve = curve
        self.scale = scale
        self.factor = factor
        self.currentLimitA = currentLimitA
        self.packV0 = packV0
        self.packVSlope = packVSlope
        self.limitW = limitW
    }

    /// DC charging of a vehicle of the catalogue.
    public init(vehicle: VehicleModel, limitW: Double = .infinity, currentLimitA: Double = .infinity) {
        self.init(
            curve: vehicle.curve, currentLimitA: currentLimitA, packV0: vehicle.packV0, packVSlope: vehicle.packVSlope,
            limitW: limitW)
    }

    /// Two-stage battery: `maximumW` up to 80 %, then linear to nothing at full.
    ///
    /// - Source: Lee et al., "ACN-Sim", 2021.
    public static func twoStage(maximumW: Double, limitW: Double = .infinity) -> Acceptance {
        Acceptance(curve: ChargeCurves.twoStage, scale: maximumW, limitW: limitW)
    }

    /// AC charging at `batteryW` behind the on-board charger, tapering from 97 %.
    public static func onboard(batteryW: Double) -> Acceptance {
        Acceptance(curve: ChargeCurves.onboard, scale: batteryW)
    }

    /// Power accepted at a state of charge, W; at a step the value above it, at full what it took on the way there.
    public func powerW(atSoC soc: Double) -> Double {
        let line = curveLine(at: soc)
        return max(0, min(line.value, currentLimitA * (packV0 + packVSlope * soc), limitW))
    }

    /// The stretch of constant slope that begins at `soc`; at full it has no length and no power.
    public func segment(fromSoC soc: Double) -> ChargeSegment {
        let line = curveLine(at: soc)
        guard line.end > soc else { return ChargeSegment(soc0: soc, soc1: soc, powerW: 0, slopeWPerSoC: 0) }
        var value = line.value
        var slope = line.slope
        var end = line.end
        // The lowest line rules; of lines that meet here the one that falls fastest rules from here on.
        if limitW < .infinity { Self.lower(&value, &slope, limitW, 0) }
        let currentValue: Double
        let currentSlope: Double
        if currentLimitA < .infinity {
            currentValue = currentLimitA * (packV0 + packVSlope * soc)
            currentSlope = currentLimitA * packVSlope
            Self.lower(&value, &slope, currentValue, currentSlope)
            Self.cut(&end, from: soc, value, slope, currentValue, currentSlope)
        }
        if limitW < .infinity { Self.cut(&end, from: soc, value, slope, limitW, 0) }
        Self.cut(&end, from: soc, value, slope, line.value, line.slope)
        guard value > 0 else { return ChargeSegment(soc0: soc, soc1: end, powerW: 0, slopeWPerSoC: 0) }
        return ChargeSegment(soc0: soc, soc1: end, powerW: value, slopeWPerSoC: slope)
    }

    /// Seconds from one state of charge to a higher one; infinite when the battery does not get there.
    public func seconds(fromSoC: Double, toSoC: Double, capacityWh: Double) -> Double {
        var soc = fromSoC
        var total = 0.0
        while soc < toSoC {
            let stretch = segment(fromSoC: soc)
            guard stretch.soc1 > soc else { return .infinity }
            soc = min(stretch.soc1, toSoC)
            total += stretch.seconds(toSoC: soc, capacityWh: capacityWh)
        }
        return total
    }

    /// State of charge after `t` seconds from `soc`.
    public func soc(fromSoC: Double, afterSeconds t: Double, capacityWh: Double) -> Double {
        var soc = fromSoC
        var left = t
        while left > 0 {
            let stretch = segment(fromSoC: soc)
            guard stretch.soc1 > soc else { break }
            let whole = stretch.seconds(toSoC: stretch.soc1, capacityWh: capacityWh)
            if whole >= left { return stretch.soc(afterSeconds: left, capacityWh: capacityWh) }
            left -= whole
            soc = stretch.soc1
        }
        return soc
    }

    /// The curve's line through `soc`: value and slope there, and where the line ends.
    private func curveLine(at soc: Double) -> (value: Double, slope: Double, end: Double) {
        let x = ChargeCurves.soc
        let p = ChargeCurves.power
        let first = Int(ChargeCurves.starts[Int(curve)])
        let last = Int(ChargeCurves.starts[Int(curve) + 1]) - 1
        let peak = factor * scale
        guard soc < x[last] else { return (peak * p[last], 0, soc) }
        var i = first
        while i + 1 < last, x[i + 1] <= soc { i += 1 }
        let slope = peak * (p[i + 1] - p[i]) / (x[i + 1] - x[i])
        return (peak * p[i] + slope * (soc - x[i]), slope, x[i + 1])
    }

    /// Two lines closer than this share of their value meet.
    private static let meeting = 1e-11

    private static func lower(_ value: inout Double, _ slope: inout Double, _ other: Double, _ otherSlope: Double) {
        let gap = other - value
        let touching = abs(gap) <= meeting * abs(value)
        if touching ? otherSlope < slope : gap < 0 {
            value = other
            slope = otherSlope
        }
    }

    /// Shortens the stretch to where the other line passes below the ruling one.
    private static func cut(
        _ end: inout Double, from soc: Double, _ value: Double, _ slope: Double, _ other: Double, _ otherSlope: Double
    ) {
        guard otherSlope < slope, other - value > meeting * abs(value) else { return }
        let crossing = soc + (other - value) / (slope - otherSlope)
        if crossing < end { end = max(crossing, soc.nextUp) }
    }
}
