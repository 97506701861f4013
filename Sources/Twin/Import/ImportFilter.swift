/// Which rows of a register become sites.
public struct ImportFilter: Sendable {
    /// States, any of them; empty: all. Upper and lower case do not matter.
    public var states: [String]
    public var box: BoundingBox?

    public init(states: [String] = [], box: BoundingBox? = nil) {
        self.states = states
        self.box = box
    }

    var isEmpty: Bool { states.isEmpty && box == nil }

    func isSame(_ a: String, _ b: String) -> Bool { a.lowercased() == b.lowercased() }
}

/// A rectangle of the map.
public struct BoundingBox: Sendable, Hashable {
    /// Degrees; east and north positive.
    public var west, south, east, north: Double

    /// Reads `WEST,SOUTH,EAST,NORTH` in degrees, as GeoJSON orders them.
    /// - Throws: ``ImportError`` with what is wrong.
    public init(text: String) throws(ImportError) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { RegisterReader.number($0) }
        let example = "write --bbox WEST,SOUTH,EAST,NORTH in degrees, like -122.45,47.25,-122.00,47.85"
        guard parts.count == 4, numbers.count == 4 else {
            throw ImportError(
                file: "--bbox \(text)", problem: "expected four numbers with commas between, found \(parts.count)",
                fix: example)
        }
        (west, south, east, north) = (numbers[0], numbers[1], numbers[2], numbers[3])
        guard (-180...180).contains(west), (-180...180).contains(east), (-90...90).contains(south),
            (-90...90).contains(north)
        else {
            throw ImportError(
                file: "--bbox \(text)", problem: "a longitude beyond 180° or a latitude beyond 90°", fix: example)
        }
        guard west < east, south < north else {
            throw ImportError(
                file: "--bbox \(text)",
                problem: west >= east ? "west is not west of east" : "south is not south of north", fix: example)
        }
    }

    func contains(_ latitude: Double, _ longitude: Double) -> Bool {
        (south...north).contains(latitude) && (west...east).contains(longitude)
    }
}
