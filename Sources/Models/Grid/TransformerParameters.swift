/// Constants of the IEC 60076-7 thermal model.
///
/// - Source: IEC 60076-7; defaults by type in `reference/transformers.json`.
public struct IECThermalParameters: BitwiseCopyable, Sendable, Codable {
    /// Top-oil rise at rated load, K.
    public var topOilRiseK: Double
    /// Hot-spot to top-oil gradient at rated load, K.
    public var hotSpotRiseK: Double
    /// Oil and winding time constants, min.
    public var oilMinutes: Double
    public var windingMinutes: Double
    /// Load loss over no-load loss at rated load.
    public var lossRatio: Double
    /// Oil and winding exponents.
    public var x: Double
    public var y: Double
    public var k11: Double
    public var k21: Double
    public var k22: Double

    public init(
        topOilRiseK: Double, hotSpotRiseK: Double, oilMinutes: Double, windingMinutes: Double, lossRatio: Double,
        x: Double, y: Double, k11: Double, k21: Double, k22: Double
    ) {
        self.topOilRiseK = topOilRiseK
        self.hotSpotRiseK = hotSpotRiseK
        self.oilMinutes = oilMinutes
        self.windingMinutes = windingMinutes
        self.lossRatio = lossRatio
        self.x = x
        self.y = y
        self.k11 = k11
        self.k21 = k21
        self.k22 = k22
    }

    /// The same constants with another loss ratio: the rest holds for a type, this one for a size.
    public func with(lossRatio: Double) -> IECThermalParameters {
        var copy = self
        copy.lossRatio = lossRatio
        return copy
    }
}

/// Constants of the IEEE C57.91 clause 7 thermal model.
///
/// - Source: IEEE C57.91; defaults by cooling class in `reference/transformers.json`.
public struct IEEEThermalParameters: BitwiseCopyable, Sendable, Codable {
    /// Top-oil rise at rated load, K.
    public var topOilRiseK: Double
    /// Hot-spot rise over top oil at rated load, K.
    public var hotSpotRiseK: Double
    /// Load loss over no-load loss at rated load.
    public var lossRatio: Double
    /// Winding and oil exponents.
    public var m: Double
    public var n: Double
    /// Rated oil and winding time constants, min.
    public var oilMinutes: Double
    public var windingMinutes: Double
    /// Whether the oil time constant follows the load step when `n` is not 1.
    public var correctsTimeConstant = true

    public init(
        topOilRiseK: Double, hotSpotRiseK: Double, lossRatio: Double, m: Double, n: Double, oilMinutes: Double,
        windingMinutes: Double, correctsTimeConstant: Bool = true
    ) {
        self.topOilRiseK = topOilRiseK
        self.hotSpotRiseK = hotSpotRiseK
        self.lossRatio = lossRatio
        self.m = m
        self.n = n
        self.oilMinutes = oilMinutes
        self.windingMinutes = windingMinutes
        self.correctsTimeConstant = correctsTimeConstant
    }

    /// The same constants with another loss ratio.
    public func with(lossRatio: Double) -> IEEEThermalParameters {
        var copy = self
        copy.lossRatio = lossRatio
        return copy
    }
}

/// Constants of a dry-type transformer: the hot-spot rise relaxes to `hotSpotRiseK * K^q`.
///
/// - Source: IEC 60076-12 / IEEE C57.96 style; constants recalled, see `reference/transformers.json`.
public struct DryTypeParameters: BitwiseCopyable, Sendable, Codable {
    /// Hot-spot rise at rated load, K.
    public var hotSpotRiseK: Double
    /// Hot-spot temperature of normal ageing, °C.
    public var ratedHotSpotC: Double
    /// Load exponent: 1.6 natural air, 1.8 fans.
    public var q: Double
    /// Time constant, min.
    public var minutes: Double

    public init(hotSpotRiseK: Double, ratedHotSpotC: Double, q: Double, minutes: Double) {
        self.hotSpotRiseK = hotSpotRiseK
        self.ratedHotSpotC = ratedHotSpotC
        self.q = q
        self.minutes = minutes
    }
}
