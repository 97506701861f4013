import Foundation
import OCPP
import OCPPMessages
import TestSupport
import Testing

@testable import Models

/// What a CSMS may set has an effect; what has none cannot be set.
@Suite("Settings that can be written")
struct WritableSettingsTests {
    /// Another value of each variable that the everyday machine follows.
    private static let everyday: [String: String] = [
        "OCPPCommCtrlr.HeartbeatInterval": "61", "OCPPCommCtrlr.MessageAttemptInterval": "7",
        "OCPPCommCtrlr.MessageAttempts": "9", "OCPPCommCtrlr.OfflineThreshold": "7",
        "OCPPCommCtrlr.RetryBackOffRandomRange": "7", "OCPPCommCtrlr.RetryBackOffRepeatTimes": "7",
        "OCPPCommCtrlr.RetryBackOffWaitMinimum": "7", "SampledDataCtrlr.Enabled": "false",
        "SampledDataCtrlr.TxUpdatedInterval": "7", "AlignedDataCtrlr.Interval": "7",
        "AlignedDataCtrlr.SendDuringIdle": "true", "TxCtrlr.EVConnectionTimeOut": "7",
        "TxCtrlr.MaxEnergyOnInvalidId": "7", "TxCtrlr.StopTxOnInvalidId": "false",
        "TxCtrlr.TxBeforeAcceptedEnabled": "false", "TxCtrlr.TxStartPoint": "EVConnected",
        "TxCtrlr.TxStopPoint": "EVConnected", "AuthCacheCtrlr.Enabled": "false", "AuthCacheCtrlr.LifeTime": "7",
        "AuthCtrlr.DisableRemoteAuthorization": "true", "AuthCtrlr.MasterPassGroupId": "G",
        "AuthCtrlr.LocalPreAuthorize": "true", "AuthCtrlr.LocalAuthorizeOffline": "false",
        "AuthCtrlr.OfflineTxForUnknownIdEnabled": "false",
    ]

