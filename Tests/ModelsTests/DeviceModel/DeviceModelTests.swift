import OCPP
import OCPPMessages
import Testing

@testable import Models

@Suite("Device model")
struct DeviceModelTests {
    @Test("every initial value of the catalogue fits its own variable")
    func catalogueIsConsistent() {
        for entry in VariableCatalogue.entries {
            for attribute in entry.variable.attributes where !attribute.initial.isEmpty {
                #expect(
                    ValueRules.problem(with: attribute.initial, for: entry.variable) == nil,
                    "\(VariableCatalogue.components[entry.component].name).\(entry.variable.name)")
            }
            #expect(entry.variable.values.joined(separator: ",").utf8.count <= 1000)
            #expect((1...4).contains(entry.variable.attributes.count))
        }
    }

    @Test("names of components and their variables occur once")
    func namesAreUnique() {
        var seen: Set<String> = []
        for component in VariableCatalogue.components {
            for variable in component.variables {
                let name = component.name + "." + variable.name
                let isNew = seen.insert(name).inserted
                #expect(isNew, "\(name)")
            }
        }
    }

    @Test("a fresh model keeps nothing but what differs from the catalogue")
    func isSmall() {
        var settings = FirmwareSettings()
        #expect(DeviceModel(settings: settings).storedCount == 0)
        settings.heartbeatIntervalS = 60
        #expect(DeviceModel(settings: settings).storedCount == 1)
    }

    @Test("the everyday machine's settings come back as they went in, and follow the variables")
    func firmwareSettings() {
        var settings = FirmwareSettings()
        settings.heartbeatIntervalS = 77
        settings.txStartPoint = [.authorized, .energyTransfer]
        settings.authCacheCapacity = 0
        settings.messageAttempts = 9
        settings.maxEnergyOnInvalidIdWh = 0
        settings.disableRemoteAuthorization = true
        var bench = StationBench()
        bench.context.deviceModel = DeviceModel(settings: settings)
        #expect(bench.context.deviceModel.firmwareSettings(base: settings) == settings)
        #expect(bench.context.set("0", component: "AlignedDataCtrlr", variable: "Interval") == .accepted)
        #expect(bench.context.set("61", component: "OCPPCommCtrlr", variable: "HeartbeatInterval") == .accepted)
        let changed = bench.context.deviceModel.firmwareSettings(base: settings)
        #expect(changed.heartbeatIntervalS == 61)
        #expect(changed.isValid)
    }

    @Test("point 22: start and stop points are sets, and only points that the charging station knows are taken")
    func transactionPoints() {
        var bench = StationBench()
        #expect(
            bench.context.set("EVConnected,Authorized", component: "TxCtrlr", variable: "TxStartPoint") == .accepted)
        let settings = bench.context.deviceModel.firmwareSettings(base: FirmwareSettings())
        #expect(settings.txStartPoint == [.evConnected, .authorized])
        #expect(settings.txStopPoint == [.evConnected, .authorized])
        let all = "ParkingBayOccupancy,EVConnected,Authorized,DataSigned,PowerPathClosed,EnergyTransfer"
        #expect(bench.context.set(all, component: "TxCtrlr", variable: "TxStartPoint") == .accepted)
        for wrong in ["Sunrise", "", "EVConnected,EVConnected", "evconnected"] {
            #expect(bench.context.set(wrong, component: "TxCtrlr", variable: "TxStopPoint") == .rejected, "\(wrong)")
        }
        #expect(bench.context.deviceModel.list("TxCtrlr", "TxStopPoint") == ["EVConnected", "Authorized"])
    }

    @Test("point 6: numbers in values have at most six decimals, times at most three fraction digits")
    func decimals() {
        #expect(ValueRules.text(1.0 / 3) == "0.333333")
        #expect(ValueRules.text(-2.5) == "-2.5")
        #expect(ValueRules.text(22_080) == "22080")
        #expect(ValueRules.text(0.1 + 0.2) == "0.3")
        #expect(ValueRules.text(.infinity) == "0")
        #expect(ValueRules.text(-0.0000001) == "0")
        var bench = StationBench()
        bench.context.now = Timestamp(microseconds: 1_736_150_400_123_456)
        bench.context.evses[0].powerW = 10_000.0 / 3
        #expect(bench.context.value(component: "ClockCtrlr", variable: "DateTime") == "2025-01-06T08:00:00.123Z")
        #expect(bench.context.value(component: "EVSE", variable: "Power", evse: 1) == "3333.333333")
    }

    @Test(
        "availability is computed when it is read",
        arguments: ["Available", "Occupied", "Reserved", "Unavailable", "Faulted"])
    func availability(state: String) {
        var bench = StationBench(evses: 1)
        bench.context.evses[0].isPlugged = state == "Occupied"
        bench.context.evses[0].isReserved = state == "Reserved"
        bench.context.evses[0].isOperative = state != "Unavailable"
        bench.context.evses[0].isFaulted = state == "Faulted"
        #expect(bench.context.value(component: "EVSE", variable: "AvailabilityState", evse: 1) == state)
        #expect(
            bench.context.value(component: "Connector", variable: "AvailabilityState", evse: 1, connector: 1) == state)
        #expect(bench.context.value(component: "ChargingStation", variable: "AvailabilityState") == state)
    }

    @Test("components of 2.1 are unknown to 2.0.1, those of missing parts to everybody")
    func versionsAndFeatures() {
        let old = StationBench(version: .v201, features: [.display, .bidirectional])
        let new = StationBench(dc: true, features: [.display, .bidirectional, .derControl])
        #expect(old.context.locate(.addressed("V2XChargingCtrlr", evse: 1)) == nil)
        #expect(new.context.locate(.addressed("V2XChargingCtrlr", evse: 1)) != nil)
        #expect(new.context.locate(.addressed("PaymentCtrlr")) == nil)
        #expect(new.context.locate(.addressed("DCDERCtrlr", evse: 1)) != nil)
        #expect(new.context.locate(.addressed("ACDERCtrlr", evse: 1)) == nil)
        #expect(old.context.value(component: "EVSE", variable: "ChargingState", evse: 1) == nil)
    }

    @Test("what is not persistent is forgotten at a restart; the rest survives it and the store")
    func persistence() throws {
        var bench = StationBench()
        bench.context.publish("true", component: "TariffCostCtrlr", variable: "Problem")
        #expect(
            bench.context.set(
                "5", component: "OCPPCommCtrlr", variable: "MessageAttempts", instance: "TransactionEvent") == .accepted
        )
        #expect(
            bench.context.set("W", component: "ISO15118Ctrlr", variable: "OrganizationName") == .accepted)
        let stored = try StationBench.stored(bench.context.deviceModel)
        #expect(stored.int("OCPPCommCtrlr", "MessageAttempts", instance: "TransactionEvent") == 5)
        #expect(stored.bool("TariffCostCtrlr", "Problem"))
        bench.context.deviceModel = stored
        bench.context.deviceModel.restarted()
        #expect(bench.context.deviceModel.int("OCPPCommCtrlr", "MessageAttempts", instance: "TransactionEvent") == 5)
        #expect(!bench.context.deviceModel.bool("TariffCostCtrlr", "Problem"))
    }

    @Test("point 17: network profiles are tried in their order, each as often as configured, and then from the start")
    func networkFallback() {
        var bench = StationBench()
        bench.context.deviceModel.presetNetwork(slot: 1, url: "ws://one", securityProfile: 1, version: .ocpp201)
        bench.context.deviceModel.presetNetwork(slot: 3, url: "ws://three", securityProfile: 1, version: .ocpp21)
        #expect(
            bench.context.set("2", component: "OCPPCommCtrlr", variable: "NetworkProfileConnectionAttempts")
                == .accepted)
        #expect(
            bench.context.set("3,1", component: "OCPPCommCtrlr", variable: "NetworkConfigurationPriority")
                == .rebootRequired)
        // Before the restart the old order holds.
        #expect((0..<4).map { bench.context.deviceModel.networkProfile(attempt: $0)?.number } == [1, 1, 1, 1])
        bench.context.deviceModel.restarted()
        #expect((0..<6).map { bench.context.deviceModel.networkProfile(attempt: $0)?.number } == [3, 3, 1, 1, 3, 3])
        #expect(bench.context.deviceModel.networkProfile(attempt: .max) != nil)
        #expect(bench.context.deviceModel.networkProfile(attempt: .min)?.number == 3)
    }

    @Test("point 17: the priority may only name slots that have a usable profile")
    func priorityNamesKnownSlots() {
        var bench = StationBench()
        bench.context.deviceModel.presetNetwork(slot: 1, url: "ws://one", securityProfile: 1, version: .ocpp201)
        for wrong in ["2", "1,2", "", "7", "1,1"] {
            #expect(
                bench.context.set(wrong, component: "OCPPCommCtrlr", variable: "NetworkConfigurationPriority")
                    == .rejected, "\(wrong)")
        }
    }

    @Test("point 11: a connection with a higher security profile drops lower ones for good")
    func securityOnlyRises() {
        var bench = StationBench()
        bench.context.deviceModel.presetNetwork(slot: 2, url: "wss://two", securityProfile: 2, version: .ocpp201)
        bench.context.deviceModel.presetNetwork(slot: 1, url: "ws://one", securityProfile: 1, version: .ocpp201)
        #expect(
            bench.context.set("2,1", component: "OCPPCommCtrlr", variable: "NetworkConfigurationPriority")
                == .rebootRequired)
        bench.context.deviceModel.restarted()
        bench.context.deviceModel.connected(slot: 2)
        #expect(bench.context.deviceModel.text("SecurityCtrlr", "SecurityProfile") == "2")
        #expect(bench.context.deviceModel.list("OCPPCommCtrlr", "NetworkConfigurationPriority") == ["2"])
        #expect(bench.context.deviceModel.networkProfile(attempt: 5)?.number == 2)
        #expect(
            bench.context.set("1", component: "OCPPCommCtrlr", variable: "NetworkConfigurationPriority") == .rejected)
    }

    @Test("point 10: a new password reconnects, and the old one is kept until the new one has worked")
    func passwordChange() {
        var bench = StationBench(version: .v201)
        bench.context.deviceModel.presetNetwork(
            url: "ws://one", securityProfile: 1, version: .ocpp201, password: "the-first-password")
        for wrong in ["short", String(repeating: "x", count: 41), "has a line feed\nin it"] {
            #expect(
                bench.context.set(wrong, component: "SecurityCtrlr", variable: "BasicAuthPassword") == .rejected)
        }
        #expect(
            bench.context.set("gr\u{fc}\u{df}e-aus-dem-netz", component: "SecurityCtrlr", variable: "BasicAuthPassword")
                == .accepted)
        #expect(bench.directed() == [.reconnect])
        #expect(
            bench.announced().contains(
                .security(.reconfigurationOfSecurityParameters, techInfo: "BasicAuthPassword")))
        #expect(bench.context.deviceModel.password.fallback == "the-first-password")
        var refused = bench.context.deviceModel
        let hasOneLeft = refused.passwordRefused()
        #expect(hasOneLeft)
        #expect(refused.password.current == "the-first-password")
        let hasAnotherLeft = refused.passwordRefused()
        #expect(!hasAnotherLeft)
        bench.context.deviceModel.connected(slot: 1)
        #expect(bench.context.deviceModel.password.fallback == nil)
        #expect(bench.context.value(component: "SecurityCtrlr", variable: "BasicAuthPassword") == nil)
    }

    @Test("configuration keys of 1.6 reach the same variables by name")
    func viewOf16() {
        var bench = StationBench(version: .v16)
        #expect(bench.context.value(component: "OCPPCommCtrlr", variable: "HeartbeatInterval") == "300")
        #expect(bench.context.set("10", component: "ocppcommctrlr", variable: "heartbeatinterval") == .accepted)
        #expect(bench.context.value(component: "OCPPCommCtrlr", variable: "HeartbeatInterval") == "10")
        #expect(bench.context.set("1", component: "Nobody", variable: "HeartbeatInterval") == .unknownComponent)
        #expect(bench.context.set("1", component: "OCPPCommCtrlr", variable: "Nothing") == .unknownVariable)
        #expect(bench.context.set("1", component: "SecurityCtrlr", variable: "SecurityProfile") == .rejected)
        #expect(
            bench.announced() == [
                .variableChanged(component: "OCPPCommCtrlr", evse: nil, variable: "HeartbeatInterval")
            ])
    }

    @Test("point 11: in 1.6 the security profile is a key that can only be raised")
    func securityProfileOf16() {
        var bench = StationBench(version: .v16)
        #expect(bench.context.set("2", component: "SecurityCtrlr", variable: "SecurityProfile") == .rejected)
        bench.context.deviceModel.presetNetwork(url: "ws://one/ocpp", securityProfile: 1, version: .ocpp16)
        for wrong in ["0", "4", "-1", "x"] {
            #expect(bench.context.set(wrong, component: "SecurityCtrlr", variable: "SecurityProfile") == .rejected)
        }
        #expect(bench.context.set("2", component: "SecurityCtrlr", variable: "SecurityProfile") == .accepted)
        #expect(bench.directed() == [.reconnect])
        #expect(bench.context.deviceModel.networkProfile(attempt: 0)?.profile.ocppCsmsUrl == "wss://one/ocpp")
        bench.context.deviceModel.connected(slot: 1)
        #expect(bench.context.value(component: "SecurityCtrlr", variable: "SecurityProfile") == "2")
        #expect(bench.context.set("1", component: "SecurityCtrlr", variable: "SecurityProfile") == .rejected)
    }

    @Test("point 36: changed passwords, profiles and priorities are security events")
    func securityEvents() {
        var bench = StationBench()
        bench.context.deviceModel.presetNetwork(url: "ws://one", securityProfile: 1, version: .ocpp21)
        _ = bench.context.set(
            "a-password-of-some-length", component: "SecurityCtrlr", variable: "BasicAuthPassword")
        _ = Provisioning().setNetworkProfile(
            V2.SetNetworkProfileRequest(
                configurationSlot: 2,
                connectionData: V2.NetworkConnectionProfile(
                    ocppInterface: .any, ocppTransport: .json, messageTimeout: 30, ocppCsmsUrl: "wss://two",
                    securityProfile: 2)), context: &bench.context)
        _ = bench.context.set("2,1", component: "OCPPCommCtrlr", variable: "NetworkConfigurationPriority")
        let events = bench.announced().filter {
            if case .security(.reconfigurationOfSecurityParameters, _) = $0 { true } else { false }
        }
        #expect(events.count == 3)
    }

    @Test(
        "values that are no value of their type are refused",
        arguments: [
            ("OCPPCommCtrlr", "HeartbeatInterval", "banana"), ("OCPPCommCtrlr", "HeartbeatInterval", "0"),
            ("OCPPCommCtrlr", "HeartbeatInterval", "+5"), ("OCPPCommCtrlr", "HeartbeatInterval", "1e3"),
            ("OCPPCommCtrlr", "HeartbeatInterval", "99999999999999999999999"),
            ("SmartChargingCtrlr", "LimitChangeSignificance", "nan"),
            ("SmartChargingCtrlr", "LimitChangeSignificance", "0x10"),
            ("SmartChargingCtrlr", "LimitChangeSignificance", "-1"), ("AuthCtrlr", "LocalPreAuthorize", "TRUE"),
            ("ClockCtrlr", "TimeOffset", "25:00:"),
            ("TariffCostCtrlr", "Currency", "eur"),
        ])
    func wrongValues(component: String, variable: String, value: String) {
        var bench = StationBench()
        let before = bench.context.deviceModel.text(component, variable)
        #expect(bench.context.set(value, component: component, variable: variable) == .rejected)
        #expect(bench.context.deviceModel.text(component, variable) == before)
    }

    @Test("addresses that no charging station has lead nowhere, and trap nobody")
    func hostileAddresses() {
        let bench = StationBench()
        for id in [Int.min, -1, 0, 3, Int.max] {
            for connector in [nil, Int.min, -1, 0, 1, 2, Int.max] as [Int?] {
                let component = V2.Component(name: "Connector", evse: V2.EVSE(id: id, connectorId: connector))
                #expect(bench.context.locate(component) == nil)
                #expect(
                    bench.context.locate(V2.Component(name: "EVSE", evse: V2.EVSE(id: id, connectorId: connector)))
                        == nil)
            }
        }
        for slot in ["0", "5", "-1", "x", "9223372036854775808", ""] {
            #expect(bench.context.locate(V2.Component(name: "NetworkConfiguration", instance: slot)) == nil)
        }
        #expect(bench.context.locate(V2.Component(name: "NetworkConfiguration", instance: "4")) != nil)
    }

    @Test("point 43: requests with more items or bytes than announced are told so by error code")
    func requestLimits() {
        let bench = StationBench()
        let item = V2.GetVariableData(component: .addressed("EVSE"), variable: V2.Variable(name: "Power"))
        func code(_ count: Int, _ bytes: Int) -> RPCErrorCode? {
            bench.context.deviceModel.limitViolation(
                of: .getVariables(V2.GetVariablesRequest(getVariableData: Array(repeating: item, count: count))),
                bytes: bytes)
        }
        #expect(code(50, 65_536) == nil)
        #expect(code(51, 100) == .occurrenceConstraintViolation)
        #expect(code(1, 65_537) == .formatViolation)
        #expect(bench.context.deviceModel.limitViolation(of: .clearCache(V2.ClearCacheRequest()), bytes: .max) == nil)
    }

    @Test("slots of 2.1 can be filled piece by piece while they are not in use")
    func networkVariables() {
        var bench = StationBench()
        bench.context.deviceModel.presetNetwork(url: "ws://one", securityProfile: 1, version: .ocpp21)
        func set(_ value: String, _ variable: String, _ slot: Int) -> V2.SetVariableStatusEnum {
            let component = V2.Component(name: "NetworkConfiguration", instance: String(slot))
            guard case .found(let address) = bench.context.locate(component, V2.Variable(name: variable)) else {
                return .unknownVariable
            }
            return bench.context.write(value, address, .actual).status
        }
        #expect(set("ws://elsewhere", "OcppCsmsUrl", 1) == .rejected)
        #expect(set("ws://elsewhere", "OcppCsmsUrl", 2) == .accepted)
        #expect(set("0", "SecurityProfile", 2) == .rejected)
        #expect(set("SOAP", "OcppTransport", 2) == .rejected)
        #expect(set("OCPP21", "OcppVersion", 2) == .accepted)
        #expect(set("0123456789abcdef", "BasicAuthPassword", 2) == .accepted)
        #expect(set("45", "MessageTimeout", 2) == .accepted)
        #expect(set("vpn.example", "VpnServer", 2) == .rejected)
        #expect(set("internet", "Apn", 2) == .rejected)
        #expect(set("secret", "VpnPassword", 2) == .unknownVariable)
        let profile = bench.context.deviceModel.network.profile(slot: 2)
        #expect(profile?.ocppCsmsUrl == "ws://elsewhere")
        #expect(profile?.basicAuthPassword == "0123456789abcdef" && profile?.messageTimeout == 45)
        #expect(profile?.ocppVersion == .ocpp21 && profile?.vpn == nil && profile?.apn == nil)
        #expect(bench.context.deviceModel.network.text("BasicAuthPassword", slot: 2) == "")
    }
}
