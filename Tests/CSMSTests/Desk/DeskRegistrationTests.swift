import CSMS
import OCPP
import OCPPMessages
import Testing

@Suite("StationDesk: registration")
struct DeskRegistrationTests {
    private let heartbeat = V2.Request.heartbeat(.init())
    private func status(_ state: V2.ConnectorStatusEnum, at seconds: Int64 = 0) -> V2.Request {
        .statusNotification(
            .init(
                timestamp: DeskBench.start.adding(seconds: seconds), connectorStatus: state, evseId: 1, connectorId: 1))
    }

    @Test("point 13: the policy decides about unknown charging stations, and an operator about one of them")
    func policy() {
        for version in OCPPVersion.allCases {
            for policy in Core.RegistrationStatus.allCases {
                var settings = DeskSettings.bench
                settings.everyday = CSMSSettings(newStations: policy, retryIntervalS: 45)
                var bench = DeskBench(version, settings: settings, booted: false)
                #expect(bench.boot() == policy && bench.desk.isAccepted == (policy == .accepted))
                #expect(bench.store.profile?.registration == policy && bench.store.profile?.model == "M")
                bench.handle(.registration(.accepted))
                #expect(bench.callActions == (policy == .pending ? ["TriggerMessage"] : []))
                #expect(bench.boot() == .accepted && bench.desk.isAccepted)
                bench.handle(.registration(.rejected))
                #expect(!bench.desk.isAccepted && bench.boot() == .rejected)
                bench.restart()
                #expect(bench.boot() == .rejected, "the decision outlives a restart")
            }
        }
    }

    @Test("point 13: Pending, only what the CSMS asked for is taken; everything else is refused with SecurityError")
    func pending() {
        var settings = DeskSettings.bench
        settings.everyday = CSMSSettings(newStations: .pending)
        var bench = DeskBench(.v201, settings: settings, booted: false)
        #expect(bench.boot() == .pending)
        #expect(bench.ask(.v2(status(.available))) == .refused(.securityError))
        bench.handle(
            .command(ticket: 1, .v2(.triggerMessage(.init(requestedMessage: .statusNotification)))))
        bench.answer(.triggerMessage(.init(status: .accepted)))
        #expect(bench.outcomes[1] == .answered(.v2(.triggerMessage(.init(status: .accepted)))))
        #expect(bench.ask(status(.available)) == .statusNotification(.init()))
        #expect(bench.store.connectors.map(\.status) == [.available])
        #expect(bench.ask(.v2(heartbeat)) == .refused(.securityError))
        // A report that was asked for comes in parts, and nothing after its end.
        bench.handle(
            .command(ticket: 2, .v2(.getBaseReport(.init(requestId: 7, reportBase: .fullInventory)))))
        bench.answer(.getBaseReport(.init(status: .accepted)))
        func part(_ seqNo: Int, requestId: Int = 7, tbc: Bool) -> V2.Request {
            .notifyReport(.init(requestId: requestId, generatedAt: DeskBench.start, seqNo: seqNo, tbc: tbc))
        }
        #expect(bench.ask(.v2(part(0, requestId: 8, tbc: true))) == .refused(.securityError))
        #expect(bench.ask(part(0, tbc: true)) != nil && bench.ask(part(1, tbc: false)) != nil)
        #expect(bench.ask(.v2(part(2, tbc: false))) == .refused(.securityError))
        // A refused trigger brings nothing.
        bench.handle(.command(ticket: 3, .v2(.triggerMessage(.init(requestedMessage: .heartbeat)))))
        bench.answer(.triggerMessage(.init(status: .rejected)))
        #expect(bench.ask(.v2(heartbeat)) == .refused(.securityError))
        #expect(!bench.desk.isAccepted)
    }

    @Test("point 13: a remote start is not sent to a charging station that is Pending, and nothing to a rejected one")
    func noRemoteStart() {
        for policy in [Core.RegistrationStatus.pending, .rejected] {
            var settings = DeskSettings.bench
            settings.everyday = CSMSSettings(newStations: policy)
            var bench = DeskBench(.v16, settings: settings, booted: false)
            bench.boot()
            bench.handle(.command(ticket: 1, .v16(.remoteStartTransaction(.init(idTag: "A1B2")))))
            bench.handle(.command(ticket: 2, .v16(.changeConfiguration(.init(key: "k", value: "v")))))
            guard case .invalid = bench.outcomes[1] else {
                Issue.record("\(String(describing: bench.outcomes[1]))")
                return
            }
            #expect(bench.callActions == (policy == .pending ? ["ChangeConfiguration"] : []))
        }
    }

    @Test("point 13: provisioning happens while Pending, step by step, once per revision of the plan")
    func provisioning() {
        var settings = DeskSettings.bench
        let variable = V2.SetVariableData(
            attributeValue: "60", component: .init(name: "OCPPCommCtrlr"), variable: .init(name: "HeartbeatInterval"))
        settings.provisioning = ProvisioningPlan(
            revision: 1, variables: Array(repeating: variable, count: 13),
            configuration: [.init(key: "HeartbeatInterval", value: "60"), .init(key: "Unheard", value: "1")])
        var bench = DeskBench(.v201, settings: settings, booted: false)
        #expect(bench.boot() == .pending)
        for count in [10, 3] {
            guard case .v2(.setVariables(let request)) = bench.calls.first?.request else {
                Issue.record("\(bench.callActions)")
                return
            }
            #expect(request.setVariableData.count == count)
            bench.answer(
                .setVariables(
                    .init(
                        setVariableResult: [
                            .init(
                                attributeStatus: .accepted, component: variable.component, variable: variable.variable)
                        ])))
        }
        #expect(bench.callActions == ["TriggerMessage"])
        #expect(bench.store.variables["OCPPCommCtrlr/HeartbeatInterval"] == "60")
        bench.answer(.triggerMessage(.init(status: .accepted)))
        #expect(bench.boot() == .accepted && bench.calls.isEmpty)
        bench.restart()
        #expect(bench.boot() == .accepted && bench.calls.isEmpty, "what is done is not done again")

        var old = DeskBench(.v16, settings: settings, booted: false)
        #expect(old.boot() == .pending && old.callActions == ["ChangeConfiguration"])
        old.answer16(.changeConfiguration(.init(status: .accepted)))
        old.fail(.timedOut)
        #expect(old.boot() == .pending, "what was interrupted begins anew")
        old.answer16(.changeConfiguration(.init(status: .accepted)))
        old.answer16(.changeConfiguration(.init(status: .notSupported)))
        #expect(old.callActions == ["TriggerMessage"])
        #expect(old.boot() == .accepted)
        #expect(old.store.variables == ["/HeartbeatInterval": "60"])
    }

