internal import OCPP
internal import OCPPMessages

extension VariableCatalogue {
    static let smartCharging: [ComponentDefinition] = [
        ComponentDefinition(
            "SmartChargingCtrlr",
            [
                VariableDefinition("ACPhaseSwitchingSupported", .boolean, .readOnly, "false"),
                VariableDefinition("Available", .boolean, .readOnly, "true"),
                VariableDefinition("Enabled", .boolean, .readWrite, "true"),
                VariableDefinition(
                    "Entries", .integer, .readOnly, "0", limits: 0...100, instances: .named(["ChargingProfiles"])),
                VariableDefinition("ExternalControlSignalsEnabled", .boolean, .readWrite, "true"),
                VariableDefinition(
                    "LimitChangeSignificance", .decimal, .readWrite, "1", unit: "Percent", limits: 0...100),
                VariableDefinition("NotifyChargingLimitWithSchedules", .boolean, .readWrite, "false"),
                VariableDefinition("PeriodsPerSchedule", .integer, .readOnly, "1024", constant: true),
                VariableDefinition("Phases3to1", .boolean, .readOnly, "false"),
                VariableDefinition("ProfileStackLevel", .integer, .readOnly, "99", constant: true),
                VariableDefinition("RateUnit", .memberList, .readOnly, "A,W", values: "A,W"),
                VariableDefinition("ExternalConstraintsProfileDisallowed", .boolean, .readWrite, "false", since: .v21),
                VariableDefinition(
                    "ChargingProfilePersistence", .boolean, .readOnly, "true",
                    instances: .named(["TxProfile", "LocalGeneration", "ChargingStationExternalConstraints"]),
                    since: .v21),
                VariableDefinition(
                    "SetpointPriority", .optionList, .readOnly, "CsmsSetpoint",
                    values: "ExternalSetpoint,CsmsSetpoint", constant: true, since: .v21),
                VariableDefinition(
                    "MaxExternalConstraintsId", .integer, .readWrite, "-1", limits: -2_147_483_648...2_147_483_647,
                    since: .v21),
                VariableDefinition(
                    "SupportedAdditionalPurposes", .memberList, .readOnly, "PriorityCharging,LocalGeneration",
                    values: "PriorityCharging,LocalGeneration", since: .v21),
                VariableDefinition("SupportsDynamicProfiles", .boolean, .readOnly, "true", since: .v21),
                VariableDefinition("SupportsMaxOfflineDuration", .boolean, .readOnly, "true", since: .v21),
                VariableDefinition("SupportsUseLocalTime", .boolean, .readOnly, "false", since: .v21),
                VariableDefinition("SupportsRandomizedDelay", .boolean, .readOnly, "false", since: .v21),
                VariableDefinition("SupportsLimitAtSoC", .boolean, .readOnly, "true", since: .v21),
                VariableDefinition("SupportsEvseSleep", .boolean, .readOnly, "false", since: .v21),
                VariableDefinition(
                    "UpdateRateLimit", .integer, .readOnly, "0", unit: "s", limits: 0...3600, since: .v21),
            ])
    ]

