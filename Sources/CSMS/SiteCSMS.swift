public import OCPP

/// The part of a CSMS that looks after one site: registrations, connectors, transactions and their energy.
///
/// A pure state machine: calls and instants go in, answers and ``Effect``s come out. It learns of the world from frames
/// alone, so the same value serves a simulated site and real charging stations behind sockets. Memory is bounded: per
/// charging station at most ``openTransactionsMax`` open transactions, ``connectorsMax`` connectors and the last
/// 32 booked transactions.
///
/// Time-outs (silence, grace) need ``timerDue(now:effects:)`` at ``nextDeadline``; calling it early or often is
/// harmless.
/// - Source: OCPP 2.0.1 part 2, use cases B01-B04, C01, E01-E15, G01, G02, J01.
public struct SiteCSMS: Sendable, Codable {
    /// Open transactions kept for one charging station; the oldest is booked as it is when there would be more.
    public static let openTransactionsMax = 256
    /// Connectors kept for one charging station; notifications of more are refused.
    public static let connectorsMax = 256

    /// The greatest sequence number of a TransactionEvent that is believed.
    public static let sequenceMax: Int32 = 1_000_000_000

    public let settings: CSMSSettings
    public internal(set) var totals = CSMSTotals()
    /// When ``timerDue(now:effects:)`` wants to be called; ``Timestamp/distantFuture`` for not at all.
    public internal(set) var nextDeadline = Timestamp.distantFuture
    var stations: ContiguousArray<StationRecord>

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
        case .heartbeat: return .heartbeat(Core.HeartbeatResponse(currentTime: now.wholeMilliseconds))
        case .statusNotification(let request): return note(request, from: station, now: now, effects: &effects)
        case .authorize(let request):
            let info = judge(request.idToken, at: station, now: now, directory: directory, effects: &effects)
            return .authorize(Core.AuthorizeResponse(idTokenInfo: info))
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
    public mutating func setRegistration(_ status: Core.RegistrationStatus, of station: Int) {
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
    public func status(of station: Int, evse: Int32, connector: Int32) -> Core.ConnectorStatus? {
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
