public import OCPP

/// The everyday sessions of the charging stations of one site, and the least of their deadlines.
///
/// The sessions know nothing of each other; a site keeps one timer for them all.
public struct SiteSessions: Sendable, Codable {
    private var sessions: ContiguousArray<EverydaySession>
    /// When ``timerDue(now:effects:)`` wants to be called; ``Timestamp/distantFuture`` for not at all.
    public private(set) var nextDeadline = Timestamp.distantFuture

    /// - Parameter stations: number of charging stations, which calls name 0 ..< `stations`.
    public init(stations: Int, settings: CSMSSettings) {
        sessions = ContiguousArray(repeating: EverydaySession(settings: settings), count: stations)
    }

    public subscript(station: Int) -> EverydaySession {
        get { sessions[station] }
        _modify { yield &sessions[station] }
    }

    /// Sums over all stations.
    public var totals: CSMSTotals { sessions.reduce(into: CSMSTotals()) { $0 += $1.totals } }

    /// Handles a call of a charging station and answers it; see ``EverydaySession``.
    public mutating func handle(
        _ call: StationCall, from station: Int, now: Timestamp, directory: TokenDirectory, effects: inout [Effect]
    ) -> CSMSAnswer {
        let answer = sessions[station].handle(
            call, from: station, now: now, directory: directory, effects: &effects)
        nextDeadline = min(nextDeadline, sessions[station].nextDeadline)
        return answer
    }

    /// A sign of life of a charging station that says nothing that is kept.
    public mutating func hear(from station: Int, now: Timestamp, effects: inout [Effect]) {
        sessions[station].hear(from: station, now: now, effects: &effects)
        nextDeadline = min(nextDeadline, sessions[station].nextDeadline)
    }

    /// Looks for charging stations fallen silent and transactions whose grace is over.
    public mutating func timerDue(now: Timestamp, effects: inout [Effect]) {
        guard now >= nextDeadline else { return }
        nextDeadline = .distantFuture
        for station in sessions.indices {
            sessions[station].timerDue(from: station, now: now, effects: &effects)
            nextDeadline = min(nextDeadline, sessions[station].nextDeadline)
        }
    }
}
