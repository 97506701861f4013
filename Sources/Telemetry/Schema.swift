/// Storage type of a column. Text occurs in static tables only.
public enum ColumnType: Sendable, Hashable, Codable {
    case int64
    case int32
    case float64
    case float32
    case uint8
    case text

    /// Bytes of one value in the file; text has no fixed size and counts as 0.
    var byteCount: Int {
        switch self {
        case .int64, .float64: 8
        case .int32, .float32: 4
        case .uint8: 1
        case .text: 0
        }
    }

    /// Bytes of one value that means "nothing here": NaN for floating point, 0 for integers.
    var fillBytes: [UInt8] {
        switch self {
        case .int64: [UInt8](repeating: 0, count: 8)
        case .int32: [UInt8](repeating: 0, count: 4)
        case .float64: withUnsafeBytes(of: Double.nan.bitPattern.littleEndian) { Array($0) }
        case .float32: withUnsafeBytes(of: Float.nan.bitPattern.littleEndian) { Array($0) }
        case .uint8: [0]
        case .text: []
        }
    }
}

/// Name, unit and meaning of one column.
public struct ColumnSpec: Sendable, Hashable, Codable {
    /// Units text that stands for simulated time: the file gets CF's `microseconds since <epoch>` with a calendar.
    public static let simulatedTime = "microseconds since start"

    /// Name of the dataset, unit suffix included (`energy_wh`).
    public var name: String
    /// Symbol of the unit (`Wh`, `s`, `degC`), "1" for a ratio, empty for codes and indices.
    public var units: String
    /// One line for people: what the number is.
    public var longName: String
    public var type: ColumnType
    /// Words for the codes 0, 1, 2 … of an enumeration (CF `flag_values`, `flag_meanings`); empty for plain numbers.
    public var flagMeanings: [String]
    /// Word for the code -1 of an enumeration of signed integers; empty if the code does not occur.
    public var minusOneMeaning: String

    public init(
        name: String, units: String, longName: String, type: ColumnType, flagMeanings: [String] = [],
        minusOneMeaning: String = ""
    ) {
        self.name = name
        self.units = units
        self.longName = longName
        self.type = type
        self.flagMeanings = flagMeanings
        self.minusOneMeaning = minusOneMeaning
    }

    /// A column of simulated times: `Int64` microseconds since the world's start.
    public static func time(_ name: String, _ longName: String) -> ColumnSpec {
        ColumnSpec(name: name, units: simulatedTime, longName: longName, type: .int64)
    }
}

/// Values of one column, in row order.
public enum ColumnData: Sendable, Hashable {
    case int64([Int64])
    case int32([Int32])
    case float64([Double])
    case float32([Float])
    case uint8([UInt8])
    case text([String])

    /// Number of rows.
    public var count: Int {
        switch self {
        case .int64(let values): values.count
        case .int32(let values): values.count
        case .float64(let values): values.count
        case .float32(let values): values.count
        case .uint8(let values): values.count
        case .text(let values): values.count
        }
    }

    public var type: ColumnType {
        switch self {
        case .int64: .int64
        case .int32: .int32
        case .float64: .float64
        case .float32: .float32
        case .uint8: .uint8
        case .text: .text
        }
    }
}

/// A table whose rows are all known at the start (sites, stations, connectors).
public struct StaticTable: Sendable {
    /// Group in the file (`sites`).
    public var name: String
    /// Dimension of its rows (`site`).
    public var dimension: String
    /// Columns of equal length; a text column named `id` also labels the dimension.
    public var columns: [(ColumnSpec, ColumnData)]

    public init(name: String, dimension: String, columns: [(ColumnSpec, ColumnData)]) {
        self.name = name
        self.dimension = dimension
        self.columns = columns
    }
}

/// One quantity of a series group: `Float`, dimensions (time, entity), NaN where not modelled.
public struct SeriesSpec: Sendable, Hashable, Codable {
    public var name: String
    public var units: String
    public var longName: String
    /// CF `cell_methods`, how a sample stands for its interval (`time: mean`, `time: maximum`); empty if not said.
    public var cellMethods: String

    public init(name: String, units: String, longName: String, cellMethods: String = "") {
        self.name = name
        self.units = units
        self.longName = longName
        self.cellMethods = cellMethods
    }
}

/// Regular time series of many entities; a sample is labelled with the start of its interval.
public struct SeriesGroup: Sendable, Hashable {
    /// Group in the file (`series`).
    public var name: String
    /// Dimension of the entities (`site`).
    public var entityDimension: String
    /// Labels of the entities, in column order.
    public var entityIDs: [String]
    public var variables: [SeriesSpec]
    /// Length of an interval, seconds.
    public var intervalS: Int

    public init(
        name: String, entityDimension: String, entityIDs: [String], variables: [SeriesSpec], intervalS: Int
    ) {
        self.name = name
        self.entityDimension = entityDimension
        self.entityIDs = entityIDs
        self.variables = variables
        self.intervalS = intervalS
    }
}

/// A table that grows by rows while the run goes on (sessions, outages).
public struct RowTable: Sendable, Hashable {
    public var name: String
    public var dimension: String
    public var columns: [ColumnSpec]

    public init(name: String, dimension: String, columns: [ColumnSpec]) {
        self.name = name
        self.dimension = dimension
        self.columns = columns
    }
}

/// Value of an attribute.
public enum AttributeValue: Sendable, Hashable {
    case text(String)
    case int(Int)
    case double(Double)
}

/// Everything that is known about a telemetry file before its first sample.
public struct TelemetryLayout: Sendable {
    public var tables: [StaticTable]
    public var series: [SeriesGroup]
    public var rows: [RowTable]
    /// Local civil time of the start, ISO 8601 without zone (`2025-01-06T00:00:00`).
    public var epoch: String
    /// Attributes of the group `/meta`.
    public var attributes: [(String, AttributeValue)]
    /// Samples in a chunk; 0 stands for one day, a different number of samples for each series group.
    public var chunkSamples: Int
    /// Entities in a chunk.
    public var chunkEntities: Int

    public init(
        tables: [StaticTable], series: [SeriesGroup], rows: [RowTable], epoch: String,
        attributes: [(String, AttributeValue)], chunkSamples: Int = 0, chunkEntities: Int = 64
    ) {
        self.tables = tables
        self.series = series
        self.rows = rows
        self.epoch = epoch
        self.attributes = attributes
        self.chunkSamples = chunkSamples
        self.chunkEntities = chunkEntities
    }

    /// Samples in a chunk of `group`: as asked for, or as many as a day holds.
    public func chunkSamples(of group: SeriesGroup) -> Int {
        chunkSamples > 0 ? chunkSamples : max(1, 86_400 / max(1, group.intervalS))
    }
}