    /// What else may be written, and the file of the blocks that goes by it.
    private static let elsewhere: [String: String] = [
        "AlignedDataCtrlr.Enabled": "DeviceModel/DeviceModel+FirmwareSettings.swift",
        "AlignedDataCtrlr.Measurands": "Controller/StationController+Extras.swift",
        "AlignedDataCtrlr.SignReadings": "Controller/StationController+MeterSigning.swift",
        "AlignedDataCtrlr.SignUpdatedReadings": "Controller/StationController+MeterSigning.swift",
        "SampledDataCtrlr.SignReadings": "Controller/StationController+MeterSigning.swift",
        "SampledDataCtrlr.SignStartedReadings": "Controller/StationController+MeterSigning.swift",
        "SampledDataCtrlr.SignUpdatedReadings": "Controller/StationController+MeterSigning.swift",
        "SampledDataCtrlr.TxStartedMeasurands": "Controller/StationController+Extras.swift",
        "SampledDataCtrlr.TxUpdatedMeasurands": "Controller/StationController+Extras.swift",
        "SampledDataCtrlr.TxEndedMeasurands": "Controller/StationController+Extras.swift",
        "SampledDataCtrlr.RegisterValuesWithoutPhases": "Controller/StationController+Extras.swift",
        "OCPPCommCtrlr.PublicKeyWithSignedMeterValue": "Controller/StationController+MeterSigning.swift",
        "OCPPCommCtrlr.NetworkConfigurationPriority": "DeviceModel/NetworkProfiles.swift",
        "OCPPCommCtrlr.NetworkProfileConnectionAttempts": "DeviceModel/NetworkProfiles.swift",
        "OCPPCommCtrlr.WebSocketPingInterval": "Controller/StationController+Driver.swift",
        "EVSE.ISO15118EvseId": "Controller/StationController+MeterSigning.swift",
        "ClockCtrlr.TimeOffset": "Tariffs/Tariffs.swift",
        "ClockCtrlr.TimeAdjustmentReportingThreshold": "Controller/StationController+Driver.swift",
        "CustomizationCtrlr.CustomImplementationEnabled": "DataTransfer/VendorData.swift",
        "SecurityCtrlr.AllowSecurityProfileDowngrade": "DeviceModel/NetworkProfiles.swift",
        "SecurityCtrlr.BasicAuthPassword": "DeviceModel/ControllerContext+Writing.swift",
        "SecurityCtrlr.CertSigningRepeatTimes": "Security/CertificateSigning.swift",
        "SecurityCtrlr.CertSigningWaitMinimum": "Security/CertificateSigning.swift",
        "SecurityCtrlr.OrganizationName": "Security/CertificateSigning.swift",
        "AuthCtrlr.AuthorizeRemoteStart": "Remote/RemoteControl.swift",
        "LocalAuthListCtrlr.Enabled": "Authorization/LocalList.swift",
        "ReservationCtrlr.Enabled": "Reservations/Reservations.swift",
        "MonitoringCtrlr.Enabled": "Monitoring/Monitoring+Watching.swift",
        "MonitoringCtrlr.OfflineQueuingSeverity": "Monitoring/Monitoring+Watching.swift",
        "DisplayMessageCtrlr.Enabled": "Display/DisplayMessages.swift",
        "SmartChargingCtrlr.Enabled": "SmartCharging/SmartCharging+Profiles.swift",
        "SmartChargingCtrlr.ExternalConstraintsProfileDisallowed": "SmartCharging/SmartCharging+External.swift",
        "SmartChargingCtrlr.ExternalControlSignalsEnabled": "SmartCharging/SmartCharging+External.swift",
        "SmartChargingCtrlr.LimitChangeSignificance": "SmartCharging/SmartCharging+External.swift",
        "SmartChargingCtrlr.MaxExternalConstraintsId": "SmartCharging/SmartCharging+External.swift",
        "SmartChargingCtrlr.NotifyChargingLimitWithSchedules": "SmartCharging/SmartCharging+External.swift",
        "ChargingStation.AllowNewSessionsPendingFirmwareUpdate": "FirmwareUpdate/FirmwareUpdate.swift",
        "TariffCostCtrlr.Currency": "Tariffs/Tariffs.swift",
        "TariffCostCtrlr.Enabled": "Tariffs/Tariffs.swift",
        "TariffCostCtrlr.HandleFailedTariff": "Tariffs/Tariffs+Driver.swift",
        "TariffCostCtrlr.Interval": "Tariffs/Tariffs+Driver.swift",
        "TariffCostCtrlr.TariffFallbackMessage": "Display/DriverDisplay.swift",
        "TariffCostCtrlr.TotalCostFallbackMessage": "Display/DriverDisplay.swift",
        "TariffCostCtrlr.OfflineTariffFallbackMessage": "Display/DriverDisplay.swift",
        "PaymentCtrlr.Enabled": "Tariffs/Tariffs+Payment.swift",
        "PaymentCtrlr.SettlementByCSMS": "Tariffs/Tariffs+Payment.swift",
        "PaymentCtrlr.ReceiptByCSMS": "Tariffs/Tariffs+Payment.swift",
        "WebPaymentsCtrlr.Enabled": "Tariffs/Tariffs+Payment.swift",
        "ISO15118Ctrlr.Enabled": "ISO15118/ContractCertificates.swift",
        "ISO15118Ctrlr.PnCEnabled": "ISO15118/ContractCertificates.swift",
        "ISO15118Ctrlr.ContractCertificateInstallationEnabled": "ISO15118/ContractCertificates.swift",
        "ISO15118Ctrlr.V2GCertificateInstallationEnabled": "Remote/RemoteControl+Trigger.swift",
        "ISO15118Ctrlr.OrganizationName": "Security/CertificateSigning.swift",
        "BatterySwapCtrlr.Enabled": "BatterySwap/BatterySwap.swift",
        "BatterySwapCtrlr.TargetSoc": "BatterySwap/BatterySwap.swift",
        "BatterySwapCtrlr.Timeout": "BatterySwap/BatterySwap.swift",
        "NetworkConfiguration.OcppCsmsUrl": "DeviceModel/NetworkVariables.swift",
        "NetworkConfiguration.OcppVersion": "DeviceModel/NetworkVariables.swift",
        "NetworkConfiguration.MessageTimeout": "DeviceModel/NetworkVariables.swift",
        "NetworkConfiguration.SecurityProfile": "DeviceModel/NetworkVariables.swift",
        "NetworkConfiguration.BasicAuthPassword": "DeviceModel/NetworkVariables.swift",
        "ACDERCtrlr.Enabled": "DER/DERControl.swift",
        "DCDERCtrlr.Enabled": "DER/DERControl.swift",
    ]

