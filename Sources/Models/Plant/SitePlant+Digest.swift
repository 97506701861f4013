internal import Sim

extension SitePlant {
    /// Adds the thermal state of the transformer and the energy so far to the digest, in whole thousandths. Called at every
    /// midnight and at the end of the run, whatever is recorded.
    public mutating func mixState() {
        digest.mix(Int64((totals.energyWh * 1000).rounded()))
        digest.mix(Int64((totals.gridEnergyWh * 1000).rounded()))
        guard let thermal = grid.thermal else { return }
        digest.mix(Int64((thermal.topOilC * 1000).rounded()))
        digest.mix(Int64((thermal.hotSpotC * 1000).rounded()))
        digest.mix(Int64((thermal.agedHours * 1000).rounded()))
    }
}
