public import Sim

/// Temperature of a pack while it charges, and the share of the charge curve that it allows.
///
/// With held losses the temperature relaxes: `C dT/dt = P_loss - UA (T - Ta) - P_cool`. The share is held within bands
/// of ``bandK`` kelvin; leaving a band is an event.
/// - Source: domain reference 2.4; derating and pack defaults of `reference/vehicle_thermal.json`.
public struct PackThermal: BitwiseCopyable, Sendable, Codable {
    /// Width of a band, K.
    public static let bandK = 4.0

    private let isLiquid: Bool
    private let isLFP: Bool
    private let capacityJPerK: Double
    private let lossWPerK: Double
    private let coolingMaxW: Double
    private var heatW = 0.0
    private var ambientC: Double
    private var ultimateC: Double
    private var tauS: Double
    public private(set) var temperatureC: Double
    private var updatedAt: SimTime
    /// Index of the band in force.
    private var band: Int32

    public init(vehicle: VehicleModel, temperatureC: Double, now: SimTime) {
        let isHeavy = vehicle.kind == .truck || vehicle.kind == .bus
        isLiquid = vehicle.cooling == .liquid
        isLFP = vehicle.chemistry == .lfp
        capacityJPerK = 3600 * PackTables.heatCapacityWhPerKPerKWh * vehicle.usableWh / 1000
        lossWPerK = isHeavy ? PackTables.lossWPerKTruck : PackTables.lossWPerKCar
        coolingMaxW = !isLiquid ? 0 : isHeavy ? PackTables.coolingMaxWTruck : PackTables.coolingMaxWCar
        self.temperatureC = temperatureC
        ambientC = temperatureC
        ultimateC = temperatureC
        tauS = capacityJPerK / lossWPerK
        updatedAt = now
        band = Self.band(of: temperatureC)
    }

    /// Holds a charging power and its losses from now on; coolant rejects what it can of them above 30 °C.
    public mutating func hold(powerW: Double, lossShare: Double, ambientC: Double) {
        heatW = powerW * lossShare
        self.ambientC = ambientC
        settle()
    }

    private mutating func settle() {
        let cooledW = temperatureC > 30 ? min(heatW, coolingMaxW) : 0
        ultimateC = ambientC + (heatW - cooledW) / lossWPerK
    }

    /// Share of the charge curve in the present band, 0 ... 1.
    public var factor: Double {
        let middle = (Double(band) + 0.5) * Self.bandK
        let table = isLiquid ? PackTables.derateLiquid : PackTables.derateAir
        return table.value(at: middle) * (isLFP && middle < 10 ? PackTables.lfpColdFactor : 1)
    }

    /// Time until the temperature leaves its band under what is held; nil when it stays.
    public func timeToBandEdge(now: SimTime) -> SimDuration? {
        let temperature = temperature(at: now)
        let edge = ultimateC > temperature ? Double(band + 1) * Self.bandK : Double(band) * Self.bandK
        let ratio = (edge - ultimateC) / (temperature - ultimateC)
        guard ratio > 0, ratio < 1 else { return nil }
        return .roundingUp(seconds: -tauS * Math.log(ratio))
    }

    /// The temperature has reached the edge of its band: it stands on the edge, and the next band is in force.
    public mutating func enterNextBand(now: SimTime) {
        let rising = ultimateC > temperatureC
        temperatureC = Double(rising ? band + 1 : band) * Self.bandK
        updatedAt = now
        band += rising ? 1 : -1
        settle()
    }

    private func temperature(at now: SimTime) -> Double {
        ultimateC + (temperatureC - ultimateC) * Math.exp(-(now - updatedAt).seconds / tauS)
    }
    private static func band(of temperatureC: Double) -> Int32 { Int32((temperatureC / bandK).rounded(.down)) }
}
