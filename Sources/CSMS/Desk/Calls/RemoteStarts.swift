internal import OCPP
internal import OCPPMessages

/// The last answered RequestStartTransactions: one with the same remoteStartId is the same command.
struct RecentStarts: Sendable, Codable {
    static let startsMax = 16
    private struct Start: Sendable, Codable {
        var id: Int
        var response: V2.RequestStartTransactionResponse
    }
    private var answered: ContiguousArray<Start> = []

    func answer(_ id: Int) -> V2.RequestStartTransactionResponse? { answered.last { $0.id == id }?.response }

    mutating func add(_ id: Int, _ response: V2.RequestStartTransactionResponse) {
        if answered.count == Self.startsMax { answered.removeFirst() }
        answered.append(Start(id: id, response: response))
    }
}

/// Remote starts on their way to a transaction.
/// - Source: OCPP 2.0.1 part 2, F01, F02; OCPP 1.6, 5.11.
extension StationDesk {
    mutating func noteRemoteStart(_ start: RemoteStart, _ turn: inout DeskTurn) {
        if start.remoteStartID != 0 { memory.remoteStarts.removeAll { $0.remoteStartID == start.remoteStartID } }
        if memory.remoteStarts.count == DeskMemory.listMax { memory.remoteStarts.removeFirst() }
        memory.remoteStarts.append(start)
        turn.note(.remoteStart, "Accepted")
    }

    /// The id came back with a transaction.
    mutating func remoteStarted(_ id: Int, _ turn: inout DeskTurn) {
        guard memory.remoteStarts.contains(where: { $0.remoteStartID == id }) else { return }
        memory.remoteStarts.removeAll { $0.remoteStartID == id }
        turn.note(.remoteStart, "Started")
    }

    /// A StartTransaction of OCPP 1.6 belongs to the remote start of its token at its connector.
    mutating func remoteStarted(idTag: String, connector: Int, _ turn: inout DeskTurn) {
        let index = memory.remoteStarts.firstIndex {
            $0.remoteStartID == 0 && ($0.evse == 0 || $0.evse == connector)
                && $0.idToken.lowercased() == idTag.lowercased()
        }
        guard let index else { return }
        memory.remoteStarts.remove(at: index)
        turn.note(.remoteStart, "Started")
    }

    mutating func expireRemoteStarts(_ turn: inout DeskTurn) {
        let now = turn.now
        let expired = memory.remoteStarts.filter { $0.expires <= now }.count
        guard expired > 0 else { return }
        memory.remoteStarts.removeAll { $0.expires <= now }
        for _ in 0..<expired { turn.note(.remoteStart, "Expired") }
    }
}
