internal import OCPP
internal import OCPPMessages

extension VariableCatalogue {
    static let security: [ComponentDefinition] = [
        ComponentDefinition(
            "SecurityCtrlr",
            [
                VariableDefinition("Enabled", .boolean, .readOnly, "true"),
                VariableDefinition("AdditionalRootCertificateCheck", .boolean, .readOnly, "false", constant: true),
                VariableDefinition("AllowSecurityProfileDowngrade", .boolean, .readWrite, "false", since: .v21),
                VariableDefinition("BasicAuthPassword", .string, .writeOnly, limits: 16...64, source: .secret),
                VariableDefinition("CertificateEntries", .integer, .readOnly, "0", limits: 0...100),
                VariableDefinition("CertSigningRepeatTimes", .integer, .readWrite, "3", limits: 0...100),
                VariableDefinition(
                    "CertSigningWaitMinimum", .integer, .readWrite, "30", unit: "s", limits: 1...86_400),
                VariableDefinition("Identity", .string, .readOnly, limits: 0...48),
                VariableDefinition("MaxCertificateChainSize", .integer, .readOnly, "10000", constant: true),
                VariableDefinition("OrganizationName", .string, .readWrite, "", limits: 0...64),
                VariableDefinition("SecurityProfile", .integer, .readOnly, "0", limits: 0...3),
            ]),
        ComponentDefinition(
            "ISO15118Ctrlr", needs: .iso15118,
            [
                VariableDefinition("Available", .boolean, .readOnly, "true"),
                VariableDefinition("Enabled", .boolean, .readWrite, "true"),
                VariableDefinition("CentralContractValidationAllowed", .boolean, .readOnly, "false"),
                VariableDefinition("ContractValidationOffline", .boolean, .readOnly, "false"),
                VariableDefinition("SeccId", .string, .readOnly, "", limits: 0...255),
                VariableDefinition("MaxScheduleEntries", .integer, .readOnly, "1024", constant: true),
                VariableDefinition(
                    "RequestedEnergyTransferMode", .optionList, .readOnly, "AC_three_phase",
                    values: "DC,AC_single_phase,AC_two_phase,AC_three_phase"),
                VariableDefinition("RequestMeteringReceipt", .boolean, .readOnly, "false"),
                VariableDefinition("CountryName", .string, .readOnly, "", limits: 0...2),
                VariableDefinition("OrganizationName", .string, .readWrite, "", limits: 0...64),
                VariableDefinition("PnCEnabled", .boolean, .readWrite, "true"),
                VariableDefinition("V2GCertificateInstallationEnabled", .boolean, .readWrite, "true"),
                VariableDefinition("ContractCertificateInstallationEnabled", .boolean, .readWrite, "true"),
                VariableDefinition(
                    "CertificateStatusSource", .memberList, .readOnly, "OCSP", values: "CRL,OCSP", since: .v21),
                VariableDefinition(
                    "NotificationMaxDelay", .integer, .readOnly, "10", unit: "s", limits: 0...3600, since: .v21),
                VariableDefinition("ServiceRenegotiationSupport", .boolean, .readOnly, "false", since: .v21),
                VariableDefinition("SupportedProviders", .string, .readOnly, "", limits: 0...2500, since: .v21),
                VariableDefinition("MaxPriceElements", .integer, .readOnly, "1024", constant: true, since: .v21),
                VariableDefinition(
                    "ProtocolSupported", .string, .readOnly, "urn:iso:15118:2:2013:MsgDef,2,0",
                    instances: .named(["1"]), since: .v21),
            ]),
    ]

    static let authorization: [ComponentDefinition] = [
        ComponentDefinition(
            "AuthCtrlr",
            [
                VariableDefinition("Enabled", .boolean, .readOnly, "true"),
                VariableDefinition("AdditionalInfoItemsPerMessage", .integer, .readOnly, "5", constant: true),
                VariableDefinition("AuthorizeRemoteStart", .boolean, .readWrite, "false"),
                VariableDefinition("LocalAuthorizeOffline", .boolean, .readWrite, "true"),
                VariableDefinition("LocalPreAuthorize", .boolean, .readWrite, "false"),
                VariableDefinition("MasterPassGroupId", .string, .readWrite, "", limits: 0...255),
                VariableDefinition("OfflineTxForUnknownIdEnabled", .boolean, .readWrite, "true"),
                VariableDefinition("DisableRemoteAuthorization", .boolean, .readWrite, "false"),
                VariableDefinition(
                    "SupportedIdTokenTypes", .memberList, .readOnly, supportedTokenTypes, values: supportedTokenTypes,
                    since: .v21),
            ]),
        ComponentDefinition(
            "AuthCacheCtrlr",
            [
                VariableDefinition("Available", .boolean, .readOnly, "true"),
                VariableDefinition("Enabled", .boolean, .readWrite, "true"),
                VariableDefinition("LifeTime", .integer, .readWrite, "0", unit: "s", limits: 0...longest),
                VariableDefinition(
                    "Policy", .optionList, .readOnly, "LRU", values: "LRU,LFU,FIFO,CUSTOM", constant: true),
                VariableDefinition("Storage", .integer, .readOnly, "0", unit: "B", limits: 0...1_000_000),
                VariableDefinition("DisablePostAuthorize", .boolean, .readOnly, "false", constant: true),
            ]),
        ComponentDefinition(
            "LocalAuthListCtrlr",
            [
                VariableDefinition("Available", .boolean, .readOnly, "true"),
                VariableDefinition("BytesPerMessage", .integer, .readOnly, "65536", constant: true),
                VariableDefinition("Enabled", .boolean, .readWrite, "true"),
                VariableDefinition("Entries", .integer, .readOnly, "0", limits: 0...1000),
                VariableDefinition("ItemsPerMessage", .integer, .readOnly, "100", constant: true),
                VariableDefinition("Storage", .integer, .readOnly, "0", unit: "B", limits: 0...1_000_000),
                VariableDefinition("DisablePostAuthorize", .boolean, .readOnly, "false", constant: true),
                VariableDefinition("SupportsExpiryDateTime", .boolean, .readOnly, "true", constant: true, since: .v21),
            ]),
        ComponentDefinition(
            "ReservationCtrlr",
            [
                VariableDefinition("Available", .boolean, .readOnly, "true"),
                VariableDefinition("Enabled", .boolean, .readWrite, "true"),
                VariableDefinition("NonEvseSpecific", .boolean, .readOnly, "true", constant: true),
            ]),
    ]
    private static let supportedTokenTypes =
        "Central,eMAID,EVCCID,ISO14443,ISO15693,KeyCode,Local,MacAddress,NoAuthorization,VIN,DirectPayment"
}
