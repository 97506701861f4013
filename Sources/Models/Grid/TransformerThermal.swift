internal import Sim

/// Which thermal model a transformer follows.
public enum TransformerModel: UInt8, Sendable, BitwiseCopyable, Codable, CaseIterable {
    case iec60076
    case ieeeC57
    case dryType
}

/// Temperatures and insulation ageing of a transformer, exact between changes of load and ambient temperature.
///
/// State: top oil, two winding gradients, aged hours. Each relaxes to a value set by load and ambient, which are held
/// over an interval; ageing is integrated by five-point Gauss-Legendre on sub-steps of 15 min, or 5 min while the
/// winding is more than 2 K from its final gradient (relative error below 1e-8 after a step from 0.4 to 1.5).
/// - Source: IEC 60076-7:2018 (exponential form), IEEE C57.91-2011 clause 7, IEC 60076-12 style for dry types.
public struct TransformerThermal: BitwiseCopyable, Sendable, Codable {
    public let model: TransformerModel
    public let ageing: InsulationAgeing
    private let rule: AgeingRule
    private let oilRiseK: Double
    private let hotRiseK: Double
    private let lossRatio: Double
    private let oilExponent: Double
    private let hotExponent: Double
    private let k21: Double
    private let ratedOilS: Double
    private var tau1: Double
    private let tau2: Double
    private let correctsTau: Bool
    private let ratedHotSpotC: Double
    private let fans: FanStage?

    /// IEC: top oil in °C; IEEE: top-oil rise over ambient in K; dry type: 0.
    private var oil: Double
    private var gradient1: Double
    private var gradient2: Double = 0
    private var ambientC: Double
    /// Whether the fans of a dry type run.
    public private(set) var isFanned = false
    /// Hours of normal life used so far.
    public private(set) var agedHours: Double = 0
    /// Hottest hot spot since ``takeHotSpotPeakC()`` was last called, °C.
    public private(set) var hotSpotPeakC: Double

    // Ultimate values under the load that was held last: recomputed only when the load changes.
    private var heldK = -1.0
    private var ultimateOilRise = 0.0
    private var ultimate1 = 0.0
    private var ultimate2 = 0.0
    private var tauOil: Double

    /// IEC 60076-7 transformer in the steady state of `loadK` and `ambientC`.
    public init(
        iec p: IECThermalParameters, ageing: InsulationAgeing = .upgradedPaper, rule: AgeingRule = .integral,
        loadK: Double, ambientC: Double
    ) {
        self.init(
            model: .iec60076, ageing: ageing, rule: rule, oilRiseK: p.topOilRiseK, hotRiseK: p.hotSpotRiseK,
            lossRatio: p.lossRatio,
            oilExponent: p.x, hotExponent: p.y, k21: p.k21, oilS: 60 * p.k11 * p.oilMinutes,
            tau1: 60 * p.k22 * p.windingMinutes, tau2: 60 * p.oilMinutes / p.k22, ambientC: ambientC)
        settle(loadK: loadK, ambientC: ambientC)
    }

    /// IEEE C57.91 clause 7 transformer in the steady state of `loadK` and `ambientC`.
    public init(
        ieee p: IEEEThermalParameters, ageing: InsulationAgeing = .upgradedPaper, rule: AgeingRule = .integral,
        loadK: Double, ambientC: Double
    ) {
        self.init(
            model: .ieeeC57, ageing: ageing, rule: rule, oilRiseK: p.topOilRiseK, hotRiseK: p.hotSpotRiseK,
            lossRatio: p.lossRatio,
            oilExponent: p.n, hotExponent: 2 * p.m, k21: 1, oilS: 60 * p.oilMinutes, tau1: 60 * p.windingMinutes,
            tau2: 60 * p.windingMinutes, correctsTau: p.correctsTimeConstant && p.n != 1, ambientC: ambientC)
        settle(loadK: loadK, ambientC: ambientC)
    }

