public import Models
public import Sim

/// A place with charging stations behind one grid connection.
public struct SiteSpec: Sendable {
    /// Unique in the world.
    public var id: String
    public var name: String
    /// The template it was made from.
    public var template: String
    public var kind: SiteKind
    /// Degrees north; NaN where unknown.
    public var latitude: Double
    /// Degrees east; NaN where unknown.
    public var longitude: Double
    /// Who comes of their own accord; empty where a fleet or a session list takes their place.
    public var demand: [DemandSpec]
    public var transformer: TransformerSpec?
    public var building: BuildingSpec?
    /// Limit of the site's import including the building, W.
    public var importLimitW: Double?
    public var control: SiteControl
    /// Places for drivers who wait, for each kind of charger.
    public var queuePlaces: Int
    public var stations: [StationSpec]
    /// A session list to replay; when not empty nobody else arrives. Sorted by arrival, then EVSE.
    public var fixedSessions: ContiguousArray<ReplayedSession>
    /// Sessions of that list that begin before the world does, and are left out.
    public var sessionsBefore: SessionsOutside?
    public var fleet: FleetSpec?
    public var surroundings = SurroundingsSpec()

    /// EVSEs of the site; their dense indices run through ``stations`` in order.
    public var evseCount: Int { stations.reduce(0) { $0 + $1.evses.count } }
    /// EVSEs of one kind.
    public func evseCount(_ kind: StationKind) -> Int {
        stations.reduce(0) { $0 + ($1.kind == kind ? $1.evses.count : 0) }
    }
    /// Connectors of one kind of station.
    public func connectorCount(_ kind: StationKind) -> Int {
        stations.reduce(0) { sum, station in
            sum + (station.kind == kind ? station.evses.reduce(0) { $0 + $1.connectors.count } : 0)
        }
    }
    /// Connectors of the site.
    public var connectorCount: Int { stations.reduce(0) { $0 + $1.evses.reduce(0) { $0 + $1.connectors.count } } }
    /// Sum of the stations' ratings, W.
    public var connectedW: Double { stations.reduce(0) { $0 + $1.ratedW } }
}

/// The transformer that feeds a site.
public struct TransformerSpec: Sendable, Hashable {
    /// Which standard's thermal model.
    public enum Model: String, CaseIterable, Sendable {
        case iec60076 = "iec60076_7"
        case ieeeC57 = "ieee_c57_91"
        case dryType = "dry_type"
    }
    /// Type and cooling, the rows of the thermal constants.
    public enum Cooling: String, CaseIterable, Sendable {
        case distributionONAN = "distribution_onan"
        case powerONAN = "power_onan"
        case powerONAF = "power_onaf"
        case of
        case od
        /// Dry type in natural air, with fans, and with fans that start when it is hot.
        case an
        case af
        case anAF = "an_af"

        var isDry: Bool { self == .an || self == .af || self == .anAF }
    }
    /// Thermal class of a dry type's insulation.
    public enum InsulationClass: String, CaseIterable, Sendable {
        /// 155 °C and 180 °C.
        case f
        case h
    }
    /// Thermal constants, as far as the model has them; per unit loads are raised to the exponents.
    public struct Constants: Sendable, Hashable {
        /// Top-oil rise and hot-spot rise over top oil at rated load, K; of a dry type the latter is over the ambient.
        public var topOilRiseK: Double
        public var hotSpotRiseK: Double
        public var oilMinutes: Double
        public var windingMinutes: Double
        /// IEC x and y, IEEE n and m, dry type: q in `winding`.
        public var oilExponent: Double
        public var windingExponent: Double
        public var k11: Double
        public var k21: Double
        public var k22: Double
        /// Hot spot of normal ageing of a dry type, °C.
        public var ratedHotSpotC: Double
    }
    /// kVA.
    public var ratingKVA: Double
    public var model: Model
    public var cooling: Cooling
    public var constants: Constants
    /// Of a dry type with the cooling `an_af`.
    public var fans: FanStage?
    /// Thermally upgraded paper (reference hot spot 110 °C), else plain kraft (98 °C).
    public var upgradedPaper: Bool
    /// Added to the ambient temperature: kiosk, sun, basement; K.
    public var ambientOffsetK: Double
    /// Load loss / no-load loss at rated load.
    public var lossRatio: Double
    /// Insulation life at the rated hot spot, h.
    public var insulationLifeH: Double
    public var rule: AgeingRule
    public var start: TransformerParameters.Start
}

