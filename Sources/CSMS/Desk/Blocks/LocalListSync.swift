internal import OCPP
internal import OCPPMessages

/// Brings a charging station's local list to where it shall be: by the changes when it has the list they start from, else
/// by the whole list.
struct LocalListSync: Sendable, Codable {
    private(set) var order: LocalListOrder?
    /// Whether the version the charging station has is being asked for, or parts are on their way.
    private(set) var isUnderWay = false
    /// Whether a full list is on its way, after which there is nothing better to try.
    private(set) var isFull = false

    /// Entries in one message; the standard's limits for one are not known before the device model is.
    static let entriesPerMessage = 200

    mutating func want(_ order: LocalListOrder) {
        self.order = order
        isUnderWay = false
    }

    /// A new connection: whatever was on its way is not.
    mutating func start() { isUnderWay = false }
    mutating func begin() { isUnderWay = true }
    mutating func beginSending(isFull: Bool) { self.isFull = isFull }
    mutating func finish() {
        order = nil
        isUnderWay = false
    }
}

extension LocalListOrder {
    /// Version of the whole list on the wire.
    var wireVersion: Int { version * Self.versionsPerList }

    /// The messages that bring it about, the last with ``wireVersion``; `nil` when there would be too many.
    func parts(isFull: Bool) -> [(version: Int, isDifferential: Bool, entries: [V2.AuthorizationData])]? {
        let all = isFull ? entries.filter { $0.idTokenInfo != nil } : changes
        let count = max(1, (all.count + LocalListSync.entriesPerMessage - 1) / LocalListSync.entriesPerMessage)
        guard count < Self.versionsPerList else { return nil }
        return (0..<count).map { part in
            let start = part * LocalListSync.entriesPerMessage
            let end = min(all.count, start + LocalListSync.entriesPerMessage)
            return (wireVersion - (count - 1 - part), !isFull || part > 0, Array(all[start..<end]))
        }
    }
}

/// - Source: OCPP 2.0.1 part 2, D01 and D02; OCPP 1.6, 5.10 and 5.15.
extension StationDesk {
    mutating func want(_ order: LocalListOrder, _ turn: inout DeskTurn) {
        localList.want(order)
        outbox.dropOwn { purpose in
            switch purpose {
            case .localListVersion, .localListPart: true
            default: false
            }
        }
        if version != nil, isAccepted { sendLocalListOrder(&turn) }
    }

    /// Asks what the charging station has.
    mutating func sendLocalListOrder(_ turn: inout DeskTurn) {
        guard localList.order != nil, !localList.isUnderWay else { return }
        localList.begin()
        let request: AnyRequest =
            wireVersion == .v16 ? .v16(.getLocalListVersion(.init())) : .v2(.getLocalListVersion(.init()))
        outbox.enqueue(request, for: .localListVersion)
    }

    /// The version the charging station has; -1 when it has no lists (1.6).
    mutating func localListVersion(_ has: Int, _ turn: inout DeskTurn) {
        guard let order = localList.order, localList.isUnderWay else { return }
        if has == order.wireVersion { return localListDone(.synchronised(version: order.version), &turn) }
        if has < 0 { return localListDone(.notSupported, &turn) }
        let isChange = order.base > 0 && has == order.base * LocalListOrder.versionsPerList
        sendLocalList(order, isFull: !isChange, &turn)
    }

    private mutating func sendLocalList(_ order: LocalListOrder, isFull: Bool, _ turn: inout DeskTurn) {
        guard let parts = order.parts(isFull: isFull) else { return localListDone(.failed, &turn) }
        localList.beginSending(isFull: isFull)
        for part in parts {
            outbox.enqueue(
                sendLocalListRequest(part.version, isDifferential: part.isDifferential, part.entries),
                for: .localListPart(
                    version: part.version, isLast: part.version == order.wireVersion,
                    isDifferential: part.isDifferential))
        }
    }

    private func sendLocalListRequest(
        _ listVersion: Int, isDifferential: Bool, _ entries: [V2.AuthorizationData]
    ) -> AnyRequest {
        guard wireVersion == .v16 else {
            return .v2(
                .sendLocalList(
                    .init(
                        versionNumber: listVersion, updateType: isDifferential ? .differential : .full,
                        localAuthorizationList: entries.isEmpty ? nil : entries)))
        }
        let old = entries.compactMap { entry -> V16.AuthorizationData? in
            guard entry.idToken.idToken.utf8.count <= 20 else { return nil }  // no idTag can be longer
            return V16.AuthorizationData(
                idTag: entry.idToken.idToken, idTagInfo: entry.idTokenInfo.map(V16.IdTagInfo.init(listed:)))
        }
        return .v16(
            .sendLocalList(
                .init(
                    listVersion: listVersion, updateType: isDifferential ? .differential : .full,
                    localAuthorizationList: old)))
    }

    /// The answer to one part; `status` is `nil` when there was none.
    mutating func localListPart(
        _ status: V2.SendLocalListStatusEnum?, version listVersion: Int, isLast: Bool, _ turn: inout DeskTurn
    ) {
        guard let order = localList.order, localList.isUnderWay else { return }
        if status == .accepted {
            if isLast { localListDone(.synchronised(version: order.version), &turn) }
            return
        }
        outbox.dropOwn { if case .localListPart = $0 { true } else { false } }
        if localList.isFull {
            localListDone(.failed, &turn)
        } else {
            sendLocalList(order, isFull: true, &turn)
        }
    }

    mutating func localListDone(_ outcome: LocalListOutcome, _ turn: inout DeskTurn) {
        guard localList.order != nil else { return }
        localList.finish()
        turn.outputs.append(.localListDone(outcome))
        switch outcome {
        case .synchronised(let version):
            memory.localListVersion = version
            turn.note(.localList, "version \(version)")
        case .notSupported: turn.note(.localList, "not supported")
        case .failed: turn.note(.localList, "failed")
        }
    }
}

extension V16.IdTagInfo {
    /// An entry of a local list in the words of OCPP 1.6.
    init(listed info: V2.IdTokenInfo) {
        let status: V16.AuthorizationStatus =
            switch info.status {
            case .accepted: .accepted
            case .blocked: .blocked
            case .expired: .expired
            case .concurrentTx: .concurrentTx
            case .invalid, .noCredit, .notAllowedTypeEVSE, .notAtThisLocation, .notAtThisTime, .unknown: .invalid
            }
        let group = info.groupIdToken?.idToken
        self.init(
            status: status, expiryDate: info.cacheExpiryDateTime,
            parentIdTag: group.flatMap { $0.utf8.count <= 20 ? $0 : nil })
    }
}
