/// A stretch of charging over which power is linear in state of charge: time and energy in closed form.
///
/// With capacity E per unit of state of charge and slope m, power follows `P0 * e^(m t / E)`; a falling power that
/// reaches zero at a state of charge is approached for ever and never passed.
/// - Source: domain reference 2.1; the ODE s' = (a + b s) / E.
@frozen
public struct ChargeSegment: BitwiseCopyable, Sendable, Codable, Equatable {
    /// Where the stretch begins and ends, 0 ... 1; equal when the battery is full.
    public var soc0: Double
    public var soc1: Double
    /// Power at `soc0`, W, and its change per unit of state of charge, W.
    public var powerW: Double
    public var slopeWPerSoC: Double

    @inlinable public init(soc0: Double, soc1: Double, powerW: Double, slopeWPerSoC: Double) {
        self.soc0 = soc0
        self.soc1 = soc1
        self.powerW = powerW
        self.slopeWPerSoC = slopeWPerSoC
    }

    /// Power at a state of charge inside the stretch, W.
    @inlinable public func power(atSoC soc: Double) -> Double { powerW + slopeWPerSoC * (soc - soc0) }

    /// Seconds from `soc0` to `soc`; infinite when power runs out before or at it.
    public func seconds(toSoC soc: Double, capacityWh: Double) -> Double {
        let ds = soc - soc0
        guard ds > 0 else { return 0 }
        guard powerW > 0 else { return .infinity }
        let x = slopeWPerSoC * ds / powerW
        guard x > -1 + 1e-13 else { return .infinity }
        return 3600 * capacityWh * ds / powerW * log1pRatio(x)
    }

    /// State of charge after `t` seconds; stops at the end of the stretch.
    public func soc(afterSeconds t: Double, capacityWh: Double) -> Double {
        let perUnit = 3600 * capacityWh
        if slopeWPerSoC == 0 { return min(soc1, soc0 + powerW * t / perUnit) }
        return min(soc1, soc0 + powerW * t / perUnit * expm1Ratio(slopeWPerSoC * t / perUnit))
    }

    /// The rest of the stretch from `soc` on.
    @inlinable public func from(soc: Double) -> ChargeSegment {
        ChargeSegment(soc0: soc, soc1: soc1, powerW: power(atSoC: soc), slopeWPerSoC: slopeWPerSoC)
    }
}
