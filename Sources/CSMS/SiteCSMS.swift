public import OCPP

/// The part of a CSMS that looks after one site: registrations, connectors, transactions and their energy.
///
/// A pure state machine: calls and instants go in, answers and ``Effect``s come out. It learns of the world from frames
/// alone, so the same value serves a simulated site and real charging stations behind sockets. Memory is bounded: per
/// charging station at most ``openTransactionsMax`` open transactions, ``connectorsMax`` connectors and the last
/// 32 booked transactions.
///
/// Time-outs (silence, grace) need ``timerDue(now:effects:)`` at ``nextDeadline``; calling it early or often is harmless.
/// - Source: OCPP 2.0.1 part 2, use cases B01-B04, C01, E01-E15, G01, G02, J01.
public struct SiteCSMS: Sendable, Codable {
    /// Open transactions kept for one charging station; the oldest is booked as it is when there would be more.
    public static let openTransactionsMax = 256
    /// Connectors kept for one charging station; notifications of more are refused.
    public static let connectorsMax = 256

    /// The greatest sequence number of a TransactionEvent that is believed.
    public static let sequenceMax: Int32 = 1_000_000_000

    public let settings: CSMSSettings
    public private(set) var totals = CSMSTotals()
    /// When ``timerDue(now:effects:)`` wants to be called; ``Timestamp/distantFuture`` for not at all.
    public private(set) var nextDeadline = Timestamp.distantFuture
    private var stations: ContiguousArray<StationRecord>

    /// - Parameter stations: number of charging stations, which calls name 0 ..< `stations`.
    public init(stations: Int, settings: CSMSSettings) {
        self.settings = settings
        self.stations = ContiguousArray(repeating: StationRecord(registration: settings.newStations), count: stations)
    }

    public var stationCount: Int { stations.count }

    /// Handles one call and answers it.
    ///
    /// - Parameters:
    ///   - station: dense index of the caller within the site, known from its connection.
    ///   - now: the CSMS's clock; must not run backwards.
    ///   - directory: the network's tokens.
    ///   - effects: what is to be kept is appended here.
    public mutating func handle(
        _ call: StationCall, from station: Int, now: Timestamp, directory: TokenDirectory, effects: inout [Effect]
    ) -> CSMSAnswer {
        totals.calls += 1
        let isAccepted = stations[station].isAccepted
        if isAccepted { hear(from: station, now: now, effects: &effects) }
        let response: CSMSResponse
        if case .transactionEvent(let event) = call.request, isAccepted {  // by far the most frequent
            response = take(event, from: station, now: now, directory: directory, effects: &effects)
        } else if case .bootNotification(let request) = call.request {
            response = boot(request, from: station, now: now, effects: &effects)
        } else if isAccepted {
            response = handleOther(call.request, from: station, now: now, directory: directory, effects: &effects)
        } else {
            response = .error(.securityError)  // B01.FR.10, B02.FR.09, B03.FR.07
        }
        if case .error = response { totals.callErrors += 1 }
        return CSMSAnswer(messageID: call.messageID, response: response)
    }

    private mutating func handleOther(
        _ request: StationRequest, from station: Int, now: Timestamp, directory: TokenDirectory,
        effects: inout [Effect]
    ) -> CSMSResponse {
        switch request {
        case .bootNotification, .transactionEvent: preconditionFailure("handled before the other actions")
        case .heartbeat: return .heartbeat(V201.HeartbeatResponse(currentTime: now.wholeMilliseconds))
        case .statusNotification(let request): return note(request, from: station, effects: &effects)
        case .authorize(let request):
            let info = judge(request.idToken, at: station, now: now, directory: directory, effects: &effects)
            return .authorize(V201.AuthorizeResponse(idTokenInfo: info))
        case .meterValues(let request): return note(request, from: station)
        }
    }

    /// Looks for charging stations fallen silent and transactions whose grace is over.
    public mutating func timerDue(now: Timestamp, effects: inout [Effect]) {
        guard now >= nextDeadline else { return }
        nextDeadline = .distantFuture
        for station in stations.indices {
            if stations[station].isOnline {
                let silentAt = stations[station].lastHeard.adding(microseconds: settings.silenceMicroseconds)
                if now >= silentAt {
                    stations[station].isOnline = false
                    effects.append(.stationOffline(station: station))
                } else {
                    nextDeadline = min(nextDeadline, silentAt)
                }
            }
            bookOverdue(station, now: now, effects: &effects)
        }
    }

    /// Decides whether a charging station may take part, from its next BootNotification on; a station taken out is
    /// refused at once.
    public mutating func setRegistration(_ status: V201.RegistrationStatus, of station: Int) {
        stations[station].registration = status
        if status != .accepted { stations[station].isAccepted = false }
    }
}

