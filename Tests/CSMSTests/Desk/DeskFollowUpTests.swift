import CSMS
import OCPP
import OCPPMessages
import Testing

@Suite("StationDesk: security, certificates, firmware, reports")
struct DeskFollowUpTests {
    @Test("point 36: security events are kept with their time, and those the standard calls critical are marked")
    func securityEvents() {
        for (type, isCritical) in [
            ("FirmwareUpdated", true), ("TamperDetectionActivated", true), ("InvalidChargingStationCertificate", true),
            ("InvalidMessages", false), ("AttemptedReplayAttacks", false), ("VendorsOwn", true),
        ] {
            var bench = DeskBench(.v201)
            let instant = DeskBench.start.adding(seconds: -60)
            #expect(
                bench.ask(.securityEventNotification(.init(type: type, timestamp: instant)))
                    == .securityEventNotification(.init()))
            let entry = bench.store.diary.last
            #expect(entry?.kind == .securityEvent && entry?.subject == type && entry?.isCritical == isCritical)
            #expect(entry?.happenedAt == instant)
            var old = DeskBench(.v16)
            old.ask16(.securityEventNotification(.init(type: type, timestamp: instant)))
            #expect(old.store.diary.last?.isCritical == isCritical)
        }
    }

    @Test("point 37: a request is answered, signed, and comes back as CertificateSigned; a repeated one is signed once")
    func certificates() {
        let ends = DeskBench.start.adding(seconds: 90 * 86_400)
        var bench = DeskBench(.v201)
        bench.jobResults = [.certificate(chain: "CHAIN", ends: ends)]
        let request = V2.SignCertificateRequest(csr: "CSR", certificateType: .chargingStationCertificate)
        #expect(bench.ask(.signCertificate(request)) == .signCertificate(.init(status: .accepted)))
        #expect(bench.jobs == [.sign(SigningOrder(csr: "CSR", use: .chargingStationCertificate))])
        #expect(
            bench.calls.map(\.request) == [
                .v2(.certificateSigned(.init(certificateChain: "CHAIN", certificateType: .chargingStationCertificate)))
            ])
        // The connection goes before the answer: the certificate is sent again with the next one.
        bench.calls = []
        bench.handle(.disconnected)
        bench.handle(.connected(version: .v201))
        #expect(bench.callActions == ["CertificateSigned"])
        bench.answer(.certificateSigned(.init(status: .accepted)))
        #expect(bench.store.memory.certificateEnds == ends)
        #expect(bench.store.records["stationCertificate/ChargingStationCertificate"] != nil)
        // 30 days before its end the charging station is asked to renew it, once a day.
        bench.wait(seconds: 59 * 86_400)
        #expect(bench.calls.isEmpty)
        bench.wait(seconds: 86_400)
        #expect(
            bench.calls.map(\.request) == [
                .v2(.triggerMessage(.init(requestedMessage: .signChargingStationCertificate)))
            ])
        bench.answer(.triggerMessage(.init(status: .accepted)))
        bench.wait(seconds: 3600)
        #expect(bench.calls.isEmpty && bench.desk.nextDeadline > bench.now)
    }

    @Test("point 37: OCPP 1.6 as well; a refused certificate is noted, a request without signing is rejected")
    func certificates16() {
        var bench = DeskBench(.v16)
        bench.jobResults = [
            .certificate(chain: "CHAIN", ends: DeskBench.start), .failed("no such key"),
            .certificate(chain: String(repeating: "x", count: 10_001), ends: DeskBench.start),
        ]
        for number in 0..<3 {
            #expect(
                bench.ask16(.signCertificate(.init(csr: "CSR\(number)"))) == .signCertificate(.init(status: .accepted)))
        }
        #expect(bench.calls.map(\.request) == [.v16(.certificateSigned(.init(certificateChain: "CHAIN")))])
        bench.answer16(.certificateSigned(.init(status: .rejected)))
        #expect(
            bench.store.diary.filter { $0.kind == .certificate }.map(\.subject) == [
                "not signed: no such key", "the chain is too long", "Rejected",
            ])
        #expect(bench.store.memory.certificateEnds == nil)
        var settings = DeskSettings.bench
        settings.signsCertificates = false
        var none = DeskBench(.v16, settings: settings)
        #expect(none.ask(.signCertificate(.init(csr: "CSR"))) == .signCertificate(.init(status: .rejected)))
    }

    @Test("OCSP, chain, vehicle and VAT requests are answered with the job's result, and without one when it is late")
    func jobs() {
        var bench = DeskBench(.v21)
        let hash = V2.OCSPRequestData(
            hashAlgorithm: .sha256, issuerNameHash: "a", issuerKeyHash: "b", serialNumber: "1",
            responderURL: "http://ocsp.example")
        bench.jobResults = [.ocsp("MIIB"), .company(.init(name: "N", address1: "A", city: "C", country: "DE"))]
        #expect(
            bench.ask(.getCertificateStatus(.init(ocspRequestData: hash)))
                == .getCertificateStatus(.init(status: .accepted, ocspResult: "MIIB")))
        guard
            case .vatNumberValidation(let vat) = bench.ask(.vatNumberValidation(.init(vatNumber: "DE1", evseId: 2)))
                as V2.Response?
        else {
            Issue.record("not answered")
            return
        }
        #expect(vat.status == .accepted && vat.company?.name == "N" && vat.evseId == 2)

        // Nobody does the job.
        var outputs: [StationDesk.Output] = []
        var desk = bench.desk
        desk.handle(
            .request(id: "late", .v2(.getCertificateStatus(.init(ocspRequestData: hash)))), now: bench.now,
            directory: bench.directory, outputs: &outputs)
        guard case .job(let job, .ocsp(hash)) = outputs.last else {
            Issue.record("\(outputs)")
            return
        }
        let late = bench.now.adding(seconds: 20)
        #expect(desk.nextDeadline == late)
        outputs = []
        desk.handle(.timer, now: late, directory: bench.directory, outputs: &outputs)
        guard case .answer("late", .v2(.getCertificateStatus(let answer)), _) = outputs.first else {
            Issue.record("\(outputs)")
            return
        }
        #expect(answer.status == .failed)
        outputs = []
        desk.handle(.jobDone(id: job, .ocsp("MIIB")), now: late, directory: bench.directory, outputs: &outputs)
        #expect(outputs.isEmpty)
    }

    @Test("point 43: the parts of a report are put together by requestId, seqNo and tbc, in any order and doubled")
    func reports() {
        func part(_ seqNo: Int, tbc: Bool?) -> V2.Request {
            .notifyReport(
                .init(
                    requestId: 5, generatedAt: DeskBench.start, seqNo: seqNo,
                    reportData: [
                        .init(
                            component: .init(name: "EVSE", evse: .init(id: seqNo + 1)),
                            variable: .init(name: "Power", instance: "Max"),
                            variableAttribute: [.init(value: "\(seqNo)")])
                    ], tbc: tbc))
        }
        for order in [[0, 1, 2], [2, 0, 1], [1, 1, 2, 2, 0]] {
            var bench = DeskBench(.v201)
            for (index, seqNo) in order.enumerated() {
                bench.ask(part(seqNo, tbc: seqNo < 2))
                let isComplete = bench.store.diary.contains { $0.kind == .reportComplete }
                #expect(isComplete == (index == order.count - 1), "\(order) at \(index)")
            }
            #expect(
                bench.store.variables == [
                    "EVSE@1/Power[Max]": "0", "EVSE@2/Power[Max]": "1", "EVSE@3/Power[Max]": "2",
                ])
        }
        var lost = DeskBench(.v201)
        lost.ask(part(0, tbc: true))
        lost.ask(part(2, tbc: nil))
        #expect(lost.store.diary.map(\.kind) == [.reportIncomplete])
    }

    @Test("point 43: customer information comes in parts; one bad item of SetVariables does not spoil the others")
    func parts() {
        var bench = DeskBench(.v201)
        for (seqNo, text) in [(1, "lo"), (0, "Hel"), (0, "Hel")] {
            bench.ask(
                .notifyCustomerInformation(
                    .init(data: text, seqNo: seqNo, generatedAt: DeskBench.start, requestId: 3, tbc: seqNo == 0)))
        }
        let text = bench.store.diary.first { $0.kind == .customerInformation }?.json
        #expect(text.map { String(decoding: $0, as: UTF8.self) } == "\"Hello\"")
        let component = V2.Component(name: "AlignedDataCtrlr")
        func item(_ name: String) -> V2.SetVariableData {
            .init(attributeValue: "900", component: component, variable: .init(name: name))
        }
        bench.handle(
            .command(ticket: 1, .v2(.setVariables(.init(setVariableData: [item("Interval"), item("Nonsense")])))))
        bench.answer(
            .setVariables(
                .init(
                    setVariableResult: [
                        .init(attributeStatus: .accepted, component: component, variable: .init(name: "Interval")),
                        .init(
                            attributeStatus: .unknownVariable, component: component, variable: .init(name: "Nonsense")),
                    ])))
        #expect(bench.store.variables == ["AlignedDataCtrlr/Interval": "900"])
    }

    @Test("a firmware order is sent, followed, tried again after a failure, and done when the version runs")
    func firmware() {
        let order = FirmwareOrder(
            id: 1, version: "2.0", location: "https://fw.example/2.0", retrieveAt: DeskBench.start)
        var bench = DeskBench(.v201)
        bench.handle(.firmware(order))
        guard case .v2(.updateFirmware(let first)) = bench.calls.first?.request else {
            Issue.record("\(bench.callActions)")
            return
        }
        bench.answer(.updateFirmware(.init(status: .accepted)))
        bench.ask(.firmwareStatusNotification(.init(status: .downloading, requestId: first.requestId)))
        #expect(bench.store.memory.firmware?.status == "Downloading")
        bench.ask(.firmwareStatusNotification(.init(status: .downloadFailed, requestId: first.requestId)))
        #expect(bench.store.memory.firmware?.state == .waiting && bench.calls.isEmpty)
        bench.wait(seconds: 3600)
        guard case .v2(.updateFirmware(let second)) = bench.calls.first?.request else {
            Issue.record("\(bench.callActions)")
            return
        }
        #expect(second.requestId > first.requestId)
        bench.answer(.updateFirmware(.init(status: .accepted)))
        bench.ask(.firmwareStatusNotification(.init(status: .invalidSignature, requestId: first.requestId)))
        #expect(bench.store.memory.firmware?.state == .underWay, "a status of an earlier attempt says nothing")
        bench.restart()
        bench.boot(firmware: "2.0")
        #expect(bench.store.memory.firmware?.state == .done && bench.calls.isEmpty)

        var old = DeskBench(.v16)
        old.handle(.firmware(order))
        old.answer16(.updateFirmware(.init()))
        old.ask16(.firmwareStatusNotification(.init(status: .installed)))
        #expect(old.store.memory.firmware?.state == .done)

        var bad = DeskBench(.v21)
        bad.handle(.firmware(order))
        bad.answer(.updateFirmware(.init(status: .invalidCertificate)))
        bad.wait(seconds: 7200)
        #expect(bad.store.memory.firmware?.state == .givenUp && bad.calls.isEmpty)
    }

    @Test("Reset and ChangeAvailability that were promised are done when the charging station shows it")
    func promises() {
        var bench = DeskBench(.v201)
        bench.handle(.command(ticket: 1, .v2(.reset(.init(type: .onIdle)))))
        bench.answer(.reset(.init(status: .scheduled)))
        bench.handle(
            .command(ticket: 2, .v2(.changeAvailability(.init(operationalStatus: .inoperative, evse: .init(id: 1))))))
        bench.answer(.changeAvailability(.init(status: .scheduled)))
        #expect(Set(bench.store.records.keys) == ["scheduled/reset/0/0", "scheduled/availability/1/0"])
        bench.restart()
        bench.ask(
            .statusNotification(
                .init(timestamp: bench.now, connectorStatus: .unavailable, evseId: 1, connectorId: 1)))
        #expect(Set(bench.store.records.keys) == ["scheduled/reset/0/0"])
        bench.boot()
        #expect(bench.store.records.isEmpty && bench.store.memory.promises.isEmpty)
        #expect(bench.store.diary.filter { $0.kind == .scheduled }.map(\.subject) == ["inoperative", "reset"])
    }

    @Test("a vehicle's needs are answered with a TxProfile when there is a policy")
    func chargingNeeds() {
        let needs = V2.ChargingNeeds(
            requestedEnergyTransfer: .acThreePhase,
            acChargingParameters: .init(energyAmount: 20_000, evMinCurrent: 6, evMaxCurrent: 32, evMaxVoltage: 230),
            departureTime: DeskBench.start.adding(seconds: 4 * 3600))
        let request = V2.Request.notifyEVChargingNeeds(.init(evseId: 1, chargingNeeds: needs))
        for (version, status) in [
            (OCPPVersion.v201, V2.NotifyEVChargingNeedsStatusEnum.rejected), (.v21, .noChargingProfile),
        ] {
            var none = DeskBench(version)
            #expect(none.ask(request) == .notifyEVChargingNeeds(.init(status: status)))
        }
        var settings = DeskSettings.bench
        settings.chargingNeeds = ChargingNeedsPolicy(powerMaxW: 11_000)
        var bench = DeskBench(.v201, settings: settings)
        bench.ask(.event(.started, "T", seqNo: 0, wh: 1, evse: 1, token: "A1B2"))
        #expect(bench.ask(request) == .notifyEVChargingNeeds(.init(status: .accepted)))
        guard case .v2(.setChargingProfile(let set)) = bench.calls.first?.request else {
            Issue.record("\(bench.callActions)")
            return
        }
        let schedule = set.chargingProfile.chargingSchedule[0]
        #expect(set.chargingProfile.chargingProfilePurpose == .txProfile && set.chargingProfile.transactionId == "T")
        #expect(schedule.chargingSchedulePeriod.map(\.limit) == [5000] && schedule.duration == 4 * 3600)
        bench.answer(.setChargingProfile(.init(status: .accepted)))
        #expect(bench.store.records.keys.contains { $0.hasPrefix("chargingProfile/TxProfile/1/0/") })
    }
}

