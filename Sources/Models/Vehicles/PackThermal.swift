internal import Sim

/// Temperature of a traction battery: one lump that relaxes, and the share of power it allows, in bands.
///
/// `C T' = heat - UA (T - Ta)`; with held heat and ambient this is a relaxation. The allowed share is held constant in
/// bands of ``bandK``; crossing a band's edge is an event of the caller (``secondsToBandEdge(heatW:ambientC:)``).
/// - Source: domain reference 2.4, `reference/vehicle_thermal.json`.
public struct PackThermal: BitwiseCopyable, Sendable, Codable {
    /// Width of the bands in which power is held, K.
    public static let bandK = 2.5

    /// Battery temperature, °C, as of the last advance.
    public private(set) var temperatureC: Double
    private let capacityJPerK: Double
    private let lossWPerK: Double
    private let chemistry: BatteryChemistry
    private let cooling: PackCooling
    /// Heater and largest heat that the coolant takes away, W.
    public let heaterW: Double
    public let coolingMaxW: Double

    /// The pack of `vehicle` at `temperatureC`.
    public init(vehicle: VehicleModel, temperatureC: Double) {
        self.temperatureC = temperatureC
        capacityJPerK = PackTables.heatCapacityWhPerKPerKWh * 3600 * vehicle.usableWh / 1000
        chemistry = vehicle.chemistry
        cooling = vehicle.cooling
        switch vehicle.kind {
        case .car:
            lossWPerK = PackTables.lossWPerKCar
            heaterW = vehicle.cooling == .liquid ? PackTables.heaterWCar : 0
            coolingMaxW = vehicle.cooling == .liquid ? PackTables.coolingMaxWCar : 0
        case .van:
            lossWPerK = PackTables.lossWPerKCar
            heaterW = PackTables.heaterWVan
            coolingMaxW = PackTables.coolingMaxWCar
        case .truck, .bus:
            lossWPerK = PackTables.lossWPerKTruck
            heaterW = PackTables.heaterWTruck
            coolingMaxW = PackTables.coolingMaxWTruck
        }
    }

    /// Share of the DC curve that the temperature allows, by cooling and chemistry, 0 ... 1.
    ///
    /// Held over bands: the value at the middle of the band that holds the temperature.
    public var powerFactor: Double {
        let middle = (band + 0.5) * Self.bandK
        let table = cooling == .liquid ? PackTables.derateLiquid : PackTables.derateAir
        let cold = chemistry == .lfp && middle < 10 ? PackTables.lfpColdFactor : 1
        return table.value(at: middle) * cold
    }

    private var band: Double { (temperatureC / Self.bandK).rounded(.down) }
    private var tauS: Double { capacityJPerK / lossWPerK }

    /// What the heater draws while the pack charges, W: all it has below 0 °C, from the station.
    public var wantedHeaterW: Double { temperatureC < 0 ? heaterW : 0 }

    /// Heat in W that charging at `powerW` leaves in a pack of `capacityWh`, with coolant above 35 °C and what the heater
    /// is given.
    public func chargingHeatW(powerW: Double, capacityWh: Double, heaterW: Double) -> Double {
        let loss = powerW * (1 - chemistry.chargeEfficiency(cRate: powerW / capacityWh))
        return temperatureC >= 35 ? loss - min(coolingMaxW, loss) : loss + heaterW
    }

    /// Moves on by `seconds` with `heatW` into the pack and surroundings at `ambientC`, both held.
    public mutating func advance(seconds: Double, heatW: Double, ambientC: Double) {
        let final = ambientC + heatW / lossWPerK
        temperatureC = final + (temperatureC - final) * Math.exp(-seconds / tauS)
    }

    /// Seconds until the temperature leaves its band, `nil` when it stays.
    public func secondsToBandEdge(heatW: Double, ambientC: Double) -> Double? {
        let final = ambientC + heatW / lossWPerK
        let low = band * Self.bandK
        // The upper edge belongs to the next band, the lower to this one: pass it by a hair.
        let edge = final > temperatureC ? low + Self.bandK : low - 1e-9
        return secondsTo(edge, final: final)
    }

    /// Heats for `seconds` at most, to `targetC` at most; a pack that is warmer or has no heater stays as it is.
    public mutating func precondition(to targetC: Double, within seconds: Double, ambientC: Double) {
        guard heaterW > 0, temperatureC < targetC else { return }
        let needed = preconditioningSeconds(targetC: targetC, ambientC: ambientC) ?? .infinity
        if needed <= seconds {
            temperatureC = targetC
        } else {
            advance(seconds: seconds, heatW: heaterW, ambientC: ambientC)
        }
    }

    /// Seconds of heating until `targetC` is reached, `nil` when the heater is too weak or the pack is warmer already.
    public func preconditioningSeconds(targetC: Double, ambientC: Double) -> Double? {
        guard temperatureC < targetC else { return nil }
        return secondsTo(targetC, final: ambientC + heaterW / lossWPerK)
    }

    private func secondsTo(_ targetC: Double, final: Double) -> Double? {
        let ratio = (targetC - final) / (temperatureC - final)
        guard ratio > 0, ratio < 1 else { return nil }
        return -tauS * Math.log(ratio)
    }
}
