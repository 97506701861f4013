public import OCPP
public import OCPPMessages

/// What a ``StationDesk`` wants kept, in the order it happened.
///
/// Every effect says the whole new value of what it names, so storing a prefix of them leaves a consistent state and
/// storing one twice changes nothing; only ``diary(_:)`` and ``payload(_:)`` add a line each time.
///
/// What is big and seldom is indirect: an effect is handed on several times before it is stored, each time by a copy.
public enum StoreEffect: Equatable, Sendable {
    /// What the charging station said of itself at boot. One row per charging station, replaced.
    indirect case station(StationProfile)
    /// Heard of again, silent for longer than allowed, connected or disconnected.
    case presence(StationPresence, at: Timestamp)
    /// State of a connector. One row per EVSE and connector, replaced.
    indirect case connector(ConnectorState)
    /// One row per ``StoredTransaction/transactionID``, replaced.
    indirect case transaction(StoredTransaction, TransactionChange)
    /// The payload of the request being handled, byte by byte as it came: its bytes are the driver's to add.
    case payload(KeptPayload)
    /// A token was refused, at Authorize or with a transaction.
    indirect case tokenRefused(Core.IdToken, Core.AuthorizationStatus, at: Timestamp)
    /// A value of the device model. One row per component, variable and attribute, replaced; fields that are `nil` stay
    /// as they are.
    indirect case variable(VariableValue, at: Timestamp)
    /// A standard object that has a name. One row per kind and key, replaced.
    indirect case put(KeptRecord, at: Timestamp)
    /// Rows of this kind whose key matches are gone. A key is made of parts between slashes; `*` in the pattern stands
    /// for any one part.
    case forget(RecordKind, pattern: String)
    /// A line of the charging station's diary.
    indirect case diary(DiaryEntry)
    /// What the desk itself wants back after a restart. One row per charging station, replaced.
    indirect case memory(DeskMemory)
}

/// Whether a charging station can be reached.
public enum StationPresence: String, Hashable, Sendable, Codable {
    case connected, disconnected
    /// A sign of life after silence.
    case heard
    /// Connected perhaps, but silent for longer than allowed.
    case silent
}

/// What a charging station says of itself at boot, in the words of its version.
public struct StationProfile: Hashable, Sendable, Codable {
    public var version: OCPPVersion
    public var vendor: String
    public var model: String
    public var serialNumber: String?
    public var firmwareVersion: String?
    /// ICCID of its SIM card.
    public var iccid: String?
    /// IMSI of its SIM card.
    public var imsi: String?
    /// What it was told at its last boot.
    public var registration: Core.RegistrationStatus
    public var bootReason: Core.BootReason
    /// When it booted, by the CSMS's clock.
    public var bootedAt: Timestamp

    public init(
        version: OCPPVersion, vendor: String, model: String, serialNumber: String? = nil,
        firmwareVersion: String? = nil, iccid: String? = nil, imsi: String? = nil,
        registration: Core.RegistrationStatus, bootReason: Core.BootReason, bootedAt: Timestamp
    ) {
        self.version = version
        self.vendor = vendor
        self.model = model
        self.serialNumber = serialNumber
        self.firmwareVersion = firmwareVersion
        self.iccid = iccid
        self.imsi = imsi
        self.registration = registration
        self.bootReason = bootReason
        self.bootedAt = bootedAt
    }
}

/// State of a connector as last told.
public struct ConnectorState: Hashable, Sendable, Codable {
    /// From 1; 0 stands for the whole charging station (OCPP 1.6).
    public var evse: Int32
    /// From 1 within the EVSE.
    public var connector: Int32
    public var status: Core.ConnectorStatus
    /// The word on the wire: of OCPP 1.6 it says more than ``status``.
    public var statusText: String
    /// Error code of OCPP 1.6; `nil` for NoError and in 2.x.
    public var errorCode: String?
    /// The vendor's error code and remark (OCPP 1.6).
    public var errorInfo: String?
    /// When it changed, as the charging station says, at most the CSMS's clock.
    public var changedAt: Timestamp

    public init(
        evse: Int32, connector: Int32, status: Core.ConnectorStatus, statusText: String, errorCode: String? = nil,
        errorInfo: String? = nil, changedAt: Timestamp
    ) {
        self.evse = evse
        self.connector = connector
        self.status = status
        self.statusText = statusText
        self.errorCode = errorCode
        self.errorInfo = errorInfo
        self.changedAt = changedAt
    }
}

