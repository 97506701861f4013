/// Cathode family of a traction battery: decides efficiency and cold behaviour.
public enum BatteryChemistry: UInt8, CaseIterable, Sendable, Codable, BitwiseCopyable {
    /// Nickel manganese cobalt.
    case nmc
    /// Nickel cobalt aluminium.
    case nca
    /// Nickel cobalt manganese aluminium.
    case ncma
    /// Lithium iron phosphate.
    case lfp
    /// Lithium manganese oxide.
    case lmo
    /// Lithium titanate.
    case lto
}

/// Size class of a vehicle: decides thermal mass, heater and cooling.
public enum VehicleKind: UInt8, CaseIterable, Sendable, Codable, BitwiseCopyable {
    case car
    case van
    case truck
    case bus
}

/// Where a vehicle was sold: decides its inlets.
public enum Market: UInt8, CaseIterable, Sendable, Codable, BitwiseCopyable {
    case europe
    case northAmerica
}

/// How heat leaves the pack.
public enum PackCooling: UInt8, CaseIterable, Sendable, Codable, BitwiseCopyable {
    case liquid
    case air
}

/// A vehicle type of the catalogue: battery, on-board charger, inlets and the index of its DC curve.
///
/// - Source: `reference/vehicles.json`, `reference/vehicle_markets.json` and `reference/vehicle_onboard.json`.
public struct VehicleModel: Sendable {
    /// Stable name in world files.
    public let id: String
    /// Make, model and variant.
    public let name: String
    /// Usable battery energy, Wh.
    public let usableWh: Double
    /// Nominal pack voltage class, V.
    public let voltageClassV: Double
    public let chemistry: BatteryChemistry
    /// On-board charger by market.
    public let onboardEurope: OnboardRating
    public let onboardNorthAmerica: OnboardRating
    /// Largest DC power the battery accepts, W.
    public let dcPeakW: Double
    /// Index of the DC power curve in ``ChargeCurves``.
    public let curve: Int32
    public let kind: VehicleKind
    public let cooling: PackCooling
    /// AC inlet by market, `nil` when the vehicle has none.
    public let acInletEurope: ConnectorType?
    public let acInletNorthAmerica: ConnectorType?
    /// DC inlet by market.
    public let dcInletEurope: ConnectorType
    public let dcInletNorthAmerica: ConnectorType
    /// Share weight among the vehicles of a market, 0 when not sold there (estimate).
    public let marketWeightEurope: Double
    public let marketWeightNorthAmerica: Double

    /// Linear pack voltage: `packV0 + packVSlope * SoC`, V.
    ///
    /// - Source: the 400 V example of the two-stage battery (330 V empty, 400 V full), scaled by voltage class.
    public var packV0: Double { 0.825 * voltageClassV }
    public var packVSlope: Double { 0.175 * voltageClassV }

    /// On-board charger of the vehicle as sold in `market`.
    public func onboard(in market: Market) -> OnboardRating {
        switch market {
        case .europe: onboardEurope
        case .northAmerica: onboardNorthAmerica
        }
    }
    /// AC inlet of the vehicle as sold in `market`.
    public func acInlet(in market: Market) -> ConnectorType? {
        switch market {
        case .europe: acInletEurope
        case .northAmerica: acInletNorthAmerica
        }
    }
    /// DC inlet of the vehicle as sold in `market`.
    public func dcInlet(in market: Market) -> ConnectorType {
        switch market {
        case .europe: dcInletEurope
        case .northAmerica: dcInletNorthAmerica
        }
    }
    /// Share weight in `market`.
    public func marketWeight(in market: Market) -> Double {
        switch market {
        case .europe: marketWeightEurope
        case .northAmerica: marketWeightNorthAmerica
        }
    }
}

/// The vehicles of `reference/vehicles.json`, in file order; the order is stable and part of no digest but its own.
public enum VehicleCatalogue {
    /// All vehicles; the index of a vehicle here is its number everywhere.
    public static let all: [VehicleModel] = generatedModels

    /// Number of the vehicle called `id`, `nil` when there is none. Linear: for set-up, not for the run.
    public static func index(of id: String) -> Int? { all.firstIndex { $0.id == id } }
}