    @Test("point 14: any message counts as alive, and the interval given is that of the heartbeat")
    func alive() {
        var bench = DeskBench(.v21)
        bench.wait(seconds: 600)
        bench.ask(.authorize(.init(idToken: .init(idToken: "A1B2", type: "Central"))))
        bench.wait(seconds: 600)
        #expect(bench.desk.isHeard)
        bench.wait(seconds: 200)
        #expect(!bench.desk.isHeard)
        #expect(bench.outputs.contains(.effect(.presence(.silent, at: bench.now))))
        #expect(bench.ask(heartbeat) == .heartbeat(.init(currentTime: bench.now)))
        #expect(bench.desk.isHeard)
    }

    @Test("point 16: a new connection, also after a restart of the server, needs no BootNotification")
    func reconnect() {
        for version in OCPPVersion.allCases {
            var bench = DeskBench(version)
            let request: AnyRequest = version == .v16 ? .v16(.heartbeat(.init())) : .v2(.heartbeat(.init()))
            for restarts in [false, true] {
                if restarts {
                    bench.restart()
                } else {
                    bench.handle(.disconnected)
                    bench.handle(.connected(version: version))
                }
                guard case .response = bench.ask(request) else {
                    Issue.record("\(version) refused")
                    return
                }
            }
        }
    }

    @Test("point 16: the StatusNotification that arrives last counts, whatever the clock; a repeated one keeps nothing")
    func orderOfArrival() {
        var bench = DeskBench(.v201)
        bench.now = DeskBench.start.adding(seconds: 1000)
        bench.ask(status(.available, at: 10))
        bench.ask(status(.occupied, at: 100))
        let first = bench.outputs.count
        bench.ask(status(.occupied, at: 200))
        #expect(bench.outputs[first...].allSatisfy { if case .effect = $0 { false } else { true } })
        // The charging station's clock has been set back.
        bench.ask(status(.faulted, at: 50))
        #expect(bench.store.connectors.map(\.statusText) == ["Faulted"])
        #expect(bench.store.connectors.map(\.changedAt) == [DeskBench.start.adding(seconds: 50)])
        // It runs years ahead, and is put right.
        bench.ask(status(.occupied, at: 1_000_000_000))
        bench.ask(status(.available, at: 60))
        #expect(bench.store.connectors.map(\.statusText) == ["Available"])

        var old = DeskBench(.v16)
        for (state, error) in [
            (V16.ChargePointStatus.charging, V16.ChargePointErrorCode.noError), (.faulted, .groundFailure),
        ] {
            old.ask16(
                .statusNotification(
                    .init(connectorId: 1, errorCode: error, status: state, info: "hot", vendorErrorCode: "E7")))
        }
        old.ask16(.statusNotification(.init(connectorId: 0, errorCode: .noError, status: .available)))
        #expect(old.store.connectors.map(\.statusText) == ["Faulted", "Available"])
        #expect(old.store.connectors[0].errorCode == "GroundFailure" && old.store.connectors[0].errorInfo == "E7: hot")
        #expect(old.store.connectors[1].evse == 0)
    }

    @Test("a charging station that speaks without ever having booted is asked to, once a connection")
    func asksForBoot() {
        var bench = DeskBench(.v16, booted: false)
        for _ in 0..<3 { #expect(bench.ask(.v16(.heartbeat(.init()))) == .refused(.securityError)) }
        #expect(bench.calls.map(\.request) == [.v16(.triggerMessage(.init(requestedMessage: .bootNotification)))])
        bench.answer16(.triggerMessage(.init(status: .accepted)))
        #expect(bench.boot() == .accepted && bench.calls.isEmpty)
    }

    @Test("the device model is fetched after the first accepted boot and after a change of firmware")
    func inventory() {
        var bench = DeskBench(.v201, settings: DeskSettings(inventory: .full))
        #expect(bench.callActions == ["GetBaseReport"])
        bench.answer(.getBaseReport(.init(status: .accepted)))
        bench.boot()
        #expect(bench.calls.isEmpty)
        bench.boot(firmware: "2.0")
        #expect(bench.callActions == ["GetBaseReport"])
        var old = DeskBench(.v16, settings: DeskSettings(inventory: .full))
        #expect(old.calls.map(\.request) == [.v16(.getConfiguration(.init()))])
        old.answer16(
            .getConfiguration(
                .init(configurationKey: [.init(key: "NumberOfConnectors", readonly: true, value: "2")])))
        #expect(old.store.variables == ["/NumberOfConnectors": "2"])
        old.restart()
        #expect(old.boot() == .accepted && old.calls.isEmpty)
    }
}
