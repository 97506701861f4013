internal import CSMS
internal import OCPP
internal import Synchronization

/// The desk of one charging station, from its first connection until the server ends or the desk no longer agrees with
/// the database.
///
/// One event loop at a time works with it: that of the present connection, or of the last one. The lock is therefore
/// never waited for; it is there so that nothing else has to be believed.
final class StationSlot: Sendable {
    /// Number of the charging station in the database.
    let station: Int64
    /// As it may stand in a log.
    let identity: String
    private let stale = Atomic(false)
    private let content: Mutex<Content>

    struct Content {
        var desk: StationDesk
        /// The connection that serves the desk, if any.
        var connection: StationConnection?
        /// The loop that works with the desk.
        var context: LoopContext
        /// When the loop's wheel will look at the desk.
        var wakesAt = Timestamp.distantFuture
    }

    init(station: Int64, identity: String, desk: StationDesk, context: LoopContext) {
        self.station = station
        self.identity = identity
        content = Mutex(Content(desk: desk, context: context))
    }

    /// Whether a record of this desk could not be stored, so that the desk knows more than the database.
    var isStale: Bool { stale.load(ordering: .acquiring) }

    /// Nothing more of this desk is stored; the next connection gets one rebuilt from the database.
    func markStale() { stale.store(true, ordering: .releasing) }

    /// Hands out the content; not to be called while it is handed out.
    func with<T>(_ body: (inout Content) -> T) -> T { content.withLock { body(&$0) } }
}