/// A column of a table whose rows hold for a time each.
public struct TableCourse: Sendable, Hashable {
    public var values: [Double]
    /// Length of a row, s.
    public var rowS: Int64
    /// The first row holds at the start of the world and they repeat; else they are the rows of a year.
    public var startsWithRun: Bool
}

/// The load of the building behind the same connection.
public struct BuildingSpec: Sendable {
    public enum Load: Sendable {
        /// A shape of `reference/building_load_shapes.json`, per unit of the peak.
        case shape(String)
        /// Values in W.
        case table(TableCourse)
    }
    public var load: Load
    /// Highest row, W.
    public var peakW: Double
    /// Of the building's load, for the transformer's apparent power.
    public var powerFactor: Double
    /// Adds 15-minute AR(1) noise (ρ 0.8, σ 5 %).
    public var noise: Bool
}

/// How the site shares its import limit.
public enum SiteControl: Sendable, Hashable {
    /// Everybody charges at what the station gives.
    case none
    /// Weighted max-min share of what the limit leaves.
    case fairShare(marginFraction: Double, minimumW: Double)
}

/// Vehicles that belong to the site: out during the day, back in the evening, every one with its own place.
public struct FleetSpec: Sendable {
    public var vehicles: Int
    /// Id in `reference/vehicles.json`.
    public var vehicle: String
    /// First return, seconds after midnight.
    public var returnFromS: Int
    /// Last return, seconds after midnight, not before the first.
    public var returnToS: Int
    /// Departure, seconds after midnight (of the next day when not after the return).
    public var departureS: Int
    /// Whether the fleet also works on Saturday and Sunday.
    public var weekends: Bool
    /// Energy used in a day's work, Wh.
    public var energyWh: QuantileTable
}

/// A charging station: one device, one OCPP identity.
public struct StationSpec: Sendable, Hashable {
    public enum Efficiency: String, CaseIterable, Sendable {
        /// Tables of `reference/charger_efficiency.json` by class.
        case table
        /// No losses, unity power factor, no standby.
        case ideal
    }
    /// Unique in the world.
    public var id: String
    public var kind: StationKind
    /// Output of the whole station, W.
    public var ratedW: Double
    /// Power modules shared between the outlets; 0 for AC.
    public var moduleCount: Int
    /// Rating of a module, W; 0 for AC.
    public var moduleW: Double
    /// Phases of the supply of an AC outlet (1 or 3); 3 for DC.
    public var phases: Int
    /// AC: voltage across one charging phase, V. DC: highest output voltage, V.
    public var voltageV: Double
    /// AC: amperes per phase of an outlet. DC: highest output current of an outlet, A.
    public var ampsMax: Double
    public var efficiency: Efficiency
    /// Power factor of the input, 0 ... 1; DC stations with tables follow the table below this value.
    public var powerFactor: Double
    public var evses: [EVSESpec]
    /// Weight in the site's sharing, positive.
    public var weight: Double
    /// Age at the world's start, years; `nil` where it is drawn.
    public var ageYears: Double?
}

/// An outlet that charges one vehicle at a time.
public struct EVSESpec: Sendable, Hashable {
    /// W.
    public var ratedW: Double
    /// Current the cable carries, A.
    public var cableAmps: Double
    /// Plugs, of which one can be in use.
    public var connectors: [ConnectorType]
}
