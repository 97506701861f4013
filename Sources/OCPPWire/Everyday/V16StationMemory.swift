internal import OCPP
internal import OCPPMessages

/// What a charging station has to remember to speak 1.6: its transactions under the CSMS's numbers, and the states of
/// its connectors as told.
///
/// Memory: ``transactionsMax`` transactions, of which the oldest ended one makes room, and the connectors.
struct V16StationMemory: Sendable, Codable {
    static let transactionsMax = 64

    struct Entry: Sendable, Codable {
        var transactionID: IdentifierText
        /// The CSMS's; `nil` until it answers StartTransaction.
        var number: Int?
        var connectorID: Int
        var idToken: Core.IdToken?
        var startedAt: Timestamp
        /// Wh
        var startWh: Double
        /// StartTransaction was answered with CALLERROR.
        var isRefused = false
        /// Its Started has not been seen: the flash was wiped.
        var isUnknown = false
        var hasEnded = false

        /// StartTransaction, where it is due with `event`.
        func startRequest(for event: Core.TransactionEventRequest) -> V16.StartTransactionRequest? {
            guard number == nil, !isUnknown,
                !isRefused || event.eventType == .started || event.eventType == .updated && event.idToken != nil,
                idToken != nil || hasBegun(by: event)
            else { return nil }
            return V16.StartTransactionRequest(
                connectorId: connectorID, idTag: StationTranslator.idTag(idToken ?? .noAuthorization),
                meterStart: Self.whole(startWh), timestamp: startedAt)
        }

        /// Whether there is a transaction in 1.6's sense when `event` ends it: authorized, or with energy.
        func hasBegun(by event: Core.TransactionEventRequest) -> Bool {
            if number != nil || isRefused || isUnknown || idToken != nil { return true }
            guard event.eventType == .ended, let value = event.meterValue else { return false }
            return value.energyActiveImportRegisterWh > startWh
        }

        func stopRequest(_ event: Core.TransactionEventRequest) -> V16.StopTransactionRequest {
            var data: [V16.MeterValue] = []
            if let value = event.meterValueAtBegin { data.append(V16.MeterValue(value)) }
            if let value = event.meterValue { data.append(V16.MeterValue(value)) }
            let stopWh = event.meterValue?.energyActiveImportRegisterWh ?? startWh
            // To be sent if known (1.6, 6.47): who stopped it, else who started it.
            let token = event.idToken ?? idToken
            return V16.StopTransactionRequest(
                meterStop: Self.whole(stopWh), timestamp: event.timestamp, transactionId: number ?? -1,
                idTag: token.flatMap { $0.type == .noAuthorization ? nil : StationTranslator.idTag($0) },
                reason: V16Words.wire(event.transactionInfo.stoppedReason ?? .local),
                transactionData: data.isEmpty ? nil : data)
        }

        /// 1.6 counts whole Wh.
        private static func whole(_ wh: Double) -> Int { Int(exactly: wh.rounded()) ?? 0 }
    }

    /// The states of one EVSE that 1.6 tells and 2.x does not.
    private struct Outlet: Sendable, Codable {
        /// As the firmware told last, by connector.
        var core: [Core.ConnectorStatus?]
        /// As the CSMS knows, by connector.
        var told: [V16.ChargePointStatus?]
        var hasTransaction = false
        var hasCharged = false
        var chargingState = Core.ChargingState.idle
        /// A transaction ended and the vehicle is still there.
        var isFinishing = false
        var connector = 0

        func status(ofConnector index: Int) -> V16.ChargePointStatus? {
            switch core[index] {
            case nil: nil
            case .available?: .available
            case .reserved?: .reserved
            case .unavailable?: .unavailable
            case .faulted?: .faulted
            case .occupied?: occupied
            }
        }
        private var occupied: V16.ChargePointStatus {
            guard hasTransaction else { return isFinishing ? .finishing : .preparing }
            return switch chargingState {
            case .charging: .charging
            case .suspendedEV: .suspendedEV
            case .suspendedEVSE: .suspendedEVSE
            case .evConnected, .idle: hasCharged ? .finishing : .preparing
            }
        }
    }

    var notifications: [V16.StatusNotificationRequest] = []
    private var entries: [Entry] = []
    private var outlets: [Outlet]
    /// Number of connectors before those of each EVSE.
    private let offsets: [Int]

    init(connectors: [Int]) {
        outlets = connectors.map {
            Outlet(core: Array(repeating: nil, count: max(1, $0)), told: Array(repeating: nil, count: max(1, $0)))
        }
        var offsets: [Int] = []
        var sum = 0
        for count in connectors {
            offsets.append(sum)
            sum += max(1, count)
        }
        self.offsets = offsets
    }

    /// 1.6's number of a connector; both arguments count from 1. EVSE 0 is the charging station itself.
    func connectorID(evse: Int32, connector: Int32?) -> Int {
        let index = Int(evse) - 1
        guard offsets.indices.contains(index) else { return 0 }
        return offsets[index] + Int(max(1, connector ?? 1))
    }
}

// MARK: - Transactions

extension V16StationMemory {
    func entry(of transactionID: IdentifierText) -> Entry? { entries.last { $0.transactionID == transactionID } }

