internal import OCPP
internal import OCPPMessages

/// A configuration key of OCPP 1.6 and the variable that stands behind it.
/// - Source: OCPP 1.6 edition 2, chapter 9; "Improved security for OCPP 1.6-J", edition 3, chapter 5.
struct ConfigurationKey: Sendable {
    enum Backing: Sendable {
        /// A variable of the device model.
        case variable(component: String, variable: String, instance: String?)
        /// Told, never changed.
        case constant(@Sendable (ControllerContext) -> String)
        /// The hexadecimal form of the password (point 10 of OCPP-J 1.6 security: it is sent decoded).
        case authorizationKey
    }
    let name: String
    let backing: Backing
    var isReadOnly = false

    static func variable(
        _ name: String, _ component: String, _ variable: String, _ instance: String? = nil, readOnly: Bool = false
    ) -> ConfigurationKey {
        ConfigurationKey(
            name: name, backing: .variable(component: component, variable: variable, instance: instance),
            isReadOnly: readOnly)
    }
    static func constant(
        _ name: String, _ value: @escaping @Sendable (ControllerContext) -> String
    ) -> ConfigurationKey {
        ConfigurationKey(name: name, backing: .constant(value), isReadOnly: true)
    }

    /// In the order of the documents.
    static let all: [ConfigurationKey] = core + lists + smartCharging + security + signedMeterValues

    /// Key names are compared without regard to case.
    static func named(_ name: String) -> ConfigurationKey? {
        let wanted = name.lowercased()
        return all.first { $0.name.lowercased() == wanted }
    }

    private static let core: [ConfigurationKey] = [
        .variable("AllowOfflineTxForUnknownId", "AuthCtrlr", "OfflineTxForUnknownIdEnabled"),
        .variable("AuthorizationCacheEnabled", "AuthCacheCtrlr", "Enabled"),
        .variable("AuthorizeRemoteTxRequests", "AuthCtrlr", "AuthorizeRemoteStart"),
        .variable("ClockAlignedDataInterval", "AlignedDataCtrlr", "Interval"),
        .variable("ConnectionTimeOut", "TxCtrlr", "EVConnectionTimeOut"),
        .constant("ConnectorPhaseRotation") { _ in "NotApplicable" },
        .constant("GetConfigurationMaxKeys") { _ in "100" },
        .variable("HeartbeatInterval", "OCPPCommCtrlr", "HeartbeatInterval"),
        .variable("LocalAuthorizeOffline", "AuthCtrlr", "LocalAuthorizeOffline"),
        .variable("LocalPreAuthorize", "AuthCtrlr", "LocalPreAuthorize"),
        .variable("MaxEnergyOnInvalidId", "TxCtrlr", "MaxEnergyOnInvalidId"),
        .variable("MeterValuesAlignedData", "AlignedDataCtrlr", "Measurands"),
        .variable("MeterValuesSampledData", "SampledDataCtrlr", "TxUpdatedMeasurands"),
        .variable("MeterValueSampleInterval", "SampledDataCtrlr", "TxUpdatedInterval"),
        .constant("NumberOfConnectors") { String($0.evses.reduce(0) { $0 + $1.connectorCount }) },
        .variable("ResetRetries", "OCPPCommCtrlr", "ResetRetries", readOnly: true),
        .variable("StopTransactionOnInvalidId", "TxCtrlr", "StopTxOnInvalidId"),
        .variable("StopTxnAlignedData", "AlignedDataCtrlr", "TxEndedMeasurands", readOnly: true),
        .variable("StopTxnSampledData", "SampledDataCtrlr", "TxEndedMeasurands"),
        .constant("SupportedFeatureProfiles") { _ in
            "Core,FirmwareManagement,LocalAuthListManagement,Reservation,SmartCharging,RemoteTrigger"
        },
        .variable("TransactionMessageAttempts", "OCPPCommCtrlr", "MessageAttempts", "TransactionEvent"),
        .variable("TransactionMessageRetryInterval", "OCPPCommCtrlr", "MessageAttemptInterval", "TransactionEvent"),
        .variable(
            "UnlockConnectorOnEVSideDisconnect", "OCPPCommCtrlr", "UnlockOnEVSideDisconnect", readOnly: true),
        .variable("WebSocketPingInterval", "OCPPCommCtrlr", "WebSocketPingInterval"),
    ]

    /// - Source: Open Charge Alliance, "Signed Meter Values in OCPP" 1.0, section 3.3. MeterPublicKey and the number of a
    ///   connector behind it is told for each connector besides.
    private static let signedMeterValues: [ConfigurationKey] = [
        .variable("PublicKeyWithSignedMeterValue", "OCPPCommCtrlr", "PublicKeyWithSignedMeterValue"),
        .variable("SampledDataSignReadings", "SampledDataCtrlr", "SignReadings"),
        .variable("StartTxnSampledData", "SampledDataCtrlr", "TxStartedMeasurands"),
        .variable("SampledDataSignStartedReadings", "SampledDataCtrlr", "SignStartedReadings"),
        .variable("SampledDataSignUpdatedReadings", "SampledDataCtrlr", "SignUpdatedReadings"),
        .variable("AlignedDataSignReadings", "AlignedDataCtrlr", "SignReadings"),
        .variable("AlignedDataSignUpdatedReadings", "AlignedDataCtrlr", "SignUpdatedReadings"),
    ]

    private static let lists: [ConfigurationKey] = [
        .variable("LocalAuthListEnabled", "LocalAuthListCtrlr", "Enabled"),
        .constant("LocalAuthListMaxLength") { _ in String(LocalList.entriesMax) },
        .variable("SendLocalListMaxLength", "LocalAuthListCtrlr", "ItemsPerMessage", readOnly: true),
        .variable("ReserveConnectorZeroSupported", "ReservationCtrlr", "NonEvseSpecific", readOnly: true),
    ]

    private static let smartCharging: [ConfigurationKey] = [
        .variable("ChargeProfileMaxStackLevel", "SmartChargingCtrlr", "ProfileStackLevel", readOnly: true),
        .constant("ChargingScheduleAllowedChargingRateUnit") { _ in "Current,Power" },
        .variable("ChargingScheduleMaxPeriods", "SmartChargingCtrlr", "PeriodsPerSchedule", readOnly: true),
        .variable("ConnectorSwitch3to1PhaseSupported", "SmartChargingCtrlr", "Phases3to1", readOnly: true),
        .constant("MaxChargingProfilesInstalled") { _ in String(SmartCharging.profilesMax) },
    ]

    private static let security: [ConfigurationKey] = [
        .variable(
            "AdditionalRootCertificateCheck", "SecurityCtrlr", "AdditionalRootCertificateCheck", readOnly: true),
        ConfigurationKey(name: "AuthorizationKey", backing: .authorizationKey),
        .variable("CertificateSignedMaxChainSize", "SecurityCtrlr", "MaxCertificateChainSize", readOnly: true),
        .variable("CertificateStoreMaxLength", "SecurityCtrlr", "CertificateEntries", readOnly: true),
        .variable("CpoName", "SecurityCtrlr", "OrganizationName"),
        .variable("SecurityProfile", "SecurityCtrlr", "SecurityProfile"),
    ]
}
