internal import OCPP
internal import OCPPMessages

// TriggerMessage and, from the security extension of 1.6, ExtendedTriggerMessage: the answer goes first, then what was
// asked for (F06, point 42).

extension RemoteControl {
    mutating func triggerMessage(
        _ request: V2.TriggerMessageRequest, context: inout ControllerContext
    ) -> V2.TriggerMessageResponse {
        guard Self.isKnown(request.requestedMessage, in: context.version) else {
            return V2.TriggerMessageResponse(status: .notImplemented)
        }
        var evse: Int?
        var connector: Int?
        if let place = request.evse, place.id != 0 {
            guard let index = context.evse(id: place.id) else { return .rejected("UnknownEvse") }
            evse = index
            if let id = place.connectorId {
                guard id >= 1, id <= context.evses[index].connectorCount else {
                    return .rejected("UnknownConnectorId")
                }
                connector = id - 1
            }
        }
        switch request.requestedMessage {
        case .bootNotification:
            // A charging station that is accepted already does not register again (F06); 1.6 has no such rule.
            if context.version.isV2, context.registration == .accepted { return .rejected("NotAllowed") }
            context.act(.trigger(.bootNotification, evse: nil, connector: nil))
        case .heartbeat: context.act(.trigger(.heartbeat, evse: nil, connector: nil))
        case .statusNotification: context.act(.trigger(.statusNotification, evse: evse, connector: connector))
        case .meterValues: context.act(.trigger(.meterValues, evse: evse, connector: nil))
        case .transactionEvent:
            guard context.registration == .accepted, Self.hasTransaction(evse, context) else {
                return .rejected("TxNotFound")
            }
            context.act(.trigger(.transactionEvent, evse: evse, connector: nil))
        case .logStatusNotification, .firmwareStatusNotification, .publishFirmwareStatusNotification,
            .signChargingStationCertificate:
            context.announce(.triggered(request.requestedMessage, custom: nil))
        case .signV2GCertificate, .signV2G20Certificate, .signCombinedCertificate:
            guard context.deviceModel.features.contains(.iso15118),
                context.deviceModel.bool("ISO15118Ctrlr", "Enabled"),
                context.deviceModel.bool("ISO15118Ctrlr", "V2GCertificateInstallationEnabled")
            else { return .rejected("NotEnabled") }
            context.announce(.triggered(request.requestedMessage, custom: nil))
        case .customTrigger:
            guard let custom = request.customTrigger else { return .rejected("MissingParam") }
            guard context.deviceModel.list("CustomizationCtrlr", "CustomTriggers").contains(custom) else {
                return V2.TriggerMessageResponse(status: .notImplemented)
            }
            context.announce(.triggered(.customTrigger, custom: custom))
        }
        return V2.TriggerMessageResponse(status: .accepted)
    }

    /// Whether the version has the message: 1.6 those of TriggerMessage and ExtendedTriggerMessage.
    private static func isKnown(_ message: V2.MessageTriggerEnum, in version: OCPPVersion) -> Bool {
        switch message {
        case .bootNotification, .logStatusNotification, .firmwareStatusNotification, .heartbeat, .meterValues,
            .statusNotification, .signChargingStationCertificate:
            true
        case .signV2GCertificate, .transactionEvent, .signCombinedCertificate, .publishFirmwareStatusNotification:
            version.isV2
        case .signV2G20Certificate, .customTrigger: version == .v21
        }
    }

    private static func hasTransaction(_ evse: Int?, _ context: ControllerContext) -> Bool {
        evse.map { context.evses[$0].transactionID != nil } ?? context.evses.contains { $0.transactionID != nil }
    }
}

extension V2.TriggerMessageResponse {
    fileprivate static func rejected(_ reason: String) -> V2.TriggerMessageResponse {
        V2.TriggerMessageResponse(status: .rejected, statusInfo: V2.StatusInfo(reasonCode: reason))
    }
}