@Suite("StationDesk: commands")
struct DeskCommandTests {
    @Test("commands go out one at a time, in order, and each is told how it ended")
    func oneAtATime() {
        var bench = DeskBench(.v201)
        for ticket: UInt64 in 1...4 { bench.handle(.command(ticket: ticket, .v2(.clearCache(.init())))) }
        #expect(bench.calls.count == 1)
        let id = bench.calls[0].id
        bench.answer(.clearCache(.init(status: .accepted)))
        #expect(bench.calls.count == 1 && bench.calls[0].id != id)
        bench.handle(.response(id: id, .v2(.clearCache(.init(status: .rejected)))))
        #expect(bench.outcomes[2] == nil, "a late answer is nobody's")
        bench.fail(.refused(.notSupported, description: "no"))
        bench.fail(.timedOut)
        bench.handle(.disconnected)
        bench.handle(.command(ticket: 5, .v2(.clearCache(.init()))))
        #expect(
            bench.outcomes == [
                1: .answered(.v2(.clearCache(.init(status: .accepted)))), 2: .refused(.notSupported, description: "no"),
                3: .timedOut, 4: .offline, 5: .offline,
            ])
    }

    @Test("the queue is bounded, and what the version or the standard does not allow is not sent")
    func refused() {
        var bench = DeskBench(.v201)
        for ticket: UInt64 in 0..<100 { bench.handle(.command(ticket: ticket, .v2(.clearCache(.init())))) }
        #expect(bench.outcomes.values.filter { $0 == .busy }.count == 100 - 65)
        var other = DeskBench(.v201)
        for (ticket, request) in [
            AnyRequest.v16(.clearCache(.init())), .v2(.heartbeat(.init())), .v2(.getTariffs(.init(evseId: 1))),
            .v2(.requestStopTransaction(.init(transactionId: String(repeating: "x", count: 37)))),
            .v2(.sendLocalList(.init(versionNumber: 0, updateType: .full))),
        ].enumerated() {
            other.handle(.command(ticket: UInt64(ticket), request))
            guard case .invalid = other.outcomes[UInt64(ticket)] else {
                Issue.record("\(request) was sent")
                continue
            }
        }
        #expect(other.calls.isEmpty)
    }

    @Test("passwords given to a charging station are not kept")
    func secrets() {
        var bench = DeskBench(.v21)
        let password = V2.SetVariableData(
            attributeValue: "0123456789abcdef", component: .init(name: "SecurityCtrlr"),
            variable: .init(name: "BasicAuthPassword"))
        bench.handle(.command(ticket: 1, .v2(.setVariables(.init(setVariableData: [password])))))
        bench.answer(
            .setVariables(
                .init(
                    setVariableResult: [
                        .init(
                            attributeStatus: .accepted, component: password.component, variable: password.variable)
                    ])))
        let connection = V2.NetworkConnectionProfile(
            ocppInterface: .wired0, ocppTransport: .json, messageTimeout: 30, ocppCsmsUrl: "wss://csms.example",
            securityProfile: 2, basicAuthPassword: "0123456789abcdef")
        bench.handle(
            .command(
                ticket: 2, .v2(.setNetworkProfile(.init(configurationSlot: 1, connectionData: connection)))))
        bench.answer(.setNetworkProfile(.init(status: .accepted)))
        #expect(bench.store.variables.isEmpty)
        let kept = bench.store.records["networkProfile/1"].map { String(decoding: $0, as: UTF8.self) }
        #expect(kept?.contains("wss://csms.example") == true && kept?.contains("0123456789") == false)
        var old = DeskBench(.v16)
        old.handle(.command(ticket: 1, .v16(.changeConfiguration(.init(key: "AuthorizationKey", value: "00ff")))))
        old.answer16(.changeConfiguration(.init(status: .accepted)))
        #expect(old.store.variables.isEmpty)
    }

    @Test("a profile set is kept under its id, cleared by id or criteria")
    func profiles() {
        var bench = DeskBench(.v201)
        func set(_ id: Int, evse: Int, level: Int) {
            let profile = V2.ChargingProfile(
                id: id, stackLevel: level, chargingProfilePurpose: .txDefaultProfile, chargingProfileKind: .relative,
                chargingSchedule: [
                    .init(id: 1, chargingRateUnit: .a, chargingSchedulePeriod: [.init(startPeriod: 0, limit: 16)])
                ])
            bench.handle(
                .command(ticket: 1, .v2(.setChargingProfile(.init(evseId: evse, chargingProfile: profile)))))
            bench.answer(.setChargingProfile(.init(status: .accepted)))
        }
        func clear(_ request: V2.ClearChargingProfileRequest) {
            bench.handle(.command(ticket: 2, .v2(.clearChargingProfile(request))))
            bench.answer(.clearChargingProfile(.init(status: .accepted)))
        }
        for id in 1...4 { set(id, evse: id % 2, level: id) }
        set(4, evse: 1, level: 9)
        #expect(
            bench.store.records.keys.sorted() == [
                "chargingProfile/TxDefaultProfile/0/2/2", "chargingProfile/TxDefaultProfile/1/1/1",
                "chargingProfile/TxDefaultProfile/1/3/3", "chargingProfile/TxDefaultProfile/1/9/4",
            ])
        clear(.init(chargingProfileId: 2))
        clear(.init(chargingProfileCriteria: .init(evseId: 1, stackLevel: 3)))
        #expect(
            bench.store.records.keys.sorted() == [
                "chargingProfile/TxDefaultProfile/1/1/1", "chargingProfile/TxDefaultProfile/1/9/4",
            ])
    }

    @Test("DataTransfer is taken from vendors that are known, with the messages that are taken")
    func vendors() {
        var settings = DeskSettings.bench
        settings.vendors = [
            DataTransferVendor(vendorID: "com.example", messageIDs: ["hello"]), DataTransferVendor(vendorID: "org.all"),
        ]
        for (vendor, message, status) in [
            ("COM.example", "hello", "Accepted"), ("com.example", "bye", "UnknownMessageId"),
            ("org.all", "any", "Accepted"),
            ("net.other", "hello", "UnknownVendorId"),
        ] {
            var bench = DeskBench(.v201, settings: settings)
            guard
                case .dataTransfer(let answer) = bench.ask(.dataTransfer(.init(vendorId: vendor, messageId: message)))
                    as V2.Response?
            else {
                Issue.record("not answered")
                return
            }
            #expect(answer.status.wireText == status)
            #expect(bench.store.diary.isEmpty == (status != "Accepted"))
            var old = DeskBench(.v16, settings: settings)
            guard
                case .dataTransfer(let answer) = old.ask16(.dataTransfer(.init(vendorId: vendor, messageId: message)))
                    as V16.Response?
            else {
                Issue.record("not answered")
                return
            }
            #expect(answer.status.wireText == status)
        }
    }

    @Test("a limit decided by UpdateDynamicSchedule is given to the charging station that pulls it")
    func dynamicSchedule() {
        var bench = DeskBench(.v21)
        let update = V2.ChargingScheduleUpdate(limit: 4200)
        #expect(
            bench.ask(.pullDynamicScheduleUpdate(.init(chargingProfileId: 3)))
                == .pullDynamicScheduleUpdate(.init(status: .rejected)))
        bench.handle(
            .command(
                ticket: 1, .v2(.updateDynamicSchedule(.init(chargingProfileId: 3, scheduleUpdate: update)))))
        bench.answer(.updateDynamicSchedule(.init(status: .accepted)))
        bench.restart()
        #expect(
            bench.ask(.pullDynamicScheduleUpdate(.init(chargingProfileId: 3)))
                == .pullDynamicScheduleUpdate(.init(status: .accepted, scheduleUpdate: update)))
    }
}
