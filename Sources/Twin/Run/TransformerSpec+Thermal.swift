internal import Models

extension TransformerSpec {
    /// The thermal model that this world key asks for, settled at no load.
    func thermal(ambientC: Double) -> TransformerThermal {
        let ageing: InsulationAgeing = upgradedPaper ? .upgradedPaper : .plainPaper
        let c = constants
        switch model {
        case .iec60076:
            let parameters = IECThermalParameters(
                topOilRiseK: c.topOilRiseK, hotSpotRiseK: c.hotSpotRiseK, oilMinutes: c.oilMinutes,
                windingMinutes: c.windingMinutes, lossRatio: lossRatio, x: c.oilExponent, y: c.windingExponent,
                k11: c.k11, k21: c.k21, k22: c.k22)
            return TransformerThermal(iec: parameters, ageing: ageing, rule: rule, loadK: 0, ambientC: ambientC)
        case .ieeeC57:
            let parameters = IEEEThermalParameters(
                topOilRiseK: c.topOilRiseK, hotSpotRiseK: c.hotSpotRiseK, lossRatio: lossRatio, m: c.windingExponent,
                n: c.oilExponent, oilMinutes: c.oilMinutes, windingMinutes: c.windingMinutes)
            return TransformerThermal(ieee: parameters, ageing: ageing, rule: rule, loadK: 0, ambientC: ambientC)
        case .dryType:
            let parameters = DryTypeParameters(
                hotSpotRiseK: c.hotSpotRiseK, ratedHotSpotC: c.ratedHotSpotC, q: c.windingExponent,
                minutes: c.windingMinutes, fans: fans)
            return TransformerThermal(dry: parameters, rule: rule, loadK: 0, ambientC: ambientC)
        }
    }

    /// Hot spot at which insulation ages at the normal rate, °C.
    var ratedHotSpotC: Double {
        switch model {
        case .dryType: constants.ratedHotSpotC
        case .iec60076, .ieeeC57: upgradedPaper ? InsulationAgeing.upgradedPaperC : InsulationAgeing.plainPaperC
        }
    }

    /// Constants of a cooling; a dry type's have none here.
    static func iec(_ cooling: Cooling) -> IECThermalParameters {
        switch cooling {
        case .distributionONAN, .an, .af, .anAF: .distributionONAN
        case .powerONAN: .mediumONAN
        case .powerONAF: .mediumONAF
        case .of: .powerOF
        case .od: .powerOD
        }
    }
    static func ieee(_ cooling: Cooling) -> IEEEThermalParameters {
        switch cooling {
        case .distributionONAN, .powerONAN, .an, .af, .anAF: .onan
        case .powerONAF: .onaf
        case .of: .ofaf
        case .od: .odaf
        }
    }
}