    static let gridServices: [ComponentDefinition] = [
        ComponentDefinition(
            "ACDERCtrlr", .evse, supply: .ac, needs: .derControl, since: .v21,
            [
                VariableDefinition("Available", .boolean, .readOnly, "true"),
                VariableDefinition("Enabled", .boolean, .readWrite, "true"),
                VariableDefinition("ModesSupported", .memberList, .readOnly, derModes, values: derModes),
            ]),
        ComponentDefinition(
            "DCDERCtrlr", .evse, supply: .dc, needs: .derControl, since: .v21,
            [
                VariableDefinition("Available", .boolean, .readOnly, "true"),
                VariableDefinition("Enabled", .boolean, .readWrite, "true"),
                VariableDefinition("ModesSupported", .memberList, .readOnly, derModes, values: derModes),
                VariableDefinition("MaxW", .decimal, .readOnly, unit: "W", source: .state),
                VariableDefinition("OverExcitedW", .decimal, .readOnly, unit: "W", source: .state),
                VariableDefinition("OverExcitedPF", .decimal, .readOnly, "0.95"),
                VariableDefinition("UnderExcitedW", .decimal, .readOnly, unit: "W", source: .state),
                VariableDefinition("UnderExcitedPF", .decimal, .readOnly, "0.95"),
                VariableDefinition("MaxVA", .decimal, .readOnly, unit: "VA", source: .state),
                VariableDefinition("MaxVar", .decimal, .readOnly, unit: "var", source: .state),
                VariableDefinition("MaxVarNeg", .decimal, .readOnly, unit: "var", source: .state),
                VariableDefinition("MaxChargeRateW", .decimal, .readOnly, unit: "W", source: .state),
                VariableDefinition("MaxChargeRateVA", .decimal, .readOnly, unit: "VA", source: .state),
                VariableDefinition("VNom", .decimal, .readOnly, "400", unit: "V"),
                VariableDefinition("MaxV", .decimal, .readOnly, "440", unit: "V"),
                VariableDefinition("MinV", .decimal, .readOnly, "340", unit: "V"),
                VariableDefinition("InverterManufacturer", .string, .readOnly),
                VariableDefinition("InverterModel", .string, .readOnly),
                VariableDefinition("InverterSerialNumber", .string, .readOnly),
                VariableDefinition("InverterSwVersion", .string, .readOnly),
                VariableDefinition("InverterHwVersion", .string, .readOnly),
                VariableDefinition(
                    "IslandingDetectionMethod", .optionList, .readOnly, "RoCoF",
                    values: "NoAntiIslandingSupport,RoCoF,UVP_OVP,UFP_OFP,VoltagePhaseJump,HarmonicsDetection,"
                        + "ImpedanceMeasurement,SlipModeFrequencyShift,SandiaFrequencyShift,SandiaVoltageShift,"
                        + "FrequencyJump,RCLQFactor,OtherPassive,OtherActive"),
                VariableDefinition("IslandingDetectionTripTime", .decimal, .readOnly, "2", unit: "s"),
                VariableDefinition("ReactiveSusceptance", .decimal, .readOnly, "0"),
            ]),
        ComponentDefinition(
            "BatterySwapCtrlr", needs: .batterySwap, since: .v21,
            [
                VariableDefinition("Enabled", .boolean, .readWrite, "true"),
                VariableDefinition("TargetSoc", .integer, .readWrite, "80", unit: "Percent", limits: 0...100),
                VariableDefinition("MaxSoc", .integer, .readOnly, "100", unit: "Percent", limits: 0...100),
                VariableDefinition("IdToken", .string, .readOnly, "", limits: 0...255),
                VariableDefinition(
                    "Timeout", .integer, .readWrite, "120", unit: "s", limits: 1...86_400,
                    instances: .named(["In", "Out"])),
            ]),
        ComponentDefinition(
            "BatteryCartridge", .evse, needs: .batterySwap, since: .v21,
            [
                VariableDefinition(
                    "SoC", .integer, .readOnly, unit: "Percent", limits: 0...100, source: .state, monitored: true),
                VariableDefinition(
                    "SoH", .integer, .readOnly, "", unit: "Percent", limits: 0...100, persistent: false,
                    monitored: true),
            ]),
        ComponentDefinition(
            "LocalEnergyStorage", needs: .localStorage,
            [
                VariableDefinition("Available", .boolean, .readOnly, "true"),
                VariableDefinition("Capacity", .decimal, .readOnly, "0", unit: "Wh"),
            ]),
    ]
    private static let derModes =
        "EnterService,FreqDroop,FreqWatt,FixedPFAbsorb,FixedPFInject,FixedVar,Gradients,HFMustTrip,HFMayTrip,"
        + "HVMustTrip,HVMomCess,HVMayTrip,LimitMaxDischarge,LFMustTrip,LVMustTrip,LVMomCess,LVMayTrip,"
        + "PowerMonitoringMustTrip,VoltVar,VoltWatt,WattPF,WattVar"
}
