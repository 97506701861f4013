internal import OCPP
internal import OCPPMessages

extension VariableCatalogue {
    /// Values that more than one variable has.
    static let measurands = MeasuredQuantities.all
    static let availabilityStates = "Available,Occupied,Reserved,Unavailable,Faulted"
    /// Longest interval that can be configured, s: a year.
    static let longest = 31_536_000.0
    /// Languages of the display.
    static let languages = ["en", "de", "fr", "nl"]
    /// Slots for network profiles.
    static let networkSlots = 4

    static let communication: [ComponentDefinition] = [
        ComponentDefinition(
            "OCPPCommCtrlr",
            [
                VariableDefinition("Enabled", .boolean, .readOnly, "true"),
                VariableDefinition("ActiveNetworkProfile", .string, .readOnly, "1"),
                VariableDefinition(
                    "FileTransferProtocols", .memberList, .readOnly, "HTTP,HTTPS,FTP,SFTP",
                    values: "FTP,FTPS,HTTP,HTTPS,SFTP", constant: true),
                VariableDefinition("HeartbeatInterval", .integer, .readWrite, "300", unit: "s", limits: 1...longest),
                VariableDefinition(
                    "MessageTimeout", .integer, .readOnly, "30", unit: "s", limits: 1...3600,
                    instances: .named(["Default"]), source: .state),
                VariableDefinition(
                    "MessageAttemptInterval", .integer, .readWrite, "60", unit: "s", limits: 0...86_400,
                    instances: .named(["TransactionEvent"])),
                VariableDefinition(
                    "MessageAttempts", .integer, .readWrite, "3", limits: 1...100,
                    instances: .named(["TransactionEvent"])),
                VariableDefinition(
                    "NetworkConfigurationPriority", .sequenceList, .readWrite, "1", values: "1,2,3,4", reboot: true),
                VariableDefinition("NetworkProfileConnectionAttempts", .integer, .readWrite, "3", limits: 1...100),
                VariableDefinition("OfflineThreshold", .integer, .readWrite, "600", unit: "s", limits: 0...longest),
                VariableDefinition(
                    "PublicKeyWithSignedMeterValue", .optionList, .readWrite, "OncePerTransaction",
                    values: "Never,OncePerTransaction,EveryMeterValue"),
                VariableDefinition("QueueAllMessages", .boolean, .readOnly, "false", constant: true),
                // A reset of these charging stations does not fail.
                VariableDefinition("ResetRetries", .integer, .readOnly, "0", limits: 0...10, constant: true),
                VariableDefinition(
                    "RetryBackOffRandomRange", .integer, .readWrite, "10", unit: "s", limits: 0...86_400),
                VariableDefinition("RetryBackOffRepeatTimes", .integer, .readWrite, "5", limits: 0...20),
                VariableDefinition(
                    "RetryBackOffWaitMinimum", .integer, .readWrite, "30", unit: "s", limits: 1...86_400),
                VariableDefinition("UnlockOnEVSideDisconnect", .boolean, .readOnly, "true", constant: true),
                VariableDefinition(
                    "WebSocketPingInterval", .integer, .readWrite, "60", unit: "s", limits: 0...86_400),
                VariableDefinition(
                    "FieldLength", .integer, .readOnly, "5600", constant: true,
                    instances: .named(["Get15118EVCertificateResponse.exiResponse"])),
                VariableDefinition("ExternalConfigChangeDate", .dateTime, .readOnly, since: .v21),
            ]),
        ComponentDefinition(
            "NetworkConfiguration", .networkSlot, since: .v21,
            [
                // Interfaces, tunnels and radio belong to no simulated station: they are told as SetNetworkProfile set them.
                VariableDefinition("OcppCsmsUrl", .string, limits: 0...2000, source: .networkProfile),
                VariableDefinition(
                    "OcppInterface", .optionList, .readOnly,
                    values: "Wired0,Wired1,Wired2,Wired3,Wireless0,Wireless1,Wireless2,Wireless3,Any",
                    source: .networkProfile),
                VariableDefinition("OcppTransport", .optionList, .readOnly, values: "JSON", source: .networkProfile),
                VariableDefinition(
                    "OcppVersion", .optionList, values: "OCPP16,OCPP201,OCPP21", source: .networkProfile),
                VariableDefinition("MessageTimeout", .integer, unit: "s", limits: 1...3600, source: .networkProfile),
                VariableDefinition("SecurityProfile", .integer, limits: 0...3, source: .networkProfile),
                VariableDefinition("Identity", .string, .readOnly, limits: 0...48, source: .networkProfile),
                VariableDefinition("BasicAuthPassword", .string, .writeOnly, limits: 16...64, source: .networkProfile),
                VariableDefinition("VpnEnabled", .boolean, .readOnly, source: .networkProfile),
                VariableDefinition(
                    "VpnType", .optionList, .readOnly, values: "IKEv2,IPSec,L2TP,PPTP", source: .networkProfile),
                VariableDefinition("VpnServer", .string, .readOnly, limits: 0...2000, source: .networkProfile),
                VariableDefinition("VpnUser", .string, .readOnly, limits: 0...50, source: .networkProfile),
                VariableDefinition("VpnGroup", .string, .readOnly, limits: 0...50, source: .networkProfile),
                VariableDefinition("ApnEnabled", .boolean, .readOnly, source: .networkProfile),
                VariableDefinition("Apn", .string, .readOnly, limits: 0...2000, source: .networkProfile),
                VariableDefinition("ApnUserName", .string, .readOnly, limits: 0...50, source: .networkProfile),
                VariableDefinition("PreferredNetwork", .string, .readOnly, limits: 0...6, source: .networkProfile),
                VariableDefinition("UseOnlyPreferredNetwork", .boolean, .readOnly, source: .networkProfile),
                VariableDefinition(
                    "ApnAuthentication", .optionList, .readOnly, values: "PAP,CHAP,NONE,AUTO", source: .networkProfile),
            ]),
        ComponentDefinition(
            "ClockCtrlr",
            [
                VariableDefinition("Enabled", .boolean, .readOnly, "true"),
                VariableDefinition("DateTime", .dateTime, .readOnly, source: .state),
                VariableDefinition(
                    "TimeAdjustmentReportingThreshold", .integer, .readWrite, "10", unit: "s",
                    limits: 0...86_400),
                VariableDefinition("TimeOffset", .string, .readWrite, "+00:00", limits: 6...6),
                VariableDefinition(
                    "TimeSource", .sequenceList, .readOnly, "Heartbeat",
                    values: "Heartbeat,NTP,GPS,RealTimeClock,MobileNetwork,RadioTimeTransmitter", constant: true),
            ]),
        ComponentDefinition(
            "CustomizationCtrlr",
            [
                VariableDefinition("CustomImplementationEnabled", .boolean, .readWrite, "true", instances: .vendors),
                VariableDefinition("CustomTriggers", .memberList, .readOnly, since: .v21),
            ]),
    ]
}
