public import OCPP
internal import OCPPMessages

/// Everyday words of the wire's enumerations in the core's, by raw value; words the core does not know stand for the
/// nearest one.
enum Words {
    static let contexts = table(V2.ReadingContextEnum.self, else: Core.ReadingContext.other)
    static let contexts16 = table(V16.ReadingContext.self, else: Core.ReadingContext.other)
    static let events = table(V2.TransactionEventEnum.self, else: Core.TransactionEventKind.updated)
    static let triggers = table(V2.TriggerReasonEnum.self, else: Core.TriggerReason.abnormalCondition)
    static let chargingStates = table(V2.ChargingStateEnum.self, else: Core.ChargingState.idle)
    static let stoppedReasons = table(V2.ReasonEnum.self, else: Core.StoppedReason.other)
    static let bootReasons = table(V2.BootReasonEnum.self, else: Core.BootReason.unknown)
    static let connectorStates = table(V2.ConnectorStatusEnum.self, else: Core.ConnectorStatus.unavailable)

    private static func table<From: OCPPEnumeration, To: WireEnumeration>(_: From.Type, else other: To) -> [To] {
        From.allCases.map { To(rawValue: $0.wireText) ?? other }
    }

    static func stoppedReason(_ reason: V16.Reason?) -> Core.StoppedReason {
        switch reason {
        case nil, .local: .local
        case .emergencyStop: .emergencyStop
        case .evDisconnected: .evDisconnected
        case .hardReset: .immediateReset
        case .other: .other
        case .powerLoss: .powerLoss
        case .reboot: .reboot
        case .remote: .remote
        case .softReset: .immediateReset
        case .unlockCommand: .other
        case .deAuthorized: .deAuthorized
        }
    }

    static func connectorStatus(_ status: V16.ChargePointStatus) -> Core.ConnectorStatus {
        switch status {
        case .available: .available
        case .preparing, .charging, .suspendedEVSE, .suspendedEV, .finishing: .occupied
        case .reserved: .reserved
        case .unavailable: .unavailable
        case .faulted: .faulted
        }
    }

    static func status(_ status: Core.AuthorizationStatus) -> V2.AuthorizationStatusEnum {
        switch status {
        case .accepted: .accepted
        case .blocked: .blocked
        case .concurrentTx: .concurrentTx
        case .expired: .expired
        case .invalid: .invalid
        case .noCredit: .noCredit
        case .notAllowedTypeEVSE: .notAllowedTypeEVSE
        case .notAtThisLocation: .notAtThisLocation
        case .notAtThisTime: .notAtThisTime
        case .unknown: .unknown
        }
    }

    /// OCPP 1.6 knows fewer reasons: what is not one of them makes the token invalid.
    static func status16(_ status: Core.AuthorizationStatus) -> V16.AuthorizationStatus {
        switch status {
        case .accepted: .accepted
        case .blocked: .blocked
        case .concurrentTx: .concurrentTx
        case .expired: .expired
        case .invalid, .noCredit, .notAllowedTypeEVSE, .notAtThisLocation, .notAtThisTime, .unknown: .invalid
        }
    }

    static func registration(_ status: Core.RegistrationStatus) -> V2.RegistrationStatusEnum {
        switch status {
        case .accepted: .accepted
        case .pending: .pending
        case .rejected: .rejected
        }
    }

    static func registration16(_ status: Core.RegistrationStatus) -> V16.RegistrationStatus {
        switch status {
        case .accepted: .accepted
        case .pending: .pending
        case .rejected: .rejected
        }
    }
}

extension IdentifierText {
    /// The text, or for one that is longer than ``capacity`` its beginning and a digest of all of it, so that long
    /// tokens of OCPP 2.1 have a place in the same directory.
    public init(foldingToken text: String) {
        if let short = IdentifierText(text) {
            self = short
            return
        }
        var digest: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 {
            let isUpper = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            digest = (digest ^ UInt64(isUpper ? byte | 0x20 : byte)) &* 0x0000_0100_0000_01B3
        }
        let hexadecimal = IdentifierText(hexadecimal: digest)
        var bytes = Array(text.utf8.prefix(19)).map { $0 < 0x80 ? $0 : UInt8(ascii: "?") }
        bytes.append(UInt8(ascii: "~"))
        for index in 0..<hexadecimal.count { bytes.append(hexadecimal[index]) }
        self = IdentifierText(utf8: bytes) ?? hexadecimal
    }
}

extension Core.IdToken {
    init(_ token: V2.IdToken) {
        self.init(
            idToken: IdentifierText(foldingToken: token.idToken),
            type: Core.IdTokenKind(rawValue: token.type) ?? .central)
    }

    /// An idTag of OCPP 1.6, which does not say what kind it is.
    init(idTag: String) { self.init(idToken: IdentifierText(foldingToken: idTag), type: .iso14443) }
}

extension V2.IdTokenInfo {
    init(_ info: Core.IdTokenInfo, priority: Int8) {
        self.init(
            status: Words.status(info.status), cacheExpiryDateTime: info.cacheExpiryDateTime,
            chargingPriority: priority == 0 ? nil : Int(priority),
            groupIdToken: info.groupIdToken.map {
                V2.IdToken(idToken: $0.idToken.description, type: $0.type.rawValue)
            })
    }
}

extension V16.IdTagInfo {
    init(_ info: Core.IdTokenInfo) {
        // parentIdTag is at most 20 characters; a longer group cannot be told.
        let group = info.groupIdToken.flatMap { $0.idToken.count <= 20 ? $0.idToken.description : nil }
        self.init(
            status: Words.status16(info.status), expiryDate: info.cacheExpiryDateTime, parentIdTag: group)
    }
}

extension Core.TransactionEventRequest {
    /// `nil` when it cannot belong to a transaction: no usable id, or a sequence number out of range.
    init?(_ request: V2.TransactionEventRequest) {
        let id = IdentifierText(foldingToken: request.transactionInfo.transactionId)
        guard !id.isEmpty,
            (0...Int(TransactionBook.sequenceMax)).contains(request.seqNo)
        else { return nil }
        let readings = EnergyReadings(request.meterValue)
        let kind = Words.events[Int(request.eventType.rawValue)]
        let info = request.transactionInfo
        self.init(
            eventType: kind, timestamp: request.timestamp,
            triggerReason: Words.triggers[Int(request.triggerReason.rawValue)], seqNo: Int32(request.seqNo),
            offline: request.offline ?? false,
            transactionInfo: Core.Transaction(
                transactionId: id, chargingState: info.chargingState.map { Words.chargingStates[Int($0.rawValue)] },
                stoppedReason: info.stoppedReason.map { Words.stoppedReasons[Int($0.rawValue)] }),
            evse: request.evse.flatMap { evse in
                Int32(exactly: evse.id).flatMap { $0 >= 1 ? Core.EVSE(id: $0) : nil }
            },
            idToken: request.idToken.map { Core.IdToken($0) },
            meterValue: kind == .started
                ? readings.begin ?? readings.latest
                : kind == .ended ? readings.end ?? readings.latest : readings.latest,
            meterValueAtBegin: kind == .ended ? readings.begin : nil)
    }
}