    /// Dry-type transformer in the steady state of `loadK` and `ambientC`.
    public init(dry p: DryTypeParameters, rule: AgeingRule = .integral, loadK: Double, ambientC: Double) {
        self.init(
            model: .dryType, ageing: .dryType, rule: rule, oilRiseK: 0, hotRiseK: p.hotSpotRiseK, lossRatio: 1,
            oilExponent: 1,
            hotExponent: p.q, k21: 1, oilS: 60 * p.minutes, tau1: 60 * p.minutes, tau2: 60 * p.minutes,
            ratedHotSpotC: p.ratedHotSpotC, fans: p.fans, ambientC: ambientC)
        settle(loadK: loadK, ambientC: ambientC)
    }

    private init(
        model: TransformerModel, ageing: InsulationAgeing, rule: AgeingRule, oilRiseK: Double, hotRiseK: Double,
        lossRatio: Double,
        oilExponent: Double, hotExponent: Double, k21: Double, oilS: Double, tau1: Double, tau2: Double,
        correctsTau: Bool = false, ratedHotSpotC: Double = 0, fans: FanStage? = nil, ambientC: Double
    ) {
        self.model = model
        self.ageing = ageing
        self.rule = rule
        self.oilRiseK = oilRiseK
        self.hotRiseK = hotRiseK
        self.lossRatio = lossRatio
        self.oilExponent = oilExponent
        self.hotExponent = hotExponent
        self.k21 = k21
        self.ratedOilS = oilS
        self.tau1 = tau1
        self.tau2 = tau2
        self.correctsTau = correctsTau
        self.ratedHotSpotC = ratedHotSpotC
        self.fans = fans
        self.ambientC = ambientC
        oil = 0
        gradient1 = 0
        tauOil = oilS
        hotSpotPeakC = ambientC
    }

    /// Top-oil temperature, °C; ambient temperature for a dry type.
    public var topOilC: Double { model == .iec60076 ? oil : ambientC + oil }
    /// Hot-spot temperature, °C.
    public var hotSpotC: Double { topOilC + gradient1 - gradient2 }
    /// Where the insulation class of a dry type ends, °C; `nil` for paper in oil, whose limits are those of the loading guide.
    public var classLimitC: Double? {
        model == .dryType ? ratedHotSpotC + DryTypeParameters.classMarginK : nil
    }
    /// Rises over the ambient held last, K: top oil, and hot spot over top oil.
    public var risesK: (topOil: Double, hotSpot: Double) { (topOilC - ambientC, gradient1 - gradient2) }
    /// Rises that the load held last would reach in the end, K.
    public var ultimateRisesK: (topOil: Double, hotSpot: Double) { (ultimateOilRise, ultimate1 - ultimate2) }
    /// Oil time constant in force, s: IEEE corrects it at each load step.
    public var oilTimeConstantS: Double { tauOil }

    /// Puts the temperatures where they would settle under `loadK` (load over rating) and `ambientC`; ageing stays.
    public mutating func settle(loadK: Double, ambientC: Double) {
        self.ambientC = ambientC
        isFanned = false
        heldK = -1
        hold(loadK: loadK)
        if let fans, ambientC + ultimate1 >= fans.onC {
            isFanned = true
            heldK = -1
            hold(loadK: loadK)
        }
        oil = ultimateOilRise + (model == .iec60076 ? ambientC : 0)
        gradient1 = ultimate1
        gradient2 = ultimate2
        tauOil = ratedOilS
        hotSpotPeakC = hotSpotC
    }

    /// Sets the temperatures by hand: top oil in °C and the two gradients in K. A dry type has no oil: its hot spot is the sum.
    public mutating func set(topOilC: Double, gradient1K: Double, gradient2K: Double, ambientC: Double) {
        self.ambientC = ambientC
        oil = model == .iec60076 ? topOilC : model == .ieeeC57 ? topOilC - ambientC : 0
        gradient1 = gradient1K + (model == .dryType ? topOilC - ambientC : 0)
        gradient2 = gradient2K
        heldK = -1
        hotSpotPeakC = hotSpotC
        isFanned = fans.map { hotSpotC >= $0.onC } ?? false
    }

