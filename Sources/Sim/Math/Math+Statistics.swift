extension Math {
    /// The standard normal deviate below which the fraction `p` lies; infinite at 0 and 1.
    ///
    /// - Source: Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics
    ///   37 (1988), routine PPND16; relative error about 1e-16.
    public static func normalQuantile(_ p: Double) -> Double {
        guard p > 0 && p < 1 else { return p == 0 ? -.infinity : p == 1 ? .infinity : .nan }
        let q = p - 0.5
        if q.magnitude <= 0.425 {
            let r = 0.180625 - q * q
            return q * ratio(r, centreAbove, centreBelow)
        }
        let r = (-log(q < 0 ? p : 1 - p)).squareRoot()
        let deviate = r <= 5 ? ratio(r - 1.6, middleAbove, middleBelow) : ratio(r - 5, farAbove, farBelow)
        return q < 0 ? -deviate : deviate
    }

    /// The fraction of a standard normal distribution that lies below `x`; absolute error about 1e-15, relative error in
    /// the lower tail below 1e-7.
    ///
    /// - Source: Hart et al., "Computer Approximations" (1968), as given by West, "Better approximations to cumulative
    ///   normal functions", Wilmott Magazine (May 2005); beyond 7.07 a continued fraction.
    public static func normalShare(below x: Double) -> Double {
        let magnitude = x.magnitude
        guard magnitude <= 37 else { return x.isNaN ? x : x > 0 ? 1 : 0 }
        let density = exp(-0.5 * magnitude * magnitude)
        let tail: Double
        if magnitude < 7.071_067_811_865_47 {
            var above = 3.526_249_659_989_11e-2 * magnitude + 0.700_383_064_443_688
            above = above * magnitude + 6.373_962_203_531_65
            above = above * magnitude + 33.912_866_078_383
            above = above * magnitude + 112.079_291_497_871
            above = above * magnitude + 221.213_596_169_931
            above = above * magnitude + 220.206_867_912_376
            var below = 8.838_834_764_831_84e-2 * magnitude + 1.755_667_163_182_64
            below = below * magnitude + 16.064_177_579_207
            below = below * magnitude + 86.780_732_202_946_1
            below = below * magnitude + 296.564_248_779_674
            below = below * magnitude + 637.333_633_378_831
            below = below * magnitude + 793.826_512_519_948
            below = below * magnitude + 440.413_735_824_752
            tail = density * above / below
        } else {
            var fraction = magnitude + 0.65
            fraction = magnitude + 4 / fraction
            fraction = magnitude + 3 / fraction
            fraction = magnitude + 2 / fraction
            fraction = magnitude + 1 / fraction
            tail = density / fraction / 2.506_628_274_631_000_5
        }
        return x > 0 ? 1 - tail : tail
    }

    /// Logarithm of the gamma function for `x` > 0; relative error about 1e-14.
    ///
    /// - Source: Stirling's series (DLMF 5.11.1) after raising the argument to 10 by the recurrence.
    public static func logGamma(_ x: Double) -> Double {
        guard x > 0 else { return x.isNaN ? x : .infinity }
        guard x < 0x1p64 else { return x * (log(x) - 1) }
        var raised = x
        var product = 1.0
        while raised < 10 {
            product *= raised
            raised += 1
        }
        return stirling(raised) - log(product)
    }

    /// The gamma function for `x` > 0, infinite above 171.6; relative error about 1e-14.
    public static func gamma(_ x: Double) -> Double {
        guard x > 0 else { return x.isNaN ? x : .infinity }
        var raised = x
        var product = 1.0
        while raised < 10 {
            product *= raised
            raised += 1
        }
        while raised > 20 && raised < 180 {  // a large exponent would cost digits
            raised -= 1
            product /= raised
        }
        return exp(stirling(raised)) / product
    }

    /// log of the gamma function for `x` >= 10.
    private static func stirling(_ x: Double) -> Double {
        let inverse = 1 / x
        let z = inverse * inverse
        var series = -1.0 / 360_360 * 691
        series = series * z + 1.0 / 1188
        series = series * z - 1.0 / 1680
        series = series * z + 1.0 / 1260
        series = series * z - 1.0 / 360
        series = series * z + 1.0 / 12
        let halfLogTwoPi = 0.918_938_533_204_672_741_78
        return ((x - 0.5) * log(x) - x) + halfLogTwoPi + series * inverse
    }

    private typealias Coefficients = InlineArray<8, Double>

    private static func ratio(_ r: Double, _ above: Coefficients, _ below: Coefficients) -> Double {
        var numerator = above[7]
        var denominator = below[7]
        for i in stride(from: 6, through: 0, by: -1) {
            numerator = numerator * r + above[i]
            denominator = denominator * r + below[i]
        }
        return numerator / denominator
    }

    private static let centreAbove: Coefficients = [
        3.387_132_872_796_366_608_0, 1.331_416_678_917_843_774_5e2, 1.971_590_950_306_551_442_7e3,
        1.373_169_376_550_946_112_5e4, 4.592_195_393_154_987_145_7e4, 6.726_577_092_700_870_085_3e4,
        3.343_057_558_358_812_810_5e4, 2.509_080_928_730_122_672_7e3,
    ]
    private static let centreBelow: Coefficients = [
        1.0, 4.231_333_070_160_091_125_2e1, 6.871_870_074_920_579_083_0e2, 5.394_196_021_424_751_107_7e3,
        2.121_379_430_158_659_586_7e4, 3.930_789_580_009_271_061_0e4, 2.872_908_573_572_194_267_4e4,
        5.226_495_278_852_854_561_0e3,
    ]
    private static let middleAbove: Coefficients = [
        1.423_437_110_749_683_577_34, 4.630_337_846_156_545_295_90, 5.769_497_221_460_691_405_50,
        3.647_848_324_763_204_605_04, 1.270_458_252_452_368_382_58, 2.417_807_251_774_506_117_70e-1,
        2.272_384_498_926_918_458_33e-2, 7.745_450_142_783_414_076_40e-4,
    ]
    private static let middleBelow: Coefficients = [
        1.0, 2.053_191_626_637_758_821_87, 1.676_384_830_183_803_849_40, 6.897_673_349_851_000_045_50e-1,
        1.481_039_764_274_800_745_90e-1, 1.519_866_656_361_645_719_66e-2, 5.475_938_084_995_344_946_00e-4,
        1.050_750_071_644_416_843_24e-9,
    ]
    private static let farAbove: Coefficients = [
        6.657_904_643_501_103_777_20, 5.463_784_911_164_114_369_90, 1.784_826_539_917_291_335_80,
        2.965_605_718_285_048_912_30e-1, 2.653_218_952_657_612_309_30e-2, 1.242_660_947_388_078_438_60e-3,
        2.711_555_568_743_487_578_15e-5, 2.010_334_399_292_288_132_65e-7,
    ]
    private static let farBelow: Coefficients = [
        1.0, 5.998_322_065_558_879_376_90e-1, 1.369_298_809_227_358_053_10e-1, 1.487_536_129_085_061_485_25e-2,
        7.868_691_311_456_132_591_00e-4, 1.846_318_317_510_054_681_80e-5, 1.421_511_758_316_445_888_70e-7,
        2.044_263_103_389_939_785_64e-15,
    ]
}