    private static var writable: [String] {
        VariableCatalogue.entries.compactMap { entry in
            let component = VariableCatalogue.components[entry.component].name
            guard !entry.variable.isConstant,
                entry.variable.attributes.contains(where: { $0.mutability != .readOnly })
            else { return nil }
            return component + "." + entry.variable.name
        }
    }

    @Test("every variable that can be written is known to have an effect, and there are no others")
    func table() {
        let known = Set(Self.everyday.keys).union(Self.elsewhere.keys)
        #expect(Set(Self.everyday.keys).isDisjoint(with: Self.elsewhere.keys))
        #expect(Set(Self.writable).subtracting(known).sorted() == [])
        #expect(known.subtracting(Self.writable).sorted() == [])
    }

    @Test("what is not the everyday machine's is read where the table says")
    func readers() throws {
        for (name, file) in Self.elsewhere.sorted(by: { $0.key < $1.key }) {
            let text = try String(
                contentsOfFile: Repository.path("Sources/Models/Stations/" + file), encoding: .utf8)
            let variable = name.split(separator: ".").last.map(String.init) ?? ""
            #expect(text.contains("\"\(variable)\""), "\(name) in \(file)")
        }
    }

    @Test("what the everyday machine follows changes its settings at once")
    func everydaySettings() throws {
        for (name, value) in Self.everyday.sorted(by: { $0.key < $1.key }) {
            var bench = StationBench()
            let parts = name.split(separator: ".").map(String.init)
            let instance = parts[1].hasPrefix("MessageAttempt") ? "TransactionEvent" : nil
            let before = bench.context.deviceModel.firmwareSettings(base: FirmwareSettings())
            #expect(
                bench.context.set(value, component: parts[0], variable: parts[1], instance: instance) == .accepted,
                "\(name)")
            #expect(bench.context.deviceModel.firmwareSettings(base: FirmwareSettings()) != before, "\(name)")
        }
    }

    @Test("SendDuringIdle keeps clock-aligned readings out of transactions (J01.FR.14)")
    func sendDuringIdle() throws {
        for duringIdle in ["false", "true"] {
            var bench = try MeterBench(version: .v201, evses: 2)
            bench.set("AlignedDataCtrlr", "SendDuringIdle", to: duringIdle)
            bench.set("AlignedDataCtrlr", "Interval", to: "300")
            bench.begin(0)
            bench.answerAll()
            bench.wait(301)
            bench.answerAll()
            let inside = bench.events("Updated").contains { $0["triggerReason"] as? String == "MeterValueClock" }
            #expect(inside == (duringIdle == "false"))
            #expect(bench.calls.filter { $0.action == "MeterValues" }.map { $0.payload["evseId"] as? Int } == [2])
            bench.set("AlignedDataCtrlr", "Enabled", to: "false")
            let before = bench.calls.count
            bench.wait(600)
            #expect(!bench.calls[before...].contains { $0.action == "MeterValues" })
        }
    }

    @Test("the ping interval reaches the connection, the EVSE's id the meter's record")
    func singleEffects() throws {
        var bench = try MeterBench(version: .v201)
        #expect(bench.set("OCPPCommCtrlr", "WebSocketPingInterval", to: "17") == "Accepted")
        #expect(bench.client.connectionSettings.pingIntervalS == 17)
        #expect(bench.set("SampledDataCtrlr", "SignReadings", to: "true") == "Accepted")
        let id =
            #"{"attributeValue":"DE*ABC*E1","component":{"name":"EVSE","evse":{"id":1}},"variable":{"name":"ISO15118EvseId"}}"#
        bench.hand(.frame(Array(#"[2,"e","SetVariables",{"setVariableData":[\#(id)]}]"#.utf8)))
        bench.begin()
        bench.answerAll()
        bench.end()
        let text = bench.jobs.compactMap { if case .signMeterValue(let text) = $0.job { text } else { nil } }.first
        #expect(text?.contains(#""CI":"DE*ABC*E1""#) == true)
    }

    @Test(
        "settings without an effect on a simulated station are told and cannot be written",
        arguments: [
            ("OCPPCommCtrlr", "QueueAllMessages", "true"), ("OCPPCommCtrlr", "ResetRetries", "2"),
            ("OCPPCommCtrlr", "UnlockOnEVSideDisconnect", "false"), ("ClockCtrlr", "TimeSource", "NTP"),
            ("TxCtrlr", "AllowEnergyTransferResumption", "true"), ("TxCtrlr", "ResumptionTimeout", "10"),
            ("SampledDataCtrlr", "TxEndedInterval", "60"), ("AlignedDataCtrlr", "TxEndedInterval", "60"),
            ("AlignedDataCtrlr", "TxEndedMeasurands", "Voltage"), ("AuthCacheCtrlr", "DisablePostAuthorize", "true"),
            ("LocalAuthListCtrlr", "DisablePostAuthorize", "true"), ("DisplayMessageCtrlr", "Language", "de"),
            ("LocalAuthListCtrlr", "SupportsExpiryDateTime", "false"), ("ChargingStation", "PhaseRotation", "RTS"),
            ("SmartChargingCtrlr", "SetpointPriority", "ExternalSetpoint"),
            ("ISO15118Ctrlr", "CentralContractValidationAllowed", "true"), ("ISO15118Ctrlr", "SeccId", "1"),
            ("PaymentCtrlr", "AuthorizationAmount", "10"), ("BatterySwapCtrlr", "MaxSoc", "90"),
        ])
    func readOnly(component: String, variable: String, value: String) {
        var bench = StationBench(features: [.standard, .paymentTerminal, .batterySwap])
        #expect(bench.context.value(component: component, variable: variable) != nil)
        #expect(bench.context.set(value, component: component, variable: variable) == .rejected)
    }

    @Test("settings of parts that are not there are not there")
    func absent() {
        var bench = StationBench(features: [.standard, .bidirectional])
        for (component, variable) in [
            ("ClockCtrlr", "NtpServerUri"), ("ClockCtrlr", "NtpSource"), ("SampledDataCtrlr", "UpstreamInterval"),
            ("AlignedDataCtrlr", "UpstreamMeasurands"), ("ClockCtrlr", "TimeZone"),
        ] {
            #expect(bench.context.set("1", component: component, variable: variable) == .unknownVariable)
        }
    }

    @Test("the same holds for keys of 1.6")
    func keys16() throws {
        var bench = try MeterBench(version: .v16)
        for key in [
            "ResetRetries", "ConnectorPhaseRotation", "StopTxnAlignedData", "UnlockConnectorOnEVSideDisconnect",
        ] {
            #expect(bench.set(key, to: "1") == "Rejected", "\(key)")
        }
        for key in ConfigurationKey.all where !key.isReadOnly {
            guard case .variable(let component, let variable, _) = key.backing else { continue }
            let name = component + "." + variable
            #expect(
                Self.writable.contains(name) || name == "SecurityCtrlr.SecurityProfile",
                "\(key.name) stands for something that can be written")
        }
    }
}
