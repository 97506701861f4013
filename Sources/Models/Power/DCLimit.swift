/// What a DC outlet can deliver to a pack: power, current and a window of voltage, all at the connector.
public struct DCOutlet: BitwiseCopyable, Sendable, Codable {
    /// Rated power, W.
    public var ratedW: Double
    /// Largest current of the converter and of the cable, A.
    public var currentMaxA: Double
    public var cableMaxA: Double
    /// Voltages it can deliver, V.
    public var voltageMinV: Double
    public var voltageMaxV: Double

    public init(
        ratedW: Double, currentMaxA: Double, cableMaxA: Double, voltageMinV: Double = 150, voltageMaxV: Double
    ) {
        self.ratedW = ratedW
        self.currentMaxA = currentMaxA
        self.cableMaxA = cableMaxA
        self.voltageMinV = voltageMinV
        self.voltageMaxV = voltageMaxV
    }

    /// Current that cable and converter allow, A.
    public var currentA: Double { min(currentMaxA, cableMaxA) }

    /// Limits for charging `vehicle` here: power and current at the connector in terms of ``Acceptance``; `nil` when the
    /// voltages do not meet and the vehicle has no booster.
    ///
    /// An 800 V vehicle at an outlet below its empty-pack voltage charges through its on-board booster, 50 kW, or 150 kW
    /// when its peak is above 225 kW (domain reference 3.2).
    public func acceptance(for vehicle: VehicleModel) -> Acceptance? {
        var boosterW: Double?
        if vehicle.voltageClassV >= 800, vehicle.kind == .car || vehicle.kind == .van {
            boosterW = vehicle.dcPeakW > 225_000 ? 150_000 : 50_000
        }
        return limiting(Acceptance(vehicle: vehicle), boosterW: boosterW)
    }

    /// The same for any battery; the booster's current limit holds at the outlet's voltage and shows as a power limit.
    public func limiting(_ battery: Acceptance, boosterW: Double?) -> Acceptance? {
        let lowest = battery.packV0
        let highest = battery.packV0 + battery.packVSlope
        guard highest >= voltageMinV else { return nil }
        var limited = battery
        // The top of the pack may be out of reach by a little: full packs taper below it anyway.
        if lowest <= voltageMaxV, voltageMaxV >= 0.9 * highest {
            limited.limitW = ratedW
            limited.currentLimitA = currentA
            return limited
        }
        guard let boosterW else { return nil }
        limited.limitW = min(ratedW, boosterW, currentA * min(voltageMaxV, 400))
        return limited
    }
}
