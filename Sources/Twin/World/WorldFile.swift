import Models
import Sim

/// Reads world files.
///
/// Tree first (YAML, what it extends, overrides), then every key against the key table, then templates and tables are
/// put together and the values resolved. Complaints are collected all the way, so that one reading shows them all.
public enum WorldFile {
    /// Reads and checks a world.
    /// - Parameters:
    ///   - path: the YAML file; tables are looked up beside the file that names them.
    ///   - overrides: dotted paths and YAML values laid over the file (`csms.enabled`, `sites[0].import_limit_kw`).
    /// - Throws: every complaint at once.
    public static func load(
        path: String, overrides: [(key: String, value: String)] = []
    ) throws(WorldErrors) -> WorldSpec {
        var source = WorldSource()
        var diagnostics = Diagnostics()
        guard var root = source.tree(path: path, into: &diagnostics) else { throw diagnostics.sorted() }
        for override in overrides { apply(override, to: &root, into: &diagnostics) }
        var checker = WorldChecker(diagnostics: diagnostics)
        checker.check(root, against: WorldSchema.world, path: "")
        var resolver = WorldResolver(root: root, source: source, checker: checker)
        let spec = resolver.resolve()
        guard resolver.checker.diagnostics.isClean else { throw resolver.checker.diagnostics.sorted() }
        return spec
    }

    private static func apply(
        _ override: (key: String, value: String), to root: inout WorldNode, into diagnostics: inout Diagnostics
    ) {
        let place = SourcePlace(file: "--set", line: 0)
        guard let steps = PathStep.parse(override.key) else {
            diagnostics.report(
                place, override.key, "is no path to a key",
                fix: "write it like csms.enabled or sites[0].import_limit_kw")
            return
        }
        var scratch = Diagnostics()
        // A one-line document makes the value's type what it would be in the file.
        guard let document = WorldSource.parse("value: \(override.value)", file: "--set", into: &scratch),
            let value = document["value"]
        else {
            diagnostics.report(place, override.key, "\"\(override.value)\" is no YAML value", fix: "put text in quotes")
            return
        }
        if let complaint = root.set(steps[...], to: value.moved(to: place)) {
            diagnostics.report(place, override.key, complaint, fix: "name a key that the world file has or may have")
        }
    }
}

extension WorldNode {
    /// This tree as if all of it had been written at one place.
    func moved(to place: SourcePlace) -> WorldNode {
        switch content {
        case .scalar: WorldNode(content, at: place)
        case .list(let items): WorldNode(.list(items.map { $0.moved(to: place) }), at: place)
        case .mapping(let entries):
            WorldNode(
                .mapping(entries.map { Entry(key: $0.key, place: place, node: $0.node.moved(to: place)) }), at: place)
        }
    }
}
