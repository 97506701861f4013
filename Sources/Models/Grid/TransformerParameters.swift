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
    /// Fans that start when it is hot; none on a transformer whose cooling stays the same.
    public var fans: FanStage?

    public init(hotSpotRiseK: Double, ratedHotSpotC: Double, q: Double, minutes: Double, fans: FanStage? = nil) {
        self.hotSpotRiseK = hotSpotRiseK
        self.ratedHotSpotC = ratedHotSpotC
        self.q = q
        self.minutes = minutes
        self.fans = fans
    }

    /// Hot spot over the rated one at which an insulation class ends, K: 145 °C is rated in class 155, 170 °C in class 180.
    public static let classMarginK = 10.0
}

/// Second stage of a dry type's cooling (AN/AF): fans between two temperatures of the hot spot.
///
/// - Source: domain reference 1.3; set points and the gain in rating are engineering estimates.
public struct FanStage: BitwiseCopyable, Sendable, Codable, Hashable {
    /// Hot spots that start and stop the fans, °C; the first is the higher one.
    public var onC: Double
    public var offC: Double
    /// Rating with fans over the rating without.
    public var ratingFactor: Double
    /// Load exponent and time constant, min, while they run.
    public var q: Double
    public var minutes: Double

    public init(onC: Double = 120, offC: Double = 105, ratingFactor: Double = 1.33, q: Double, minutes: Double) {
        precondition(onC > offC && ratingFactor > 0, "fans stop below the temperature that starts them")
        self.onC = onC
        self.offC = offC
        self.ratingFactor = ratingFactor
        self.q = q
        self.minutes = minutes
    }
}
