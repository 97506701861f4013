import OCPP
import OCPPMessages
import Testing

@testable import Models

@Suite("Provisioning")
struct ProvisioningTests {
    private func get(
        _ name: String, _ variable: String, instance: String? = nil, evse: Int? = nil,
        _ attribute: V2.AttributeEnum? = nil
    ) -> V2.GetVariableData {
        V2.GetVariableData(
            component: .addressed(name, evse: evse), variable: V2.Variable(name: variable, instance: instance),
            attributeType: attribute)
    }

    @Test("point 43: each item has its own status, and a bad one spoils no other")
    func getEachByItself() {
        var bench = StationBench()
        let request = V2.GetVariablesRequest(getVariableData: [
            get("OCPPCommCtrlr", "HeartbeatInterval"), get("Nobody", "HeartbeatInterval"),
            get("OCPPCommCtrlr", "Nothing"), get("OCPPCommCtrlr", "HeartbeatInterval", .target),
            get("SecurityCtrlr", "BasicAuthPassword"), get("DeviceDataCtrlr", "ItemsPerMessage"),
            get("DeviceDataCtrlr", "ItemsPerMessage", instance: "GetReport"), get("EVSE", "Power", evse: 2, .maxSet),
            get("EVSE", "Power", evse: 3),
        ])
        let results = Provisioning().getVariables(request, context: &bench.context).getVariableResult
        #expect(
            results.map(\.attributeStatus) == [
                .accepted, .unknownComponent, .unknownVariable, .notSupportedAttributeType, .rejected, .unknownVariable,
                .accepted, .accepted, .unknownComponent,
            ])
        #expect(results[0].attributeValue == "300")
        #expect(results[4].attributeStatusInfo?.reasonCode == "WriteOnly")
        #expect(results[6].attributeValue == "50")
        #expect(results[7].attributeValue == "22080")
        #expect(results[3].attributeType == .target)
        #expect(results.allSatisfy { ($0.attributeValue != nil) == ($0.attributeStatus == .accepted) })
    }

    @Test("point 43: SetVariables sets what it can and says of the rest why not")
    func setEachByItself() {
        var bench = StationBench(version: .v201)
        func item(_ name: String, _ variable: String, _ value: String, instance: String? = nil) -> V2.SetVariableData {
            V2.SetVariableData(
                attributeValue: value, component: .addressed(name),
                variable: V2.Variable(name: variable, instance: instance))
        }
        let request = V2.SetVariablesRequest(setVariableData: [
            item("OCPPCommCtrlr", "HeartbeatInterval", "60"), item("SecurityCtrlr", "SecurityProfile", "3"),
            item("OCPPCommCtrlr", "HeartbeatInterval", "x"), item("Nobody", "X", "1"),
            item("NetworkConfiguration", "OcppCsmsUrl", "ws://x"),
            item("OCPPCommCtrlr", "MessageAttempts", "4", instance: "TransactionEvent"),
            item("SecurityCtrlr", "OrganizationName", String(repeating: "y", count: 1001)),
        ])
        let results = Provisioning().setVariables(request, context: &bench.context).setVariableResult
        #expect(
            results.map(\.attributeStatus) == [
                .accepted, .rejected, .rejected, .unknownComponent, .unknownComponent, .accepted, .rejected,
            ])
        #expect(
            results.map { $0.attributeStatusInfo?.reasonCode } == [
                nil, "ReadOnly", "InvalidValue", nil, nil, nil, "TooLargeElement",
            ])
        #expect(bench.announced().count == 2)
    }

    @Test("point 43: the full inventory comes in parts, numbered from 0, all but the last to be continued")
    func fullInventory() {
        var bench = StationBench(evses: 3)
        let answer = Provisioning().getBaseReport(
            V2.GetBaseReportRequest(requestId: 7, reportBase: .fullInventory), context: &bench.context)
        #expect(answer.status == .accepted)
        let parts = bench.sent().compactMap(\.report)
        #expect(parts.count > 5)
        #expect(parts.map(\.seqNo) == Array(parts.indices))
        #expect(parts.allSatisfy { $0.requestId == 7 })
        #expect(parts.dropLast().allSatisfy { $0.tbc == true })
        #expect(parts.last?.tbc == false)
        for part in parts {
            #expect((1...ControllerContext.reportItemsMax).contains(part.reportData?.count ?? 0))
            #expect(part.json(version: .v21).count < 65_536)
        }
        let data = parts.flatMap { $0.reportData ?? [] }
        let secrets = data.filter { $0.variableAttribute.contains { $0.mutability == .writeOnly } }
        #expect(!secrets.isEmpty)
        #expect(secrets.allSatisfy { $0.variableAttribute.allSatisfy { $0.value == nil } })
        let power = data.first { $0.component.name == "EVSE" && $0.variable.name == "Power" }
        #expect(power?.variableCharacteristics?.maxLimit == 22_080)
        #expect(data.count { $0.component.name == "Connector" && $0.variable.name == "ConnectorType" } == 3)
    }

    @Test("each report is valid under the version it is sent in", arguments: [OCPPVersion.v201, .v21])
    func reportsAreValid(version: OCPPVersion) throws {
        var bench = StationBench(
            version: version,
            features: [
                .display, .tariffs, .iso15118, .paymentTerminal, .webPayments, .batterySwap,
                .bidirectional, .derControl, .localStorage,
            ], vendors: ["com.example"])
        _ = Provisioning().getBaseReport(
            V2.GetBaseReportRequest(requestId: 1, reportBase: .fullInventory), context: &bench.context)
        for part in bench.sent().compactMap(\.report) {
            let again = try V2.NotifyReportRequest(json: part.json(version: version), version: version)
            #expect(again == part)
        }
    }

    @Test("the configuration inventory holds what can be set, the summary what is available and what is wrong")
    func otherInventories() {
        var bench = StationBench(evses: 2)
        _ = Provisioning().getBaseReport(
            V2.GetBaseReportRequest(requestId: 1, reportBase: .configurationInventory), context: &bench.context)
        let configuration = bench.sent().compactMap(\.report).flatMap { $0.reportData ?? [] }
        #expect(configuration.allSatisfy { $0.variableAttribute.contains { $0.mutability != .readOnly } })
        bench.context.evses[1].isFaulted = true
        _ = Provisioning().getBaseReport(
            V2.GetBaseReportRequest(requestId: 1, reportBase: .summaryInventory), context: &bench.context)
        let summary = bench.sent().compactMap(\.report).flatMap { $0.reportData ?? [] }
        #expect(summary.count { $0.variable.name == "AvailabilityState" } == 5)
        #expect(summary.filter { $0.variable.name == "Problem" }.map(\.component.evse?.id) == [nil, 2])
    }

    @Test("GetReport filters by names, instances and criteria; nothing found is an empty set")
    func customReport() {
        var bench = StationBench(evses: 2)
        func report(
            _ components: [V2.ComponentVariable]?, _ criteria: [V2.ComponentCriterionEnum]? = nil
        )
            -> (V2.GenericDeviceModelStatusEnum, [V2.ReportData])
        {
            let answer = Provisioning().getReport(
                V2.GetReportRequest(requestId: 3, componentVariable: components, componentCriteria: criteria),
                context: &bench.context)
            return (answer.status, bench.sent().compactMap(\.report).flatMap { $0.reportData ?? [] })
        }
        let intervals = report([
            V2.ComponentVariable(
                component: .addressed("DeviceDataCtrlr"), variable: V2.Variable(name: "ItemsPerMessage"))
        ])
        #expect(intervals.1.count == 3)
        let one = report([
            V2.ComponentVariable(
                component: .addressed("DeviceDataCtrlr"),
                variable: V2.Variable(name: "ItemsPerMessage", instance: "GetReport"))
        ])
        #expect(one.1.count == 1)
        // Without an EVSE all are meant.
        #expect(
            report([V2.ComponentVariable(component: .addressed("EVSE"), variable: V2.Variable(name: "Power"))]).1.count
                == 2)
        #expect(report([V2.ComponentVariable(component: .addressed("Nobody"))]).0 == .emptyResultSet)
        #expect(report(nil, [.problem]).0 == .emptyResultSet)
        bench.context.evses[0].isFaulted = true
        #expect(report(nil, [.problem]).1.allSatisfy { ["EVSE", "ChargingStation"].contains($0.component.name) })
    }

    @Test("point 17: a network profile goes into its slot; wrong slots, transports, URLs and timeouts are refused")
    func networkProfiles() {
        var bench = StationBench()
        bench.context.deviceModel.presetNetwork(url: "ws://one", securityProfile: 1, version: .ocpp201)
        func set(
            slot: Int = 2, url: String = "wss://csms.example/ocpp", profile: Int = 2,
            transport: V2.OCPPTransportEnum = .json, timeout: Int = 30
        ) -> (V2.SetNetworkProfileStatusEnum, String?) {
            let answer = Provisioning().setNetworkProfile(
                V2.SetNetworkProfileRequest(
                    configurationSlot: slot,
                    connectionData: V2.NetworkConnectionProfile(
                        ocppInterface: .wired0, ocppTransport: transport, messageTimeout: timeout, ocppCsmsUrl: url,
                        securityProfile: profile, ocppVersion: .ocpp201)), context: &bench.context)
            return (answer.status, answer.statusInfo?.reasonCode)
        }
        #expect(set() == (.accepted, nil))
        #expect(bench.context.deviceModel.network.profile(slot: 2)?.ocppCsmsUrl == "wss://csms.example/ocpp")
        for slot in [Int.min, 0, 5, Int.max] { #expect(set(slot: slot) == (.rejected, "InvalidConfSlot")) }
        #expect(set(transport: .soap) == (.rejected, "InvalidNetworkConf"))
        #expect(set(url: "https://csms.example") == (.rejected, "InvalidNetworkConf"))
        #expect(set(url: "ws://csms.example") == (.rejected, "InvalidNetworkConf"))
        #expect(set(timeout: .max) == (.rejected, "InvalidNetworkConf"))
        #expect(set(profile: .max) == (.rejected, "InvalidNetworkConf"))
    }

    @Test("point 11: a network profile with a lower security profile is refused")
    func noDowngrade() {
        var bench = StationBench()
        bench.context.deviceModel.presetNetwork(url: "wss://one", securityProfile: 3, version: .ocpp201)
        func set(_ profile: Int) -> String? {
            Provisioning().setNetworkProfile(
                V2.SetNetworkProfileRequest(
                    configurationSlot: 2,
                    connectionData: V2.NetworkConnectionProfile(
                        ocppInterface: .any, ocppTransport: .json, messageTimeout: 30,
                        ocppCsmsUrl: profile >= 2 ? "wss://two" : "ws://two", securityProfile: profile)),
                context: &bench.context
            ).statusInfo?.reasonCode
        }
        #expect(set(1) == "NoSecurityDowngrade")
        #expect(set(2) == "NoSecurityDowngrade")
        #expect(set(3) == nil)
        #expect(
            bench.context.set("true", component: "SecurityCtrlr", variable: "AllowSecurityProfileDowngrade")
                == .accepted)
        #expect(set(2) == nil)
        #expect(set(1) == "NoSecurityDowngrade")
    }

    @Test("what a vehicle tells is shown at its EVSE until it leaves")
    func connectedVehicle() {
        var bench = StationBench(dc: true)
        var provisioning = Provisioning()
        let needs = V2.ChargingNeeds(
            requestedEnergyTransfer: .dc,
            dcChargingParameters: V2.DCChargingParameters(
                evMaxCurrent: 400, evMaxVoltage: 800, evEnergyCapacity: 77_000, stateOfCharge: 20))
        provisioning.notice(.evChargingNeeds(evse: 1, needs), context: &bench.context)
        func read(_ variable: String, _ attribute: V2.AttributeEnum) -> String? {
            guard
                case .found(let address) = bench.context.locate(
                    .addressed("ConnectedEV", evse: 2), V2.Variable(name: variable))
            else { return nil }
            return bench.context.text(address, attribute)
        }
        #expect(read("DCCurrent", .maxSet) == "400")
        #expect(read("BatteryCapacity", .actual) == "77000")
        #expect(read("DCCurrent", .actual) == nil)
        provisioning.notice(.unplugged(evse: 1), context: &bench.context)
        #expect(read("DCCurrent", .maxSet) == "")
    }
}
