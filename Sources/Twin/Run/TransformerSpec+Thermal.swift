internal import Models

extension TransformerSpec {
    /// The thermal model that this world key asks for, settled at no load.
    func thermal(ambientC: Double) -> TransformerThermal {
        let ageing: InsulationAgeing = upgradedPaper ? .upgradedPaper : .plainPaper
        switch model {
        case .iec60076:
            return TransformerThermal(
                iec: iec.with(lossRatio: lossRatio), ageing: ageing, loadK: 0, ambientC: ambientC)
        case .ieeeC57:
            return TransformerThermal(
                ieee: ieee.with(lossRatio: lossRatio), ageing: ageing, loadK: 0, ambientC: ambientC)
        }
    }

    private var iec: IECThermalParameters {
        switch cooling {
        case .distributionONAN: .distributionONAN
        case .powerONAN: .mediumONAN
        case .powerONAF: .mediumONAF
        case .of: .powerOF
        case .od: .powerOD
        }
    }
    private var ieee: IEEEThermalParameters {
        switch cooling {
        case .distributionONAN, .powerONAN: .onan
        case .powerONAF: .onaf
        case .of: .ofaf
        case .od: .odaf
        }
    }
}
