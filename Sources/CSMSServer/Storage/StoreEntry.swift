internal import CSMS
internal import GRDB
internal import OCPP

/// One thing for the writer, in the order in which it has to happen.
enum StoreEntry: Sendable {
    /// A record of the CSMS core about the slot's charging station.
    case effect(StationSlot, StoreEffect, StoredFrame)
    /// Something the server itself has seen at the slot's charging station.
    case security(StationSlot, SecurityNote)
    /// What may leave once everything before it is committed.
    case message(StationConnection, HeldMessage)
    /// Anything else that writes, such as a request to the HTTP API.
    case work(StoreWork)

    /// Whether somebody waits for the commit.
    var isAwaited: Bool {
        switch self {
        case .effect, .security: false
        case .message, .work: true
        }
    }
}

/// The frame that led to a record, kept as it was received.
struct StoredFrame: Sendable {
    let received: Timestamp
    let bytes: [UInt8]
    /// Where the payload lies in ``bytes``.
    let payload: Range<Int>
    /// How it breaks its schema, where it was taken all the same.
    var violations: [String] = []

    static func none(at now: Timestamp) -> StoredFrame { StoredFrame(received: now, bytes: [], payload: 0..<0) }
}

/// A write that somebody waits for.
struct StoreWork: Sendable {
    /// Runs in a savepoint of the batch: an error undoes this write alone.
    let body: @Sendable (Database) throws -> Void
    /// Called on the writer's thread after the commit, or with the error.
    let finished: @Sendable ((any Error)?) -> Void
}

/// The store cannot take anything at present.
struct StoreUnavailable: Error, CustomStringConvertible {
    let problem: String
    var description: String { "the database cannot be written: \(problem)" }
}
