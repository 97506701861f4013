/// Season of the standard load profiles.
public enum LoadSeason: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case winter
    case transition
    case summer

    /// Season of a day of the year, 1 ... 366, on the northern hemisphere.
    ///
    /// - Source: BDEW standard load profiles: winter 1 November to 20 March, summer 15 May to 14 September.
    @inlinable public static func of(dayOfYear: Int) -> LoadSeason {
        if dayOfYear < 80 || dayOfYear >= 305 { return .winter }
        return dayOfYear >= 135 && dayOfYear < 258 ? .summer : .transition
    }
}

/// Day type of the standard load profiles.
public enum LoadDay: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case workday
    case saturday
    case sunday

    /// Day type of a weekday, 0 = Monday ... 6 = Sunday.
    @inlinable public static func of(weekday: Int) -> LoadDay {
        weekday == 5 ? .saturday : weekday == 6 ? .sunday : .workday
    }
}

/// Hourly load of a building, as a share of its annual maximum.
///
/// - Source: `reference/building_load_shapes.json`, derived from the BDEW standard load profiles.
public struct BuildingShape: Sendable {
    public let id: String
    public let name: String
    /// `[season][day][hour]` flattened, 3 x 3 x 24 shares of the annual maximum.
    public let hourly: [Double]

    /// Mean load of an hour (0 ... 23) over the annual maximum.
    @inlinable public func share(season: LoadSeason, day: LoadDay, hour: Int) -> Double {
        hourly[(Int(season.rawValue) * 3 + Int(day.rawValue)) * 24 + hour]
    }
}

/// The building shapes by name.
public enum BuildingShapes {
    public static let all: [BuildingShape] = generatedShapes
    /// The shape called `id` (`g0`, `g1`, `g3`, `h0`), `nil` when there is none.
    public static func named(_ id: String) -> BuildingShape? { all.first { $0.id == id } }
}
