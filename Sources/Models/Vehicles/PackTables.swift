/// Temperature and efficiency tables of vehicles' batteries and on-board chargers.
///
/// - Source: `reference/vehicle_thermal.json`.
public enum PackTables {
    /// Battery temperature in °C and the share of the DC curve it allows, for liquid-cooled packs.
    public static let derateLiquid: DeratingTable = generatedDerateLiquid
    /// The same for packs cooled by air.
    public static let derateAir: DeratingTable = generatedDerateAir
    /// Lithium iron phosphate below 10 °C: a further factor.
    public static let lfpColdFactor: Double = generatedLFPColdFactor
    /// Heat capacity, Wh/K per kWh of battery.
    public static let heatCapacityWhPerKPerKWh: Double = generatedHeatCapacity
    /// Heat loss to ambient, W/K.
    public static let lossWPerKCar: Double = generatedLossCar
    public static let lossWPerKTruck: Double = generatedLossTruck
    /// Largest heat the coolant takes away, W.
    public static let coolingMaxWCar: Double = generatedCoolingCar
    public static let coolingMaxWTruck: Double = generatedCoolingTruck
    /// Electric heater, W.
    public static let heaterWCar: Double = generatedHeaterCar
    public static let heaterWVan: Double = generatedHeaterVan
    public static let heaterWTruck: Double = generatedHeaterTruck
    /// Preconditioning aims at this battery temperature, °C, and starts this far below it, K.
    public static let preconditionTargetC: Double = generatedPreconditionTargetC
    public static let preconditionHysteresisK: Double = generatedPreconditionHysteresisK
    /// On-board charger efficiency over current in A.
    public static let onboardOnePhase: DeratingTable = generatedOnboardOnePhase
    public static let onboardThreePhase: DeratingTable = generatedOnboardThreePhase
}
