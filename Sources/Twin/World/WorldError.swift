/// One complaint about a world: where, what was found, what to write.
public struct WorldError: Error, Hashable, Sendable, CustomStringConvertible {
    public let file: String
    /// 1-based; 0 where a line means nothing (a command-line override, a file that cannot be read).
    public let line: Int
    /// Dotted path of the key, or the column of a table; empty when the complaint is about the file as a whole.
    public let key: String
    public let problem: String
    public let fix: String

    public var description: String {
        "\(file):\(line > 0 ? "\(line):" : "")\(key.isEmpty ? "" : " \(key):") \(problem)\n  fix: \(fix)"
    }
}

/// Why a world was refused: every complaint at once, by file and line.
public struct WorldErrors: Error, Hashable, Sendable, CustomStringConvertible {
    public let all: [WorldError]

    public var description: String { all.map(\.description).joined(separator: "\n") }
}

/// Collects complaints while a world is read.
struct Diagnostics {
    /// Complaints of one kind (same file, key and fix) beyond this many are counted, not repeated.
    static let repeatsShown = 10

    private(set) var errors: [WorldError] = []

    var isClean: Bool { errors.isEmpty }

    mutating func report(_ place: SourcePlace, _ key: String, _ problem: String, fix: String) {
        errors.append(WorldError(file: place.file, line: place.line, key: key, problem: problem, fix: fix))
    }

    /// The complaints in reading order, without duplicates; long runs of the same kind are cut short with a count.
    func sorted() -> WorldErrors {
        var seen: Set<WorldError> = []
        let unique = errors.filter { seen.insert($0).inserted }
        let ordered = unique.enumerated().sorted { a, b in
            (a.element.file, a.element.line, a.offset) < (b.element.file, b.element.line, b.offset)
        }.map(\.element)
        var counts: [String: Int] = [:]
        var kept: [WorldError] = []
        for error in ordered {
            let kind = "\(error.file)\u{0}\(error.key)\u{0}\(error.fix)"
            let count = (counts[kind] ?? 0) + 1
            counts[kind] = count
            if count <= Self.repeatsShown { kept.append(error) }
        }
        for (index, error) in kept.enumerated() {
            let kind = "\(error.file)\u{0}\(error.key)\u{0}\(error.fix)"
            guard let count = counts[kind], count > Self.repeatsShown else { continue }
            let isLast = !kept[(index + 1)...].contains { "\($0.file)\u{0}\($0.key)\u{0}\($0.fix)" == kind }
            if isLast {
                kept[index] = WorldError(
                    file: error.file, line: error.line, key: error.key,
                    problem: error.problem + " (and \(count - Self.repeatsShown) more like it)", fix: error.fix)
            }
        }
        return WorldErrors(all: kept)
    }
}
