import Foundation
import Yams

/// Reads the files of a world and keeps what was complained about.
struct WorldSource {
    /// A world may extend a world that extends a world …, this deep.
    static let depthMax = 16

    /// Directory of the world file: where the names of tables written on the command line start from.
    private(set) var directory = ""
    /// YAML texts in the order read.
    private(set) var texts: [String] = []
    /// Tables read so far by path; looked up, never iterated.
    private var tables: [String: CSVTable?] = [:]

    /// The tree of a world file laid over what it extends.
    mutating func tree(path: String, into diagnostics: inout Diagnostics) -> WorldNode? {
        directory = Self.directory(of: path)
        return tree(path: path, namedAt: nil, chain: [], into: &diagnostics)
    }

    private mutating func tree(
        path: String, namedAt origin: SourcePlace?, chain: [String], into diagnostics: inout Diagnostics
    ) -> WorldNode? {
        let place = origin ?? SourcePlace(file: path, line: 0)
        let key = origin == nil ? "" : "extends"
        if chain.contains(path) || chain.count >= Self.depthMax {
            let circle = (chain + [path]).joined(separator: " -> ")
            diagnostics.report(
                place, key, "worlds extend each other in a circle: \(circle)", fix: "drop one of the extends")
            return nil
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            diagnostics.report(
                place, key, "cannot read \(origin == nil ? "the file" : path) (\(Self.reason(path)))",
                fix: "check the name; it is relative to "
                    + (origin == nil ? "the working directory" : "the file that names it"))
            return nil
        }
        guard let text = String(data: data, encoding: .utf8) else {
            diagnostics.report(place, key, "is not UTF-8", fix: "save it as UTF-8")
            return nil
        }
        texts.append(text)
        guard let node = Self.parse(text, file: path, into: &diagnostics) else { return nil }
        guard isKnownFormat(node, into: &diagnostics) else { return nil }
        guard let base = node["extends"], let name = base.text, !name.isEmpty else { return node }
        let basePath = resolved(name, namedAt: base.place)
        guard let lower = tree(path: basePath, namedAt: base.place, chain: chain + [path], into: &diagnostics) else {
            return node
        }
        return lower.without("extends").overlaid(by: node)
    }

    /// A file of a newer format is refused as a whole: complaints about its keys would mislead.
    private func isKnownFormat(_ node: WorldNode, into diagnostics: inout Diagnostics) -> Bool {
        guard let format = node["format"], let version = format.text.flatMap({ Int($0) }),
            version > WorldSchema.formatVersion
        else { return true }
        diagnostics.report(
            format.place, "format",
            "the file is of world format \(version), this evtwin (\(Version.text)) reads format "
                + "\(WorldSchema.formatVersion)",
            fix: "use a newer evtwin, or write the file for format \(WorldSchema.formatVersion)")
        return false
    }

    /// Parses YAML text; complains and returns `nil` when it is none, or no mapping.
    static func parse(_ text: String, file: String, into diagnostics: inout Diagnostics) -> WorldNode? {
        guard nesting(of: text) <= nestingMax else {
            diagnostics.report(
                SourcePlace(file: file, line: 1), "", "nests brackets more than \(nestingMax) deep",
                fix: "close them earlier")
            return nil
        }
        do {
            guard let root = try compose(yaml: text) else {
                diagnostics.report(SourcePlace(file: file, line: 1), "", "is empty", fix: "start with name: and sites:")
                return nil
            }
            var budget = WorldNode.valuesMax
            let node = WorldNode(root, file: file, budget: &budget)
            guard budget >= 0 else {
                diagnostics.report(
                    SourcePlace(file: file, line: 1), "", "has more than \(WorldNode.valuesMax) values",
                    fix: "put sites and stations into tables, and repeat less through anchors")
                return nil
            }
            guard case .mapping = node.content else {
                diagnostics.report(
                    node.place, "", "expected keys and values, found \(node.found)", fix: "start with name: and sites:")
                return nil
            }
            return node
        } catch let error as YamlError {
            let (line, problem) = explain(error, text: text)
            let advice = YAMLAdvice(text: text, line: line, problem: problem)
            diagnostics.report(
                SourcePlace(file: file, line: advice.line), "", "is not valid YAML: \(advice.problem)", fix: advice.fix)
        } catch {
            diagnostics.report(
                SourcePlace(file: file, line: 1), "", "is not valid YAML", fix: "check indentation, colons and quotes")
        }
        return nil
    }

    /// Why a file cannot be read.
    private static func reason(_ path: String) -> String {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            return "there is no such file"
        }
        return isDirectory.boolValue ? "it is a directory" : "permission denied"
    }

    /// Brackets may nest this deep; the parser goes a level deeper on its stack for each.
    static let nestingMax = 200

    /// Greatest number of square brackets and braces open at once, wherever they stand.
    private static func nesting(of text: String) -> Int {
        var depth = 0
        var deepest = 0
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(0, depth - 1)
            default: continue
            }
            deepest = max(deepest, depth)
        }
        return deepest
    }

    private static func explain(_ error: YamlError, text: String) -> (line: Int, problem: String) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return (mark.line, problem)
        case .duplicatedKeysInMapping(let duplicates, let context):
            let keys = duplicates.map { "\($0)" }.sorted()
            return (
                repetition(of: keys.first ?? "", from: context.mark.line, in: text) ?? context.mark.line,
                "the key \(keys.joined(separator: ", ")) stands twice in one group"
            )
        case .reader(let problem, _, _, _): return (1, problem)
        default: return (1, "\(error)")
        }
    }

    /// Line on which a key is written for the second time from a line on; the parser only tells where the group starts.
    private static func repetition(of key: String, from first: Int, in text: String) -> Int? {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().dropFirst(
            max(0, first - 1))
        let found = lines.filter { $0.element.drop { $0 == " " || $0 == "-" }.hasPrefix("\(key):") }
        return found.dropFirst().first.map { $0.offset + 1 }
    }

    /// A table named at `place`, read once.
    mutating func table(
        _ name: String, namedAt place: SourcePlace, key: String, into diagnostics: inout Diagnostics
    ) -> CSVTable? {
        let path = resolved(name, namedAt: place)
        if let known = tables[path] { return known }
        var table: CSVTable?
        if let data = FileManager.default.contents(atPath: path) {
            table = CSVTable.read(bytes: [UInt8](data), file: path, into: &diagnostics)
        } else {
            diagnostics.report(
                place, key, "cannot read \(path) (\(Self.reason(path)))",
                fix: "check the name; it is relative to the file that names it")
        }
        tables[path] = .some(table)
        return table
    }

    /// A file name relative to the file it is written in.
    private func resolved(_ name: String, namedAt place: SourcePlace) -> String {
        if name.hasPrefix("/") { return name }
        let base = place.line == 0 ? directory : Self.directory(of: place.file)
        return Self.normalised(base + name)
    }

    /// `a/b/../c` as `a/c`, so that a file has one name.
    static func normalised(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/", omittingEmptySubsequences: true) where part != "." {
            if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
        }
        return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
    }

    /// Up to and including the last slash; empty when there is none.
    static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "" }
        return String(path[...slash])
    }
}