/// Names the payload of a request that is kept as it came.
public struct KeptPayload: Hashable, Sendable {
    /// The action as on the wire.
    public var action: String
    /// `nil` outside transactions.
    public var transactionID: IdentifierText?
    /// Sequence number within the transaction; 0 outside.
    public var sequence: Int32
    /// `nil` outside transactions.
    public var event: Core.TransactionEventKind?
    /// From 1; 0 when the request does not say it.
    public var evse: Int32
    /// When it arrived.
    public var receivedAt: Timestamp
}

/// One attribute of a variable of the device model, or a configuration key of OCPP 1.6.
public struct VariableValue: Hashable, Sendable {
    /// `Name`, `Name[instance]`, `Name@evse` or `Name@evse.connector`; empty for a configuration key of OCPP 1.6.
    public var component: String
    /// `Name` or `Name[instance]`; a configuration key of OCPP 1.6.
    public var variable: String
    public var attribute: V2.AttributeEnum
    public var value: String?
    public var mutability: V2.MutabilityEnum?
    /// JSON of `VariableCharacteristicsType`.
    public var characteristics: [UInt8]?
}

/// What kind of object a ``KeptRecord`` is; in brackets the parts of its key.
public enum RecordKind: String, Hashable, Sendable, CaseIterable {
    /// `VariableMonitoringType` with its component and variable (id).
    case monitor
    /// `ChargingProfileType` (purpose, EVSE, stack level, id).
    case chargingProfile
    /// `NotifyChargingLimitRequest` (EVSE, source).
    case chargingLimit
    /// `NotifyEVChargingNeedsRequest` (EVSE).
    case chargingNeeds
    /// `NotifyEVChargingScheduleRequest` (EVSE).
    case vehicleSchedule
    /// `ReserveNowRequest` (id).
    case reservation
    /// `MessageInfoType` (id).
    case displayMessage
    /// The last status notification of a firmware update (requestId).
    case firmware
    /// The last `PublishFirmwareStatusNotificationRequest` (requestId).
    case publishedFirmware
    /// The last status notification of an upload of logs or diagnostics (requestId).
    case upload
    /// `CertificateHashDataChainType` or, in OCPP 1.6, `CertificateHashDataType` of an installed certificate (type,
    /// serial number).
    case installedCertificate
    /// `CertificateSignedRequest` that the charging station accepted (certificate type).
    case stationCertificate
    /// A setting for energy resources, with its id (control type, default or scheduled, id).
    case derControl
    /// `ConstantStreamDataType` (id).
    case eventStream
    /// `SetNetworkProfileRequest` without its secrets (slot).
    case networkProfile
    /// Request that has to be followed by something the charging station does later (action, EVSE, connector).
    case scheduled
}

/// A standard object, kept under a name.
public struct KeptRecord: Hashable, Sendable {
    public var kind: RecordKind
    /// Parts between slashes, see ``RecordKind``.
    public var key: String
    /// The object's JSON, as the standard writes it.
    public var json: [UInt8]
}

/// What a line of the diary tells.
public enum DiaryKind: String, Hashable, Sendable, CaseIterable {
    /// `EventDataType` of a NotifyEvent.
    case event
    case securityEvent
    case firmware, publishedFirmware, upload
    /// `NotifyReport`, `NotifyMonitoringReport` and the like have come completely, or a part is missing.
    case reportComplete, reportIncomplete
    /// Text of a NotifyCustomerInformation, all parts together.
    case customerInformation
    case dataTransfer
    case reservation
    case certificate
    case batterySwap
    case streamData
    case derAlarm, derControl
    case priorityCharging
    case settlement
    case chargingLimit
    case provisioning
    case remoteStart
    case scheduled
    case localList
}

/// A line of a charging station's diary.
public struct DiaryEntry: Hashable, Sendable {
    public var kind: DiaryKind
    /// One of the standard's critical security events, or an alerting event of severity 0 to 3.
    public var isCritical: Bool
    /// When it arrived.
    public var receivedAt: Timestamp
    /// When it happened, as the charging station says.
    public var happenedAt: Timestamp?
    /// One word: a status, an event's type, a name.
    public var subject: String
    /// The message or the object told of, JSON as the standard writes it; empty for none.
    public var json: [UInt8]
}
