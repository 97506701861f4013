extension BatteryChemistry {
    /// Share of the energy at the terminals that is stored when charging at `cRate` (1/h).
    ///
    /// - Source: Caldera ICM (Idaho National Laboratory); nickel-rich and iron-phosphate cells use the NMC fit.
    @inlinable public func chargeEfficiency(cRate: Double) -> Double {
        switch self {
        case .nmc, .nca, .ncma, .lfp: 0.9908 - 0.00539 * cRate
        case .lmo: 0.9937 - 0.00793 * cRate
        case .lto: 0.9874 - 0.00784 * cRate
        }
    }
    /// Share of the stored energy that arrives at the terminals when discharging at `cRate` (1/h).
    @inlinable public func dischargeEfficiency(cRate: Double) -> Double {
        switch self {
        case .nmc, .nca, .ncma, .lfp: 1 / (1.00887 + 0.00623 * cRate)
        case .lmo: 1 / (1.00567 + 0.00921 * cRate)
        case .lto: 1 / (1.01092 + 0.01024 * cRate)
        }
    }
}