// MARK: - What is known now

extension SiteCSMS {
    /// Whether the charging station is registered and has been heard of recently enough.
    public func isOnline(_ station: Int) -> Bool { stations[station].isOnline }
    /// When the charging station last sent anything; ``Timestamp/distantPast`` for never.
    public func lastHeard(_ station: Int) -> Timestamp { stations[station].lastHeard }
    /// Number of transactions of the charging station that are not booked yet.
    public func openTransactionCount(_ station: Int) -> Int { stations[station].open.count }
    /// State of a connector as last told; `evse` and `connector` count from 1. `nil` when never told.
    public func status(of station: Int, evse: Int32, connector: Int32) -> V201.ConnectorStatus? {
        stations[station].connectors.first { $0.evse == evse && $0.connector == connector }?.status
    }
    /// The last energy register told for an EVSE, Wh; `nil` when never told outside a transaction.
    public func idleRegisterWh(of station: Int, evse: Int32) -> Double? {
        stations[station].connectors.first { $0.evse == evse }?.registerWh
    }
    /// Energy of open transactions as far as it has been told, Wh, over the whole site.
    public var energyOpenWh: Double {
        var sum = 0.0
        for station in stations.indices {
            for transaction in stations[station].open { sum += transaction.record(station: station).energyWh }
        }
        return sum
    }
}

// MARK: - Registration and availability

/// What a CSMS keeps of one charging station.
struct StationRecord: Sendable, Codable {
    /// What its next BootNotification is told.
    var registration: V201.RegistrationStatus
    /// Whether it has booted and been accepted.
    var isAccepted = false
    var isOnline = false
    var lastHeard = Timestamp.distantPast
    var connectors: ContiguousArray<ConnectorRecord> = []
    /// In the order of their first event.
    var open: ContiguousArray<OpenTransaction> = []
    var closed = ClosedTransactions()

    init(registration: V201.RegistrationStatus) { self.registration = registration }
}

struct ConnectorRecord: Sendable, BitwiseCopyable, Codable {
    var evse: Int32
    var connector: Int32
    var status: V201.ConnectorStatus
    var timestamp: Timestamp
    /// Last register told by MeterValues for the EVSE, Wh; kept with its first connector. `nil` before.
    var registerWh: Double?
}

extension SiteCSMS {
    private mutating func boot(
        _ request: V201.BootNotificationRequest, from station: Int, now: Timestamp, effects: inout [Effect]
    ) -> CSMSResponse {
        let status = stations[station].registration
        stations[station].isAccepted = status == .accepted
        if status == .accepted { hear(from: station, now: now, effects: &effects) }
        effects.append(
            .stationBooted(
                station: station, status: status, reason: request.reason, identity: request.chargingStation))
        return .bootNotification(
            V201.BootNotificationResponse(
                currentTime: now.wholeMilliseconds,
                interval: status == .accepted ? settings.heartbeatIntervalS : settings.retryIntervalS, status: status))
    }

    /// Any message counts as a sign of life (G02.FR.04).
    private mutating func hear(from station: Int, now: Timestamp, effects: inout [Effect]) {
        stations[station].lastHeard = now
        guard !stations[station].isOnline else { return }
        stations[station].isOnline = true
        nextDeadline = min(nextDeadline, now.adding(microseconds: settings.silenceMicroseconds))
        effects.append(.stationOnline(station: station))
    }

    private mutating func note(
        _ request: V201.StatusNotificationRequest, from station: Int, effects: inout [Effect]
    ) -> CSMSResponse {
        guard request.evseId >= 0, request.connectorId >= 0 else { return .error(.propertyConstraintViolation) }
        let known = stations[station].connectors.firstIndex {
            $0.evse == request.evseId && $0.connector == request.connectorId
        }
        if let known {
            let record = stations[station].connectors[known]
            guard request.timestamp >= record.timestamp else { return .statusNotification(.init()) }  // old news
            stations[station].connectors[known].timestamp = request.timestamp
            guard record.status != request.connectorStatus else { return .statusNotification(.init()) }
            stations[station].connectors[known].status = request.connectorStatus
        } else {
            guard stations[station].connectors.count < Self.connectorsMax else {
                return .error(.propertyConstraintViolation)
            }
            stations[station].connectors.append(
                ConnectorRecord(
                    evse: request.evseId, connector: request.connectorId, status: request.connectorStatus,
                    timestamp: request.timestamp))
        }
        effects.append(
            .connectorStatus(
                station: station, evse: request.evseId, connector: request.connectorId,
                status: request.connectorStatus))
        return .statusNotification(.init())
    }

