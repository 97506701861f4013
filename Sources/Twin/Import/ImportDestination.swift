import Foundation

/// Where an imported world goes: the YAML file and its two tables.
public struct ImportDestination: Sendable {
    /// Name of the world.
    public let name: String
    /// Paths of the files.
    public let world: String
    public let sites: String
    public let stations: String

    /// - Parameters:
    ///   - out: a YAML file, its tables then beside it; or a directory, for `NAME.yaml` and `data/NAME_….csv`.
    ///   - name: name of the world; `nil`: from the YAML file or the register.
    ///   - register: path of the register.
    /// - Throws: ``ImportError`` for a name that is none.
    public init(out: String, name: String?, register: String) throws(ImportError) {
        let isFile = [".yaml", ".yml"].contains { out.lowercased().hasSuffix($0) }
        let stem = Self.stem(of: isFile ? out : register)
        self.name = name ?? Self.worldName(from: stem)
        if let problem = WorldName.problem(self.name) {
            throw ImportError(file: "--name \(self.name)", problem: problem, fix: WorldName.fix)
        }
        if isFile {
            let folder = Self.folder(of: out)
            world = out
            sites = "\(folder)\(stem)_sites.csv"
            stations = "\(folder)\(stem)_stations.csv"
        } else {
            let folder = out.isEmpty || out.hasSuffix("/") ? out : out + "/"
            world = "\(folder)\(self.name).yaml"
            sites = "\(folder)data/\(self.name)_sites.csv"
            stations = "\(folder)data/\(self.name)_stations.csv"
        }
    }

    /// A table's path from the world file on.
    func reference(to table: String) -> String { String(table.dropFirst(Self.folder(of: world).count)) }

    /// - Throws: ``ImportError`` when a file is there already.
    func checkFree() throws(ImportError) {
        for path in [world, sites, stations] where FileManager.default.fileExists(atPath: path) {
            throw ImportError(
                file: path, problem: "exists already", fix: "give another --out or --name, or replace it with --force")
        }
    }

    /// Up to and including the last slash.
    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    }

    /// File name up to its first dot.
    private static func stem(of path: String) -> String {
        path.dropFirst(folder(of: path).count).split(separator: ".").first.map(String.init) ?? "world"
    }

    /// A file's name with dashes for what a world's name cannot have.
    private static func worldName(from stem: String) -> String {
        let name = String(stem.map { WorldName.isPlain($0) ? $0 : "-" })
        let trimmed = name.drop { $0 == "-" }
        return trimmed.isEmpty ? "world" : String(trimmed)
    }
}
