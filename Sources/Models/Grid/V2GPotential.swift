/// What a fleet can give back to the grid. - Source: energy balance, domain reference 9.4.
public struct V2GPotential: BitwiseCopyable, Sendable {
    /// Energy at the grid, Wh.
    public let energyWh: Double
    /// Grid power of all inverters, W.
    public let inverterW: Double
    /// How long all inverters can run at full power, h.
    public var hoursAtFullPower: Double { energyWh / inverterW }

    /// - Parameters:
    ///   - batteryWh: capacity of each vehicle.
    ///   - socNow: present state of charge; `socMinimum` stays in the battery.
    ///   - dischargeW: grid-side limit of each vehicle's inverter.
    ///   - efficiency: battery to grid.
    public init(
        vehicles: Int, batteryWh: Double, socNow: Double, socMinimum: Double, dischargeW: Double, efficiency: Double
    ) {
        energyWh = Double(vehicles) * batteryWh * max(0, socNow - socMinimum) * efficiency
        inverterW = Double(vehicles) * dischargeW
    }

    /// Largest constant power over `hours`, W.
    public func sustainedW(hours: Double) -> Double { min(inverterW, energyWh / hours) }
}