    private mutating func note(_ request: V201.MeterValuesRequest, from station: Int) -> CSMSResponse {
        let register = request.meterValue.energyActiveImportRegisterWh
        guard request.evseId >= 0, Self.isPlausible(request.meterValue) else {
            return .error(.propertyConstraintViolation)
        }
        if let index = stations[station].connectors.firstIndex(where: { $0.evse == request.evseId }) {
            stations[station].connectors[index].registerWh = register
        }
        return .meterValues(.init())
    }

    private mutating func judge(
        _ token: V201.IdToken, at station: Int, now: Timestamp, directory: TokenDirectory, effects: inout [Effect]
    ) -> V201.IdTokenInfo {
        let info = directory.info(for: token, now: now, unknown: settings.unknownTokens)
        if info.status != .accepted {
            totals.tokensRefused += 1
            effects.append(.tokenRefused(station: station, idToken: token, status: info.status))
        }
        return info
    }
}

// MARK: - Transactions

extension SiteCSMS {
    /// Whether a register can be one: beyond a petawatt-hour, or below nothing, it is damaged.
    private static func isPlausible(_ value: V201.MeterValue?) -> Bool {
        guard let value else { return true }
        return (0...1e15).contains(value.energyActiveImportRegisterWh)
    }

    private mutating func take(
        _ event: V201.TransactionEventRequest, from station: Int, now: Timestamp, directory: TokenDirectory,
        effects: inout [Effect]
    ) -> CSMSResponse {
        guard (0...Self.sequenceMax).contains(event.seqNo), !event.transactionInfo.transactionId.isEmpty,
            (event.evse?.id ?? 1) >= 1,
            Self.isPlausible(event.meterValue), Self.isPlausible(event.meterValueAtBegin)
        else { return .error(.propertyConstraintViolation) }
        var response = V201.TransactionEventResponse()
        if let token = event.idToken {
            response.idTokenInfo = judge(token, at: station, now: now, directory: directory, effects: &effects)
        }
        let transactionID = event.transactionInfo.transactionId
        var index = stations[station].open.count - 1
        while index >= 0, stations[station].open[index].transactionID != transactionID { index -= 1 }
        if index < 0 {
            if let closed = stations[station].closed.index(of: transactionID) {
                amend(closed, with: event, station: station, effects: &effects)
                return .transactionEvent(response)
            }
            index = open(transactionID, at: station, effects: &effects)
        }
        guard stations[station].open[index].take(event) else {
            totals.duplicateEvents += 1
            return .transactionEvent(response)
        }
        if stations[station].open[index].canClose {
            book(index, of: station, effects: &effects)
        } else if event.eventType == .ended {
            let bookAt = now.adding(seconds: settings.lateStartGraceS)
            stations[station].open[index].bookAt = bookAt
            nextDeadline = min(nextDeadline, bookAt)
        }
        return .transactionEvent(response)
    }

    private mutating func open(_ transactionID: IdentifierText, at station: Int, effects: inout [Effect]) -> Int {
        if stations[station].open.count == Self.openTransactionsMax { book(0, of: station, effects: &effects) }
        stations[station].open.append(OpenTransaction(transactionID: transactionID))
        totals.transactionsOpened += 1
        effects.append(.transactionOpened(station: station, transactionID: transactionID))
        return stations[station].open.count - 1
    }

    private mutating func book(_ index: Int, of station: Int, effects: inout [Effect]) {
        let transaction = stations[station].open.remove(at: index)
        let record = transaction.record(station: station)
        stations[station].closed.insert(transaction, record: record)
        totals.transactionsClosed += 1
        if !record.complete { totals.transactionsIncomplete += 1 }
        totals.energyBookedWh += record.energyWh
        effects.append(.transactionClosed(record))
    }

    private mutating func bookOverdue(_ station: Int, now: Timestamp, effects: inout [Effect]) {
        var index = 0
        while index < stations[station].open.count {
            let bookAt = stations[station].open[index].bookAt
            if now >= bookAt {
                book(index, of: station, effects: &effects)
            } else {
                nextDeadline = min(nextDeadline, bookAt)
                index += 1
            }
        }
    }

    private mutating func amend(
        _ closed: Int, with event: V201.TransactionEventRequest, station: Int, effects: inout [Effect]
    ) {
        switch stations[station].closed.take(event, at: closed) {
        case .duplicate: totals.duplicateEvents += 1
        case .nothingNew: totals.lateEvents += 1
        case .amended(let energyWh, let idToken):
            totals.lateEvents += 1
            totals.energyBookedWh += energyWh
            effects.append(
                .transactionAmended(
                    station: station, transactionID: event.transactionInfo.transactionId, energyWh: energyWh,
                    idToken: idToken))
        }
    }
}
