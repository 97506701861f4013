public import Sim

/// What a vehicle that stands at an EVSE would say of itself, had it a digital way to.
public struct PluggedVehicle: Sendable, BitwiseCopyable {
    public var capacityWh: Double
    /// 0 ... 1, now and as wanted.
    public var stateOfCharge: Double
    public var targetStateOfCharge: Double
    /// When the driver means to leave; `distantFuture` when the charge decides.
    public var departure: SimTime
    /// Most that vehicle, EVSE and cable can take together, W at the connector; 0 where the charge has not begun.
    public var powerMaxW: Double

    /// Wanted still, Wh.
    public var energyWh: Double { max(0, targetStateOfCharge - stateOfCharge) * capacityWh }
}

extension SitePlant {
    /// The vehicle at an EVSE of the site; `nil` when there is none.
    public func vehicle(at e: Int) -> PluggedVehicle? {
        let evse = evses[e]
        guard evse.phase != .free, evse.phase != .parking, evse.phase != .leaving, let driver = evse.driver else {
            return nil
        }
        return PluggedVehicle(
            capacityWh: driver.capacityWh, stateOfCharge: evse.process.stateOfCharge,
            targetStateOfCharge: driver.targetSoC, departure: driver.departure, powerMaxW: evse.ownLimitW)
    }
}
