internal import OCPP
internal import OCPPMessages

extension VariableCatalogue {
    static let deviceData: [ComponentDefinition] = [
        ComponentDefinition(
            "DeviceDataCtrlr",
            [
                VariableDefinition("Enabled", .boolean, .readOnly, "true"),
                VariableDefinition(
                    "BytesPerMessage", .integer, .readOnly, "65536", constant: true,
                    instances: .named(["GetReport", "GetVariables", "SetVariables"])),
                VariableDefinition("ConfigurationValueSize", .integer, .readOnly, "1000", constant: true),
                VariableDefinition(
                    "ItemsPerMessage", .integer, .readOnly, "50", constant: true,
                    instances: .named(["GetReport", "GetVariables", "SetVariables"])),
                VariableDefinition("ReportingValueSize", .integer, .readOnly, "2500", constant: true),
                VariableDefinition("ValueSize", .integer, .readOnly, "1000", constant: true),
            ]),
        ComponentDefinition(
            "MonitoringCtrlr",
            [
                VariableDefinition("Available", .boolean, .readOnly, "true"),
                VariableDefinition("Enabled", .boolean, .readWrite, "true"),
                VariableDefinition(
                    "BytesPerMessage", .integer, .readOnly, "65536", constant: true,
                    instances: .named(["ClearVariableMonitoring", "SetVariableMonitoring"])),
                VariableDefinition(
                    "ItemsPerMessage", .integer, .readOnly, "50", constant: true,
                    instances: .named(["ClearVariableMonitoring", "SetVariableMonitoring"])),
                VariableDefinition("OfflineQueuingSeverity", .integer, .readWrite, "3", limits: 0...9),
                VariableDefinition(
                    "ActiveMonitoringBase", .optionList, .readOnly, "All", values: "All,FactoryDefault,HardWiredOnly"),
                VariableDefinition("ActiveMonitoringLevel", .integer, .readOnly, "8", limits: 0...9),
                VariableDefinition("MaxPeriodicEventStreams", .integer, .readOnly, "8", constant: true, since: .v21),
            ]),
        ComponentDefinition(
            "DisplayMessageCtrlr", needs: .display,
            [
                VariableDefinition("Available", .boolean, .readOnly, "true"),
                VariableDefinition("DisplayMessages", .integer, .readOnly, "0", limits: 0...50),
                VariableDefinition("Enabled", .boolean, .readWrite, "true"),
                VariableDefinition("PersonalMessageSize", .integer, .readOnly, "1024", constant: true),
                VariableDefinition(
                    "SupportedFormats", .memberList, .readOnly, "ASCII,UTF8,URI", values: "ASCII,HTML,URI,UTF8,QRCODE"),
                VariableDefinition(
                    "SupportedPriorities", .memberList, .readOnly, "AlwaysFront,InFront,NormalCycle",
                    values: "AlwaysFront,InFront,NormalCycle"),
                VariableDefinition(
                    "SupportedStates", .memberList, .readOnly, "Charging,Faulted,Idle,Unavailable",
                    values: "Charging,Faulted,Idle,Unavailable,Suspended,Discharging"),
                VariableDefinition("QRCodeDisplayCapable", .boolean, .readOnly, "false"),
                VariableDefinition(
                    "Language", .optionList, .readOnly, "en", values: languages.joined(separator: ","),
                    constant: true),
            ]),
    ]