    /// Moves on by `seconds` under a load of `loadK` times the rating and `ambientC`, both held.
    public mutating func advance(seconds: Double, loadK: Double, ambientC: Double) {
        guard let fans else { return advanceUniformly(seconds: seconds, loadK: loadK, ambientC: ambientC) }
        // A dry type's hot spot stands on the ambient, so a new ambient may reach a threshold at once.
        self.ambientC = ambientC
        var left = seconds
        while left > 0 {
            let threshold = isFanned ? fans.offC : fans.onC
            let isDue = isFanned ? hotSpotC <= threshold : hotSpotC >= threshold
            let wait = isDue ? 0 : secondsToHotSpot(threshold, loadK: loadK, ambientC: ambientC)
            advanceUniformly(seconds: min(left, wait ?? left), loadK: loadK, ambientC: ambientC)
            guard let wait, wait <= left else { return }
            left -= wait
            isFanned.toggle()
            heldK = -1
        }
    }

    /// The same while the cooling stays as it is.
    private mutating func advanceUniformly(seconds: Double, loadK: Double, ambientC: Double) {
        guard seconds > 0 else { return }
        hold(loadK: loadK)
        self.ambientC = ambientC
        let targetOil = ultimateOilRise + (model == .iec60076 ? ambientC : 0)
        let curve = relaxation(targetOil: targetOil)
        let start = curve.value(at: 0)
        if rule == .integral { age(along: curve, seconds: seconds) }
        oil = targetOil + (oil - targetOil) * Math.exp(-seconds / tauOil)
        gradient1 = ultimate1 + (gradient1 - ultimate1) * Math.exp(-seconds / tau1)
        if gradient2 != ultimate2 {
            gradient2 = ultimate2 + (gradient2 - ultimate2) * Math.exp(-seconds / tau2)
        }
        if rule == .endOfStep { agedHours += rate(hotSpotC) * seconds / 3600 }
        hotSpotPeakC = max(hotSpotPeakC, start, hotSpotC)
        if !curve.isMonotone { hotSpotPeakC = max(hotSpotPeakC, curve.maximum(over: seconds)) }
    }

    /// Takes over the peak of a copy that went the same way.
    mutating func takePeak(of copy: TransformerThermal) { hotSpotPeakC = copy.hotSpotPeakC }

    /// Hottest hot spot since the last call, °C; starts the next period at the present one.
    public mutating func takeHotSpotPeakC() -> Double {
        let peak = hotSpotPeakC
        hotSpotPeakC = hotSpotC
        return peak
    }

    /// Seconds until top oil reaches `thresholdC` under a held load and ambient, `nil` when it never does.
    public func secondsToTopOil(_ thresholdC: Double, loadK: Double, ambientC: Double) -> Double? {
        var copy = self
        copy.hold(loadK: loadK)
        let target = ambientC + copy.ultimateOilRise
        let now = model == .iec60076 ? oil : ambientC + oil
        let ratio = (thresholdC - target) / (now - target)
        guard ratio > 0, ratio <= 1 else { return nil }
        return -copy.tauOil * Math.log(ratio)
    }

    /// Seconds until the hot spot first reaches `thresholdC` under a held load and ambient and the cooling that runs, `nil` when
    /// it never does.
    public func secondsToHotSpot(_ thresholdC: Double, loadK: Double, ambientC: Double) -> Double? {
        var copy = self
        copy.hold(loadK: loadK)
        copy.ambientC = ambientC
        let target = copy.ultimateOilRise + (model == .iec60076 ? ambientC : 0)
        return copy.relaxation(targetOil: target).firstTime(at: thresholdC)
    }