    func transactionID(of number: Int) -> IdentifierText? { entries.last { $0.number == number }?.transactionID }

    /// What is known of the transaction of an event that has been noted.
    func transaction(of event: Core.TransactionEventRequest) -> Entry {
        entry(of: event.transactionInfo.transactionId) ?? unknown(event)
    }

    private func unknown(_ event: Core.TransactionEventRequest) -> Entry {
        Entry(
            transactionID: event.transactionInfo.transactionId, connectorID: event.evse.map(connectorID) ?? 0,
            idToken: event.idToken, startedAt: event.timestamp,
            startWh: event.meterValueAtBegin?.energyActiveImportRegisterWh ?? 0, isUnknown: true)
    }

    private func connectorID(_ evse: Core.EVSE) -> Int { connectorID(evse: evse.id, connector: evse.connectorId) }

    mutating func started(_ transactionID: IdentifierText, number: Int) {
        guard let index = entries.lastIndex(where: { $0.transactionID == transactionID }) else { return }
        entries[index].number = number
    }

    mutating func startRefused(_ call: StationCall?) {
        guard case .transactionEvent(let event)? = call?.request,
            let index = entries.lastIndex(where: { $0.transactionID == event.transactionInfo.transactionId })
        else { return }
        entries[index].isRefused = true
    }

    /// Takes in what an event says; saying it again changes nothing.
    mutating func note(_ event: Core.TransactionEventRequest) {
        let transactionID = event.transactionInfo.transactionId
        let known = entries.lastIndex { $0.transactionID == transactionID }
        if event.eventType == .started, known == nil {
            var entry = unknown(event)
            entry.isUnknown = false
            entry.startWh = event.meterValue?.energyActiveImportRegisterWh ?? 0
            makeRoom()
            entries.append(entry)
        } else if let known {
            if entries[known].idToken == nil { entries[known].idToken = event.idToken }
            if event.eventType == .ended { entries[known].hasEnded = true }
        }
        follow(event)
    }

    private mutating func makeRoom() {
        guard entries.count >= Self.transactionsMax else { return }
        entries.remove(at: entries.firstIndex(where: \.hasEnded) ?? 0)
    }
}

// MARK: - States of connectors

extension V16StationMemory {
    /// The firmware tells the state of a connector.
    mutating func status(_ request: Core.StatusNotificationRequest) -> V16.StatusNotificationRequest {
        noteChanges(at: request.timestamp)
        let evse = Int(request.evseId) - 1
        let connector = Int(request.connectorId) - 1
        var status = V16.ChargePointStatus(wireText: request.connectorStatus.rawValue) ?? .preparing
        if outlets.indices.contains(evse), outlets[evse].core.indices.contains(connector) {
            outlets[evse].core[connector] = request.connectorStatus
            if request.connectorStatus == .available { outlets[evse].isFinishing = false }
            status = outlets[evse].status(ofConnector: connector) ?? status
            outlets[evse].told[connector] = status
        }
        return notification(
            connectorID(evse: request.evseId, connector: request.connectorId), status, at: request.timestamp)
    }

    /// A transaction event says how charging stands; what happened offline is history and is told when it is over.
    private mutating func follow(_ event: Core.TransactionEventRequest) {
        if let number = entry(of: event.transactionInfo.transactionId)?.connectorID, let place = place(number) {
            let (evse, connector) = place
            outlets[evse].connector = connector
            outlets[evse].chargingState = event.transactionInfo.chargingState ?? outlets[evse].chargingState
            if event.eventType == .started { outlets[evse].hasCharged = false }
            if outlets[evse].chargingState == .charging { outlets[evse].hasCharged = true }
            outlets[evse].hasTransaction = event.eventType != .ended
            outlets[evse].isFinishing = event.eventType == .ended
        }
        if !event.offline { noteChanges(at: event.timestamp) }
    }

    /// Makes notifications of all states that the CSMS does not know.
    mutating func noteChanges(at timestamp: Timestamp?) {
        for evse in outlets.indices {
            for connector in outlets[evse].core.indices {
                guard let status = outlets[evse].status(ofConnector: connector),
                    let told = outlets[evse].told[connector], status != told
                else { continue }
                outlets[evse].told[connector] = status
                notifications.removeAll { $0.connectorId == offsets[evse] + connector + 1 }
                notifications.append(notification(offsets[evse] + connector + 1, status, at: timestamp))
            }
        }
    }

    private func notification(
        _ connectorID: Int, _ status: V16.ChargePointStatus, at timestamp: Timestamp?
    ) -> V16.StatusNotificationRequest {
        V16.StatusNotificationRequest(
            connectorId: connectorID, errorCode: status == .faulted ? .otherError : .noError, status: status,
            timestamp: timestamp)
    }

    /// EVSE and connector, both from 0, of a number.
    private func place(_ connectorID: Int) -> (evse: Int, connector: Int)? {
        guard connectorID > 0, let evse = offsets.lastIndex(where: { $0 < connectorID }) else { return nil }
        let connector = connectorID - offsets[evse] - 1
        return outlets[evse].core.indices.contains(connector) ? (evse, connector) : nil
    }
}