    static let payment: [ComponentDefinition] = [
        ComponentDefinition(
            "TariffCostCtrlr",
            [
                VariableDefinition("Available", .boolean, .readOnly, "true", instances: .named(["Tariff", "Cost"])),
                VariableDefinition("Currency", .string, .readWrite, "EUR", limits: 3...3),
                VariableDefinition(
                    "Enabled", .boolean, .readWrite, "true", instances: .named(["Tariff", "Cost", "RunningCost"])),
                VariableDefinition(
                    "TariffFallbackMessage", .string, .readWrite, "", limits: 0...255,
                    instances: .unnamedAnd(languages)),
                VariableDefinition(
                    "TotalCostFallbackMessage", .string, .readWrite, "", limits: 0...255,
                    instances: .unnamedAnd(languages)),
                VariableDefinition(
                    "OfflineTariffFallbackMessage", .string, .readWrite, "", limits: 0...255,
                    instances: .unnamedAnd(languages), since: .v21),
                VariableDefinition(
                    "Interval", .integer, .readWrite, "60", unit: "s", limits: 1...86_400,
                    instances: .named(["Tariff", "Cost"]), since: .v21),
                VariableDefinition(
                    "MaxElements", .integer, .readOnly, "10", constant: true, instances: .named(["Tariff"]),
                    since: .v21),
                VariableDefinition(
                    "ConditionsSupported", .boolean, .readOnly, "true", instances: .named(["Tariff"]), since: .v21),
                VariableDefinition(
                    "HandleFailedTariff", .optionList, .readWrite, "UseDefaultTariff",
                    values: "Deauthorize,UseDefaultTariff,CentralCost", instances: .named(["Tariff"]), since: .v21),
                VariableDefinition("Problem", .boolean, .readOnly, "false", persistent: false, monitored: true),
            ]),
        ComponentDefinition(
            "PaymentCtrlr", needs: .paymentTerminal, since: .v21,
            [
                VariableDefinition("Enabled", .boolean, .readWrite, "true"),
                VariableDefinition("Problem", .boolean, .readOnly, "false", persistent: false, monitored: true),
                VariableDefinition("AuthorizeDirectPayment", .boolean, .readOnly, "true"),
                VariableDefinition("AuthorizationAmount", .decimal, .readOnly, "50", limits: 0...10_000),
                VariableDefinition("IncrementalAuthorizationAmount", .decimal, .readOnly, "0", limits: 0...10_000),
                VariableDefinition("IncrementalAuthorizationThreshold", .decimal, .readOnly, "5", limits: 0...10_000),
                VariableDefinition(
                    "PaymentDetails", .memberList, .readOnly, "PaymentBrand,PaymentRecognition",
                    values: "CardBin,CardLast4Digits,CardCountryCode,CardHolderName,PaymentBrand,PaymentRecognition,"
                        + "CardExpiryDate,CardParId"),
                VariableDefinition("SettlementByCSMS", .boolean, .readWrite, "false"),
                VariableDefinition("ReceiptServerUrl", .string, .readOnly, "", limits: 0...2000),
                VariableDefinition("ReceiptByCSMS", .boolean, .readWrite, "true"),
                VariableDefinition(
                    "Merchant", .string, .readOnly, "", limits: 0...100,
                    instances: .named(["Id", "TaxId", "Name", "Address", "City"])),
                VariableDefinition("TerminalID", .string, .readOnly),
                VariableDefinition("PaymentServiceProvider", .string, .readOnly),
                VariableDefinition("VendorName", .string, .readOnly),
                VariableDefinition("Model", .string, .readOnly),
                VariableDefinition("SerialNumber", .string, .readOnly),
                VariableDefinition("FirmwareVersion", .string, .readOnly),
                VariableDefinition("IMSI", .string, .readOnly),
                VariableDefinition("ICCID", .string, .readOnly),
                VariableDefinition("Connected", .boolean, .readOnly, "true", persistent: false, monitored: true),
            ]),
        ComponentDefinition(
            "WebPaymentsCtrlr", .evse, needs: .webPayments, since: .v21,
            [
                VariableDefinition("Enabled", .boolean, .readWrite, "true"),
                VariableDefinition("URLTemplate", .string, .readOnly, "", limits: 0...2000),
                VariableDefinition(
                    "URLParameters", .memberList, .readOnly, "", values: "maxtime,maxenergy,maxcost"),
                VariableDefinition("TOTPVersion", .optionList, .readOnly, "v1", values: "v1"),
                VariableDefinition("ChargingStationId", .string, .readOnly, "", limits: 0...255),
                VariableDefinition("ValidityTime", .integer, .readOnly, "30", unit: "s", limits: 10...3600),
                VariableDefinition("Length", .integer, .readOnly, "8", limits: 6...10),
                VariableDefinition(
                    "QRCodeQuality", .optionList, .readOnly, "Medium",
                    values: "Low,Medium,Quartile,High"),
            ]),
    ]
}
