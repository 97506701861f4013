/// What a DC outlet can deliver to a pack: power, current and a window of voltage.
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

    /// Power into a pack at `packV` that accepts `acceptedW`; 0 outside the window.
    public func powerW(packV: Double, acceptedW: Double) -> Double {
        guard packV >= voltageMinV, packV <= voltageMaxV else { return 0 }
        return min(acceptedW, ratedW, currentA * packV)
    }

    /// Limits for charging `vehicle` here: power and current in terms of ``Acceptance``; `nil` when the voltages do
    /// not meet and the vehicle has no booster.
    ///
    /// An 800 V vehicle at an outlet below its empty-pack voltage charges through its on-board booster, 50 kW, or 150 kW
    /// when its peak is above 225 kW (domain reference 3.2); the current limit then holds at the outlet's voltage and
    /// shows as a power limit.
    public func acceptance(for vehicle: VehicleModel) -> Acceptance? {
        let lowest = vehicle.packV0
        let highest = vehicle.packV0 + vehicle.packVSlope
        guard highest >= voltageMinV else { return nil }
        if highest <= voltageMaxV {
            return Acceptance(vehicle: vehicle, limitW: ratedW, currentLimitA: currentA)
        }
        guard vehicle.voltageClassV >= 800, lowest > voltageMaxV || voltageMaxV < 0.9 * highest else {
            // The top of the pack is out of reach by a little: full packs taper below it anyway.
            return Acceptance(vehicle: vehicle, limitW: ratedW, currentLimitA: currentA)
        }
        guard vehicle.kind == .car || vehicle.kind == .van else { return nil }
        let booster = vehicle.dcPeakW > 225_000 ? 150_000.0 : 50_000
        return Acceptance(vehicle: vehicle, limitW: min(ratedW, booster, currentA * min(voltageMaxV, 400)))
    }
}
