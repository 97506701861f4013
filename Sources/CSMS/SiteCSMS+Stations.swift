internal import OCPP

/// What a CSMS keeps of one charging station.
struct StationRecord: Sendable, Codable {
    /// What its next BootNotification is told.
    var registration: Core.RegistrationStatus
    /// Whether it has booted and been accepted.
    var isAccepted = false
    var isOnline = false
    var lastHeard = Timestamp.distantPast
    var connectors: ContiguousArray<ConnectorRecord> = []
    /// In the order of their first event.
    var open: ContiguousArray<OpenTransaction> = []
    var closed = ClosedTransactions()

    init(registration: Core.RegistrationStatus) { self.registration = registration }
}

struct ConnectorRecord: Sendable, BitwiseCopyable, Codable {
    var evse: Int32
    var connector: Int32
    var status: Core.ConnectorStatus
    var timestamp: Timestamp
    /// Last register told by MeterValues for the EVSE, Wh; kept with its first connector. `nil` before.
    var registerWh: Double?
}

extension SiteCSMS {
    mutating func boot(
        _ request: Core.BootNotificationRequest, from station: Int, now: Timestamp, effects: inout [Effect]
    ) -> CSMSResponse {
        let status = stations[station].registration
        stations[station].isAccepted = status == .accepted
        if status == .accepted { hear(from: station, now: now, effects: &effects) }
        effects.append(
            .stationBooted(
                station: station, status: status, reason: request.reason, identity: request.chargingStation))
        return .bootNotification(
            Core.BootNotificationResponse(
                currentTime: now.wholeMilliseconds,
                interval: status == .accepted ? settings.heartbeatIntervalS : settings.retryIntervalS, status: status))
    }

    /// Any message counts as a sign of life (G02.FR.04).
    mutating func hear(from station: Int, now: Timestamp, effects: inout [Effect]) {
        stations[station].lastHeard = now
        guard !stations[station].isOnline else { return }
        stations[station].isOnline = true
        nextDeadline = min(nextDeadline, now.adding(microseconds: settings.silenceMicroseconds))
        effects.append(.stationOnline(station: station))
    }

    mutating func note(
        _ request: Core.StatusNotificationRequest, from station: Int, now: Timestamp, effects: inout [Effect]
    ) -> CSMSResponse {
        guard request.evseId >= 0, request.connectorId >= 0 else { return .error(.propertyConstraintViolation) }
        let known = stations[station].connectors.firstIndex {
            $0.evse == request.evseId && $0.connector == request.connectorId
        }
        if let known {
            // What arrives last is so: a charging station's clock may run back, or ahead for years.
            let record = stations[station].connectors[known]
            stations[station].connectors[known].timestamp = min(request.timestamp, now)
            guard record.status != request.connectorStatus else { return .statusNotification(.init()) }
            stations[station].connectors[known].status = request.connectorStatus
        } else {
            guard stations[station].connectors.count < Self.connectorsMax else {
                return .error(.propertyConstraintViolation)
            }
            stations[station].connectors.append(
                ConnectorRecord(
                    evse: request.evseId, connector: request.connectorId, status: request.connectorStatus,
                    timestamp: min(request.timestamp, now)))
        }
        effects.append(
            .connectorStatus(
                station: station, evse: request.evseId, connector: request.connectorId,
                status: request.connectorStatus))
        return .statusNotification(.init())
    }

    mutating func note(_ request: Core.MeterValuesRequest, from station: Int) -> CSMSResponse {
        let register = request.meterValue.energyActiveImportRegisterWh
        guard request.evseId >= 0, Self.isPlausible(request.meterValue) else {
            return .error(.propertyConstraintViolation)
        }
        if let index = stations[station].connectors.firstIndex(where: { $0.evse == request.evseId }) {
            stations[station].connectors[index].registerWh = register
        }
        return .meterValues(.init())
    }

    mutating func judge(
        _ token: Core.IdToken, at station: Int, now: Timestamp, directory: TokenDirectory, effects: inout [Effect]
    ) -> Core.IdTokenInfo {
        let info = directory.info(for: token, now: now, unknown: settings.unknownTokens)
        if info.status != .accepted {
            totals.tokensRefused += 1
            effects.append(.tokenRefused(station: station, idToken: token, status: info.status))
        }
        return info
    }
}