    /// Hot spot as a function of time from now, under what is held.
    private func relaxation(targetOil: Double) -> RelaxationSum {
        let offset = model == .iec60076 ? 0 : ambientC
        return RelaxationSum(
            base: offset + targetOil + ultimate1 - ultimate2, a0: oil - targetOil, tau0: tauOil,
            a1: gradient1 - ultimate1, tau1: tau1, a2: ultimate2 - gradient2, tau2: tau2)
    }

    /// Works out what `loadK` leads to; a repeated load costs nothing.
    private mutating func hold(loadK: Double) {
        guard loadK != heldK else { return }
        precondition(loadK >= 0 && loadK.isFinite, "transformer load must be a number from 0")
        heldK = loadK
        let losses = (1 + lossRatio * loadK * loadK) / (1 + lossRatio)
        ultimateOilRise = oilRiseK == 0 ? 0 : oilRiseK * Math.pow(losses, oilExponent)
        var perUnit = loadK
        var exponent = hotExponent
        if let fans {
            tau1 = isFanned ? 60 * fans.minutes : ratedOilS
            if isFanned {
                perUnit /= fans.ratingFactor
                exponent = fans.q
            }
        }
        let gradient = perUnit == 0 ? 0 : hotRiseK * Math.pow(perUnit, exponent)
        ultimate1 = k21 * gradient
        ultimate2 = (k21 - 1) * gradient
        tauOil = correctsTau ? correctedTau() : ratedOilS
    }

    /// IEEE C57.91 equation for the oil time constant of a step from the present rise to the ultimate one.
    private func correctedTau() -> Double {
        let u = ultimateOilRise / oilRiseK
        let i = max(oil, 0) / oilRiseK
        guard abs(u - i) > 1e-9 else { return ratedOilS }
        let power = 1 / oilExponent
        let start = i == 0 ? 0 : Math.pow(i, power)
        return ratedOilS * (u - i) / (Math.pow(u, power) - start)
    }

    /// Sub-steps of the ageing integral, s: while the winding's gradient is near its final value, and while it is not.
    private static let calmStepS: Double = 900
    private static let quickStepS: Double = 300
    private static let calmK = 2.0

    /// Nodes of the five-point rule are symmetric about a sub-step's middle, so three exponentials for each term serve
    /// all sub-steps: middle, and the two distances from it.
    private mutating func age(along curve: RelaxationSum, seconds: Double) {
        let isCalm = abs(curve.a1) < Self.calmK
        let steps = (seconds / (isCalm ? Self.calmStepS : Self.quickStepS)).rounded(.up)
        let half = 0.5 * seconds / steps
        var oilTerm = GaussTerm(amplitude: curve.a0, tau: curve.tau0, half: half)
        var fastTerm = GaussTerm(amplitude: curve.a1, tau: curve.tau1, half: half)
        var slowTerm = GaussTerm(amplitude: curve.a2, tau: curve.tau2, half: half)
        var sum = 0.0
        for _ in 0..<Int(steps) {
            let middle = curve.base + oilTerm.middle + fastTerm.middle + slowTerm.middle
            let near0 = curve.base + oilTerm.beforeNear + fastTerm.beforeNear + slowTerm.beforeNear
            let near1 = curve.base + oilTerm.afterNear + fastTerm.afterNear + slowTerm.afterNear
            let far0 = curve.base + oilTerm.beforeFar + fastTerm.beforeFar + slowTerm.beforeFar
            let far1 = curve.base + oilTerm.afterFar + fastTerm.afterFar + slowTerm.afterFar
            sum += GaussTerm.middleWeight * rate(middle)
            sum += GaussTerm.nearWeight * (rate(near0) + rate(near1))
            sum += GaussTerm.farWeight * (rate(far0) + rate(far1))
            oilTerm.next()
            fastTerm.next()
            slowTerm.next()
        }
        agedHours += sum * half / 3600
    }

    private func rate(_ hotSpotC: Double) -> Double { ageing.rate(hotSpotC: hotSpotC, ratedHotSpotC: ratedHotSpotC) }
}
