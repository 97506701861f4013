internal import OCPP
internal import OCPPMessages

extension VariableCatalogue {
    private static let startAndStopPoints =
        "ParkingBayOccupancy,EVConnected,Authorized,DataSigned,PowerPathClosed,EnergyTransfer"
    private static let register = "Energy.Active.Import.Register"
    private static let figures = "Energy.Active.Import.Register,Power.Active.Import,SoC"
    private static let modes =
        [
            "ChargingOnly", "CentralSetpoint", "ExternalSetpoint", "ExternalLimits", "CentralFrequency",
            "LocalFrequency", "LocalLoadBalancing", "Idle",
        ]

    static let metering: [ComponentDefinition] = [
        ComponentDefinition(
            "SampledDataCtrlr",
            [
                VariableDefinition("Available", .boolean, .readOnly, "true"),
                VariableDefinition("Enabled", .boolean, .readWrite, "true"),
                VariableDefinition("SignReadings", .boolean, .readWrite, "false"),
                VariableDefinition("SignStartedReadings", .boolean, .readWrite, "false"),
                VariableDefinition("SignUpdatedReadings", .boolean, .readWrite, "false"),
                VariableDefinition("TxEndedInterval", .integer, .readOnly, "0", unit: "s", constant: true),
                VariableDefinition("TxEndedMeasurands", .memberList, .readWrite, register, values: measurands),
                VariableDefinition("TxStartedMeasurands", .memberList, .readWrite, register, values: measurands),
                VariableDefinition("TxUpdatedInterval", .integer, .readWrite, "900", unit: "s", limits: 0...86_400),
                VariableDefinition("TxUpdatedMeasurands", .memberList, .readWrite, figures, values: measurands),
                VariableDefinition("RegisterValuesWithoutPhases", .boolean, .readWrite, "true"),
            ]),
        ComponentDefinition(
            "AlignedDataCtrlr",
            [
                VariableDefinition("Available", .boolean, .readOnly, "true"),
                VariableDefinition("Enabled", .boolean, .readWrite, "true"),
                VariableDefinition("Interval", .integer, .readWrite, "0", unit: "s", limits: 0...86_400),
                VariableDefinition("Measurands", .memberList, .readWrite, figures, values: measurands),
                VariableDefinition("SendDuringIdle", .boolean, .readWrite, "false"),
                VariableDefinition("SignReadings", .boolean, .readWrite, "false"),
                VariableDefinition("SignUpdatedReadings", .boolean, .readWrite, "false"),
                VariableDefinition("TxEndedInterval", .integer, .readOnly, "0", unit: "s", constant: true),
                // Ended holds the readings at begin and end, which are sampled ones.
                VariableDefinition(
                    "TxEndedMeasurands", .memberList, .readOnly, "", values: measurands, constant: true),
            ]),
        ComponentDefinition(
            "FiscalMetering", .evse,
            [
                VariableDefinition(
                    "EnergyImportRegister", .decimal, .readOnly, unit: "Wh", source: .state, monitored: true),
                VariableDefinition("Problem", .boolean, .readOnly, "false", persistent: false, monitored: true),
                VariableDefinition("PublicKey", .string, .readOnly, limits: 0...2500),
            ]),
    ]

    static let transactions: [ComponentDefinition] = [
        ComponentDefinition(
            "TxCtrlr",
            [
                VariableDefinition("Enabled", .boolean, .readOnly, "true"),
                VariableDefinition(
                    "EVConnectionTimeOut", .integer, .readWrite, "120", unit: "s", limits: 1...86_400),
                VariableDefinition("MaxEnergyOnInvalidId", .integer, .readWrite, "", unit: "Wh", limits: 0...100_000),
                VariableDefinition("StopTxOnEVSideDisconnect", .boolean, .readOnly, "true", constant: true),
                VariableDefinition("StopTxOnInvalidId", .boolean, .readWrite, "true"),
                VariableDefinition("TxBeforeAcceptedEnabled", .boolean, .readWrite, "true"),
                VariableDefinition(
                    "TxStartPoint", .memberList, .readWrite, "PowerPathClosed",
                    values: startAndStopPoints),
                VariableDefinition(
                    "TxStopPoint", .memberList, .readWrite, "EVConnected,Authorized",
                    values: startAndStopPoints),
                // After a loss of power transactions end.
                VariableDefinition(
                    "ResumptionTimeout", .integer, .readOnly, "0", unit: "s", constant: true, since: .v21),
                VariableDefinition(
                    "AllowEnergyTransferResumption", .boolean, .readOnly, "false", constant: true, since: .v21),
                VariableDefinition(
                    "SupportedLimits", .memberList, .readOnly, "",
                    values: "MaxCost,MaxEnergy,MaxTime,MaxSoC", constant: true, since: .v21),
            ]),
        ComponentDefinition(
            "V2XChargingCtrlr", .evse, needs: .bidirectional, since: .v21,
            [
                VariableDefinition("Available", .boolean, .readOnly, "true"),
                VariableDefinition("Enabled", .boolean, .readOnly, "true"),
                VariableDefinition(
                    "SupportedEnergyTransferModes", .memberList, .readOnly, "DC_BPT",
                    values: "AC_single_phase,AC_two_phase,AC_three_phase,DC,AC_BPT,AC_BPT_DER,AC_DER,DC_BPT,DC_ACDP"),
                VariableDefinition(
                    "SupportedOperationModes", .memberList, .readOnly,
                    "ChargingOnly,CentralSetpoint,ExternalLimits,LocalLoadBalancing,Idle",
                    values: modes.joined(separator: ",")),
            ]),
    ]
}
