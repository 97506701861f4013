import Foundation

/// The worlds that come with the program: `evtwin run seattle` finds one by its name, wherever the program is.
public enum ShippedWorlds {
    /// Below the prefix that the program is installed in (`/usr/share/evtwin`).
    private static let installed = "share/evtwin/worlds"

    /// A shipped world's name is no file of that name, or it would hide what a user wrote.
    public enum Choice: Hashable, Sendable {
        /// A file, or whatever else the user wrote.
        case file(String)
        case shipped(String)
        /// A bare name that is neither; with the names there are.
        case unknown(names: [String])
    }

    /// What `name` stands for: a file if there is one, else a shipped world.
    /// - Parameter directory: the folder of the shipped worlds; nil if there is none.
    public static func choose(_ name: String, in directory: String? = directory()) -> Choice {
        if FileManager.default.fileExists(atPath: name) && !isDirectory(name) { return .file(name) }
        guard !name.isEmpty, !name.contains("/"), !name.contains(".") else { return .file(name) }
        let path = (directory ?? "") + "/\(name).yaml"
        if directory != nil, FileManager.default.fileExists(atPath: path) { return .shipped(path) }
        return .unknown(names: names(in: directory))
    }

    /// Names of the shipped worlds, sorted; none if the program stands alone.
    public static func names(in directory: String? = directory()) -> [String] {
        guard let directory, let files = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
            return []
        }
        return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
    }

    /// The nearest name there is, in words: "did you mean seattle?".
    public static func suggestion(_ name: String, among names: [String]) -> String {
        WorldChecker.suggestion(name, among: names)
    }

    /// The folder of the shipped worlds: of the installation, or of the clone that the program was built in.
    public static func directory(program: String = programPath()) -> String? {
        var folder = URL(filePath: program).deletingLastPathComponent()
        let beside = folder.deletingLastPathComponent().appending(path: installed).path
        if isDirectory(beside) { return beside }
        while folder.path.count > 1 {
            folder = folder.deletingLastPathComponent()
            let manifest = folder.appending(path: "Package.swift").path
            let worlds = folder.appending(path: "worlds").path
            if FileManager.default.fileExists(atPath: manifest), isDirectory(worlds) { return worlds }
        }
        return nil
    }

    /// The running program's file, links followed.
    public static func programPath() -> String {
        let path = Bundle.main.executablePath ?? CommandLine.arguments[0]
        return URL(filePath: path).resolvingSymlinksInPath().path
    }

    private static func isDirectory(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
}
