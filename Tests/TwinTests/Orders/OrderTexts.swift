/// Orders of a CSMS as a world writes them, without their occasions: every action that moves a charging station.
enum OrderTexts {
    static func all(_ version: String) -> [String] { version == "1.6" ? v16 : v2 + (version == "2.1" ? v21 : []) }

    /// Occasions, in the world's words.
    static let occasions = [
        "every_day: \"08:30\"", "every_day: \"12:15\"", "every_day: \"17:45\"", "on: booted, delay_s: 40",
        "on: plugged, delay_s: 5", "on: plugged, delay_s: 900", "on: started", "on: started, delay_s: 600",
        "on: ended, delay_s: 30", "on: faulted, delay_s: 60",
    ]

    private static let token = "{idToken: \"04EVTW00000007\", type: ISO14443}"
    private static let schedule =
        "chargingRateUnit: W, chargingSchedulePeriod: [{startPeriod: 0, limit: $share(30000)}, {startPeriod: 1800, limit: 11000}]"

    private static let v2 = [
        "action: RequestStartTransaction, payload: {remoteStartId: $number, evseId: 1, idToken: \(token)}",
        "action: RequestStopTransaction, each: transaction, payload: {transactionId: $transaction}",
        "action: SetChargingProfile, each: transaction, payload: {evseId: $evse, chargingProfile: {id: 3, stackLevel: 1, chargingProfilePurpose: TxProfile, chargingProfileKind: Relative, transactionId: $transaction, chargingSchedule: [{id: 1, \(schedule)}]}}",
        "action: SetChargingProfile, payload: {evseId: 0, chargingProfile: {id: 4, stackLevel: 0, chargingProfilePurpose: ChargingStationMaxProfile, chargingProfileKind: Recurring, recurrencyKind: Daily, chargingSchedule: [{id: 1, startSchedule: \"2025-01-01T00:00:00Z\", chargingRateUnit: A, chargingSchedulePeriod: [{startPeriod: 0, limit: 32}, {startPeriod: 43200, limit: 0}, {startPeriod: 46800, limit: 16}]}]}}",
        "action: ClearChargingProfile, payload: {chargingProfileCriteria: {stackLevel: 1}}",
        "action: Reset, payload: {type: OnIdle}", "action: Reset, payload: {type: Immediate}",
        "action: ChangeAvailability, payload: {operationalStatus: Inoperative, evse: {id: 1}}",
        "action: ChangeAvailability, payload: {operationalStatus: Operative}",
        "action: UnlockConnector, each: evse, payload: {evseId: $evse, connectorId: 1}",
        "action: TriggerMessage, payload: {requestedMessage: StatusNotification, evse: {id: 1, connectorId: 1}}",
        "action: TriggerMessage, payload: {requestedMessage: MeterValues, evse: {id: 1}}",
        "action: ReserveNow, payload: {id: $number, expiryDateTime: \"2025-12-30T00:00:00Z\", evseId: 1, idToken: \(token)}",
        "action: CancelReservation, payload: {reservationId: 1}",
        "action: UpdateFirmware, payload: {requestId: $number, firmware: {location: \"http://csms.invalid/firmware\", retrieveDateTime: $now}}",
        "action: GetLog, payload: {requestId: $number, logType: DiagnosticsLog, log: {remoteLocation: \"http://csms.invalid/log\"}}",
        "action: GetBaseReport, payload: {requestId: $number, reportBase: SummaryInventory}",
        "action: GetVariables, payload: {getVariableData: [{component: {name: OCPPCommCtrlr}, variable: {name: HeartbeatInterval}}]}",
        "action: SetVariables, payload: {setVariableData: [{attributeValue: \"45\", component: {name: TxCtrlr}, variable: {name: EVConnectionTimeOut}}]}",
        "action: ClearCache", "action: GetLocalListVersion", "action: DataTransfer, payload: {vendorId: org.example}",
        "action: GetCompositeSchedule, payload: {evseId: 1, duration: 3600}",
        "action: GetTransactionStatus, each: transaction, payload: {transactionId: $transaction}",
    ]
    private static let v21 = [
        "action: Reset, payload: {type: ImmediateAndResume}",
        "action: UpdateDynamicSchedule, payload: {chargingProfileId: 3, scheduleUpdate: {limit: 6000}}",
    ]

    private static let v16 = [
        "action: RemoteStartTransaction, payload: {connectorId: 1, idTag: \"04EVTW00000007\"}",
        "action: RemoteStopTransaction, each: transaction, payload: {transactionId: $transaction}",
        "action: SetChargingProfile, each: transaction, payload: {connectorId: $evse, csChargingProfiles: {chargingProfileId: 3, stackLevel: 1, chargingProfilePurpose: TxProfile, chargingProfileKind: Relative, transactionId: $transaction, chargingSchedule: {\(schedule)}}}",
        "action: SetChargingProfile, payload: {connectorId: 0, csChargingProfiles: {chargingProfileId: 4, stackLevel: 0, chargingProfilePurpose: ChargePointMaxProfile, chargingProfileKind: Recurring, recurrencyKind: Daily, chargingSchedule: {startSchedule: \"2025-01-01T00:00:00Z\", chargingRateUnit: A, chargingSchedulePeriod: [{startPeriod: 0, limit: 32}, {startPeriod: 43200, limit: 0}, {startPeriod: 46800, limit: 16}]}}}",
        "action: ClearChargingProfile, payload: {stackLevel: 1}", "action: Reset, payload: {type: Soft}",
        "action: Reset, payload: {type: Hard}",
        "action: ChangeAvailability, payload: {connectorId: 1, type: Inoperative}",
        "action: ChangeAvailability, payload: {connectorId: 0, type: Operative}",
        "action: UnlockConnector, each: evse, payload: {connectorId: $evse}",
        "action: TriggerMessage, payload: {requestedMessage: StatusNotification, connectorId: 1}",
        "action: TriggerMessage, payload: {requestedMessage: MeterValues, connectorId: 1}",
        "action: ReserveNow, payload: {reservationId: $number, expiryDate: \"2025-12-30T00:00:00Z\", connectorId: 1, idTag: \"04EVTW00000007\"}",
        "action: CancelReservation, payload: {reservationId: 1}",
        "action: UpdateFirmware, payload: {location: \"http://csms.invalid/firmware\", retrieveDate: $now}",
        "action: GetDiagnostics, payload: {location: \"http://csms.invalid/log\"}",
        "action: GetConfiguration, payload: {key: [HeartbeatInterval]}",
        "action: ChangeConfiguration, payload: {key: ConnectionTimeOut, value: \"45\"}", "action: ClearCache",
        "action: GetLocalListVersion", "action: DataTransfer, payload: {vendorId: org.example}",
        "action: GetCompositeSchedule, payload: {connectorId: 1, duration: 3600}",
    ]
}
