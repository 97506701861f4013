import Yams

/// Where something was written.
struct SourcePlace: Hashable, Sendable {
    var file: String
    /// 1-based; 0 for a command-line override.
    var line: Int
}

/// A YAML tree in which every value remembers where it was written, also after files and templates were merged.
struct WorldNode: Sendable {
    indirect enum Content: Sendable {
        /// `isPlain`: written without quotes.
        case scalar(String, isPlain: Bool)
        case list([WorldNode])
        case mapping([Entry])
    }
    struct Entry: Sendable {
        var key: String
        /// Where the key stands.
        var place: SourcePlace
        var node: WorldNode
    }
    var content: Content
    var place: SourcePlace

    init(_ content: Content, at place: SourcePlace) {
        self.content = content
        self.place = place
    }

    /// No world has more values than this; a file that repeats itself through anchors could.
    static let valuesMax = 5_000_000

    /// - Parameter budget: how many values may still come; below 0 afterwards when there were more, and the tree is cut.
    init(_ node: Node, file: String, budget: inout Int) {
        place = SourcePlace(file: file, line: node.mark?.line ?? 1)
        budget -= 1
        switch node {
        case _ where budget < 0:
            content = .scalar("", isPlain: true)
        case .scalar(let scalar):
            content = .scalar(scalar.string, isPlain: scalar.style == .plain || scalar.style == .any)
        case .sequence(let sequence):
            var items: [WorldNode] = []
            for item in sequence where budget >= 0 { items.append(WorldNode(item, file: file, budget: &budget)) }
            content = .list(items)
        case .mapping(let pairs):
            var entries: [Entry] = []
            for (key, value) in pairs where budget >= 0 {
                entries.append(
                    Entry(
                        key: key.scalar?.string ?? "?", place: SourcePlace(file: file, line: key.mark?.line ?? 1),
                        node: WorldNode(value, file: file, budget: &budget)))
            }
            content = .mapping(entries)
        case .alias:
            content = .scalar("", isPlain: true)
        }
    }

    static func empty(at place: SourcePlace) -> WorldNode { WorldNode(.mapping([]), at: place) }

    var entries: [Entry] {
        guard case .mapping(let entries) = content else { return [] }
        return entries
    }

    var items: [WorldNode] {
        guard case .list(let items) = content else { return [] }
        return items
    }

    var text: String? {
        guard case .scalar(let text, _) = content else { return nil }
        return text
    }

    /// Nothing was written: an empty plain value, `~` or `null`.
    var isNull: Bool {
        guard case .scalar(let text, isPlain: true) = content else { return false }
        return text.isEmpty || text == "~" || text == "null"
    }

    subscript(key: String) -> WorldNode? {
        guard case .mapping(let entries) = content else { return nil }
        return entries.first { $0.key == key }?.node
    }

    /// Keys that say the same in two ways: whoever writes one over the other replaces it.
    private static let rivals = [
        ["sessions_per_day", "sessions_per_connector_day"], ["dispersion", "day_cv"],
    ]

    /// This tree with `upper` laid over it: mappings key by key, everything else as a whole.
    func overlaid(by upper: WorldNode) -> WorldNode {
        guard case .mapping(var merged) = content, case .mapping(let over) = upper.content else { return upper }
        for pair in Self.rivals where over.contains(where: { pair.contains($0.key) }) {
            merged.removeAll { pair.contains($0.key) }
        }
        for entry in over {
            if let index = merged.firstIndex(where: { $0.key == entry.key }) {
                merged[index].node = merged[index].node.overlaid(by: entry.node)
                merged[index].place = entry.place
            } else {
                merged.append(entry)
            }
        }
        return WorldNode(.mapping(merged), at: upper.place)
    }

    /// This mapping without one key.
    func without(_ key: String) -> WorldNode {
        WorldNode(.mapping(entries.filter { $0.key != key }), at: place)
    }

    /// What was found, for a complaint.
    var found: String {
        switch content {
        case .scalar(let text, let isPlain):
            if isNull { return "nothing" }
            return isPlain && Double(text) != nil ? text : "\"\(text)\""
        case .list(let items): return items.isEmpty ? "an empty list" : "a list"
        case .mapping: return "a group of keys"
        }
    }
}

/// One step of a dotted path such as `sites[0].control.margin`.
enum PathStep: Hashable {
    case key(String)
    case index(Int)

    /// - Returns: `nil` when the text is no path.
    static func parse(_ path: some StringProtocol) -> [PathStep]? {
        var steps: [PathStep] = []
        for part in path.split(separator: ".", omittingEmptySubsequences: false) {
            let pieces = part.split(separator: "[", omittingEmptySubsequences: false)
            guard let name = pieces.first, !name.isEmpty, !name.contains("]") else { return nil }
            steps.append(.key(String(name)))
            for piece in pieces.dropFirst() {
                guard piece.last == "]", let index = Int(piece.dropLast()), index >= 0 else { return nil }
                steps.append(.index(index))
            }
        }
        return steps
    }
}

extension WorldNode {
    /// Puts `value` at a path, making mappings on the way.
    /// - Returns: a complaint, or `nil` when it was done.
    mutating func set(_ steps: ArraySlice<PathStep>, to value: WorldNode) -> String? {
        guard let step = steps.first else {
            self = value
            return nil
        }
        switch step {
        case .key(let key):
            guard case .mapping(var entries) = content else { return "there are no keys below \(found)" }
            if let index = entries.firstIndex(where: { $0.key == key }) {
                if let complaint = entries[index].node.set(steps.dropFirst(), to: value) { return complaint }
            } else {
                var node = WorldNode.empty(at: value.place)
                if let complaint = node.set(steps.dropFirst(), to: value) { return complaint }
                entries.append(Entry(key: key, place: value.place, node: node))
            }
            content = .mapping(entries)
        case .index(let index):
            guard case .list(var items) = content else { return "an index needs a list, found \(found)" }
            guard index < items.count else { return "index \(index) is out of range, the list has \(items.count)" }
            if let complaint = items[index].set(steps.dropFirst(), to: value) { return complaint }
            content = .list(items)
        }
        return nil
    }
}
