internal import Logging
internal import Sockets

/// How many connections the process's open files allow: each takes one, and some files are needed beside them.
struct FileBudget: Hashable {
    /// Connections of charging stations.
    let stations: Int
    /// Connections of the HTTP API.
    let http: Int

    /// Most connections of the HTTP API.
    static let httpMax = 200
    /// For the database, listeners, logs and the moment between accepting a connection and turning it away.
    private static let spare = 56
    /// Files that an event loop takes for itself.
    private static let filesPerLoop = 3

    /// Files wanted for `stations` connections of charging stations and everything beside them.
    static func wanted(stations: Int, loops: Int) -> Int { stations + beside(loops) }

    private static func beside(_ loops: Int) -> Int { httpMax + spare + filesPerLoop * loops }

    /// - Parameter files: files that may be open at once. Where they are fewer than wanted, the charging stations get what is
    ///   left, and where that is little the half of all.
    init(stations wanted: Int, loops: Int, files: Int) {
        let beside = min(Self.beside(loops), files / 2)
        stations = max(1, min(wanted, files - beside))
        http = max(1, min(Self.httpMax, beside - Self.spare - Self.filesPerLoop * loops))
    }

    /// Raises the process's limit as far as it goes, and says in the log where that is not far enough.
    static func raised(stations: Int, loops: Int, logger: Logger) -> FileBudget {
        let files = wanted(stations: stations, loops: loops)
        do {
            try FileLimit.raise(to: files)
            return FileBudget(stations: stations, loops: loops, files: files)
        } catch {
            let budget = FileBudget(stations: stations, loops: loops, files: error.hardLimit)
            logger.notice(
                "the limit of open files allows fewer connections",
                metadata: [
                    "open_files": "\(error.hardLimit)", "wanted": "\(error.wanted)",
                    "connections": "\(budget.stations)", "http_connections": "\(budget.http)",
                ])
            return budget
        }
    }
}
