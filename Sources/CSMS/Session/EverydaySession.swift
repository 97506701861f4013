public import OCPP

/// The everyday part of what a CSMS does for one charging station: registration, connectors, transactions, tokens.
///
/// A pure state machine: flat messages and instants go in, answers and ``Effect``s come out, without allocation but for
/// what is kept. A simulated site has one for each station (``SiteSessions``); a ``StationDesk`` owns one and works with
/// its parts, since the messages of a wire say more than the flat ones.
///
/// Time-outs (silence, grace) need ``timerDue(from:now:effects:)`` at ``nextDeadline``; early or often is harmless.
public struct EverydaySession: Sendable, Codable {
    public let settings: CSMSSettings
    public internal(set) var registration: Registration
    public internal(set) var connectors = Connectors()
    public internal(set) var book = TransactionBook()
    public internal(set) var totals = CSMSTotals()

    public init(settings: CSMSSettings) {
        self.settings = settings
        registration = Registration(next: settings.newStations)
    }

    /// When ``timerDue(from:now:effects:)`` wants to be called; ``Timestamp/distantFuture`` for not at all.
    public var nextDeadline: Timestamp { min(registration.nextDeadline, book.nextDeadline) }

    /// Handles one call and answers it.
    ///
    /// - Parameters:
    ///   - station: what the effects call the charging station.
    ///   - now: the CSMS's clock; must not run backwards.
    ///   - directory: the network's tokens.
    ///   - effects: what is to be kept is appended here.
    public mutating func handle(
        _ call: StationCall, from station: Int, now: Timestamp, directory: TokenDirectory, effects: inout [Effect]
    ) -> CSMSAnswer {
        totals.calls += 1
        let isAccepted = registration.isAccepted
        if isAccepted { hear(from: station, now: now, effects: &effects) }
        let response: CSMSResponse
        if case .transactionEvent(let event) = call.request, isAccepted {  // by far the most frequent
            response = handle(event, from: station, now: now, directory: directory, effects: &effects)
        } else if case .bootNotification(let request) = call.request {
            response = handle(request, from: station, now: now, effects: &effects)
        } else if isAccepted {
            response = handleOther(call.request, from: station, now: now, directory: directory, effects: &effects)
        } else {
            response = .error(.securityError)  // B01.FR.10, B02.FR.09, B03.FR.07
        }
        if case .error = response { totals.callErrors += 1 }
        return CSMSAnswer(messageID: call.messageID, response: response)
    }

    /// Looks for silence that is too long, and for transactions whose grace is over.
    public mutating func timerDue(from station: Int, now: Timestamp, effects: inout [Effect]) {
        if registration.checkSilence(now: now, settings: settings) { effects.append(.stationOffline(station: station)) }
        while let overdue = book.overdue(now: now) {
            effects.append(.transactionClosed(book(at: overdue).record(station: station)))
        }
    }

    /// Decides whether the charging station may take part, from its next BootNotification on; one taken out is refused at
    /// once.
    public mutating func setRegistration(_ status: Core.RegistrationStatus) { registration.decide(status) }
}

// MARK: - Flat messages

extension EverydaySession {
    /// A sign of life that says nothing that is kept.
    public mutating func hear(from station: Int, now: Timestamp, effects: inout [Effect]) {
        if registration.hear(now: now, settings: settings) { effects.append(.stationOnline(station: station)) }
    }

    private mutating func handle(
        _ request: Core.BootNotificationRequest, from station: Int, now: Timestamp, effects: inout [Effect]
    ) -> CSMSResponse {
        let answer = boot(now: now)
        if answer.status == .accepted { hear(from: station, now: now, effects: &effects) }
        effects.append(
            .stationBooted(
                station: station, status: answer.status, reason: request.reason, identity: request.chargingStation))
        return .bootNotification(answer)
    }

    private mutating func handle(
        _ event: Core.TransactionEventRequest, from station: Int, now: Timestamp, directory: TokenDirectory,
        effects: inout [Effect]
    ) -> CSMSResponse {
        var outcome = apply(event, now: now)
        if case .refused = outcome { return .error(.propertyConstraintViolation) }
        var response = Core.TransactionEventResponse()
        if let token = event.idToken {
            response.idTokenInfo = judge(token, from: station, now: now, directory: directory, effects: &effects)
        }
        if case .needsRoom = outcome {
            effects.append(.transactionClosed(book(at: 0).record(station: station)))
            outcome = apply(event, now: now)
        }
        if case .continued = outcome { return .transactionEvent(response) }  // by far the most frequent
        let id = event.transactionInfo.transactionId
        switch outcome {
        case .continued, .repeated, .late: break
        case .opened: effects.append(.transactionOpened(station: station, transactionID: id))
        case .completed(let index, let isFirst):
            if isFirst { effects.append(.transactionOpened(station: station, transactionID: id)) }
            effects.append(.transactionClosed(book(at: index).record(station: station)))
        case .amended(let energyWh, let addsToken):
            effects.append(
                .transactionAmended(
                    station: station, transactionID: id, energyWh: energyWh, idToken: addsToken ? event.idToken : nil))
        case .refused, .needsRoom, .needsStore: preconditionFailure("seen to before, and no store is asked")
        }
        return .transactionEvent(response)
    }

    private mutating func handleOther(
        _ request: StationRequest, from station: Int, now: Timestamp, directory: TokenDirectory,
        effects: inout [Effect]
    ) -> CSMSResponse {
        switch request {
        case .bootNotification, .transactionEvent: preconditionFailure("handled before the other actions")
        case .heartbeat: return .heartbeat(Core.HeartbeatResponse(currentTime: now.wholeMilliseconds))
        case .statusNotification(let told):
            switch connectors.apply(told, now: now) {
            case .refused: return .error(.propertyConstraintViolation)
            case .unchanged: break
            case .changed:
                effects.append(
                    .connectorStatus(
                        station: station, evse: told.evseId, connector: told.connectorId, status: told.connectorStatus))
            }
            return .statusNotification(.init())
        case .authorize(let request):
            let info = judge(request.idToken, from: station, now: now, directory: directory, effects: &effects)
            return .authorize(Core.AuthorizeResponse(idTokenInfo: info))
        case .meterValues(let told):
            return connectors.apply(told) ? .meterValues(.init()) : .error(.propertyConstraintViolation)
        }
    }

    private mutating func judge(
        _ token: Core.IdToken, from station: Int, now: Timestamp, directory: TokenDirectory, effects: inout [Effect]
    ) -> Core.IdTokenInfo {
        let info = judge(token, now: now, directory: directory)
        if info.status != .accepted {
            effects.append(.tokenRefused(station: station, idToken: token, status: info.status))
        }
        return info
    }
}
