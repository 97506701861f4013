import CSMS
import OCPP
import OCPPMessages
import Testing

@Suite("StationDesk: tokens, local list, remote start")
struct DeskAuthorizationTests {
    private func authorize(
        _ token: String, _ type: String = "ISO14443", in bench: inout DeskBench, certificate: String? = nil
    ) -> V2.AuthorizeResponse? {
        let request = V2.AuthorizeRequest(idToken: .init(idToken: token, type: type), certificate: certificate)
        guard case .authorize(let answer) = bench.ask(.authorize(request)) as V2.Response? else { return nil }
        return answer
    }

    @Test("point 33: Authorize tells status, expiry, group and priority, so that cache and list can go by it")
    func tokens() {
        var bench = DeskBench(.v201)
        let good = authorize("a1b2", in: &bench)?.idTokenInfo
        #expect(good?.status == .accepted && good?.groupIdToken?.idToken == "fleet" && good?.chargingPriority == 3)
        let over = authorize("over", in: &bench)?.idTokenInfo
        #expect(over?.status == .expired && over?.cacheExpiryDateTime == DeskBench.start)
        #expect(authorize("bad", in: &bench)?.idTokenInfo.status == .blocked)
        #expect(authorize("nobody", in: &bench)?.idTokenInfo.status == .unknown)
        for eMAID in ["DE8AACA2B3C4D5L", "de-8aa-ca2b3c4d5-l", "DE8AACA2B3C4D5", "DE-8AA-CA2B3C4D5"] {
            #expect(authorize(eMAID, "eMAID", in: &bench)?.idTokenInfo.status == .accepted, "\(eMAID)")
        }
        var old = DeskBench(.v16)
        guard case .authorize(let answer) = old.ask16(.authorize(.init(idTag: "C3D4"))) else {
            Issue.record("not answered")
            return
        }
        #expect(answer.idTagInfo == .init(status: .accepted, parentIdTag: "fleet"))
    }

    @Test("tokens longer than 36 bytes are told apart, in any case, by their whole text")
    func longTokens() {
        var bench = DeskBench(.v21)
        let long = String(repeating: "Ab", count: 100)
        bench.directory.insert(TokenRecord(idToken: IdentifierText(foldingToken: long)))
        #expect(authorize(long.uppercased(), in: &bench)?.idTokenInfo.status == .accepted)
        #expect(authorize(long + "c", in: &bench)?.idTokenInfo.status == .unknown)
    }

    @Test("a contract is accepted only with a certificate that is good (C07)")
    func contracts() {
        var bench = DeskBench(.v201)
        bench.jobResults = [.contract(.accepted), .contract(.certificateRevoked), .failed("no network")]
        let answers = (0..<3).map { _ in authorize("DE8AACA2B3C4D5L", "eMAID", in: &bench, certificate: "PEM") }
        #expect(answers.map { $0?.certificateStatus } == [.accepted, .certificateRevoked, .noCertificateAvailable])
        #expect(answers.map { $0?.idTokenInfo.status } == [.accepted, .invalid, .invalid])
        #expect(
            bench.jobs
                == Array(
                    repeating: .checkContract(certificate: "PEM", hashes: [], eMAID: "DE8AACA2B3C4D5L"), count: 3))
    }

    @Test("a directory of a million tokens answers as one of ten does")
    func manyTokens() {
        var directory = TokenDirectory(capacity: 1_000_000)
        for number: UInt64 in 0..<1_000_000 {
            directory.insert(
                TokenRecord(idToken: IdentifierText(hexadecimal: number), chargingPriority: Int8(number % 9)))
        }
        for number: UInt64 in [0, 1, 499_999, 999_999] {
            #expect(directory.record(of: IdentifierText(hexadecimal: number))?.chargingPriority == Int8(number % 9))
        }
        #expect(directory.record(of: IdentifierText(hexadecimal: 1_000_000)) == nil)
    }

    // MARK: local list

    private func entry(_ token: String, _ status: V2.AuthorizationStatusEnum? = .accepted) -> V2.AuthorizationData {
        .init(idToken: .init(idToken: token, type: "ISO14443"), idTokenInfo: status.map { .init(status: $0) })
    }

    @Test(
        "point 34: changes go to the list they start from; after VersionMismatch, or from any other, the whole list goes"
    )
    func localList() {
        let order = LocalListOrder(
            version: 3, entries: [entry("A"), entry("B")], base: 2, changes: [entry("B"), entry("C", nil)])
        for (has, replies, kinds) in [
            (128, [V2.SendLocalListStatusEnum.accepted], [V2.UpdateEnum.differential]),
            (128, [.versionMismatch, .accepted], [.differential, .full]), (0, [.accepted], [.full]),
            (64, [.accepted], [.full]),
            (128, [.failed, .failed], [.differential, .full]), (192, [], []),
        ] {
            var bench = DeskBench(.v201)
            bench.handle(.localList(order))
            bench.answer(.getLocalListVersion(.init(versionNumber: has)))
            for (reply, kind) in zip(replies, kinds) {
                guard case .v2(.sendLocalList(let request)) = bench.calls.first?.request else {
                    Issue.record("\(bench.callActions)")
                    return
                }
                #expect(request.updateType == kind && request.versionNumber == 192)
                #expect(request.localAuthorizationList?.count == 2)
                bench.answer(.sendLocalList(.init(status: reply)))
            }
            #expect(bench.calls.isEmpty)
            #expect(bench.localListOutcomes == [replies.last == .failed ? .failed : .synchronised(version: 3)])
        }
    }

    @Test("point 34: -1 of OCPP 1.6 means no lists; version 0 is never sent; a lost connection begins anew")
    func localList16() {
        var bench = DeskBench(.v16)
        bench.handle(
            .localList(LocalListOrder(version: 0, entries: [entry("A"), entry(String(repeating: "x", count: 30))])))
        bench.answer16(.getLocalListVersion(.init(listVersion: 0)))
        guard case .v16(.sendLocalList(let request)) = bench.calls.first?.request else {
            Issue.record("\(bench.callActions)")
            return
        }
        #expect(request.listVersion == 64 && request.localAuthorizationList?.map(\.idTag) == ["A"])
        bench.calls = []
        bench.handle(.disconnected)
        bench.handle(.connected(version: .v16))
        #expect(bench.callActions == ["GetLocalListVersion"])
        bench.answer16(.getLocalListVersion(.init(listVersion: -1)))
        #expect(bench.localListOutcomes == [.notSupported])
        bench.handle(.command(ticket: 1, .v16(.sendLocalList(.init(listVersion: 0, updateType: .full)))))
        #expect(bench.outcomes[1] == .invalid("a list's version is above 0"))
    }

    @Test("point 34: a long list goes in parts, each with a version of its own between two lists'")
    func longList() {
        var bench = DeskBench(.v201)
        bench.handle(.localList(LocalListOrder(version: 1, entries: (0..<450).map { entry("T\($0)") })))
        bench.answer(.getLocalListVersion(.init(versionNumber: 0)))
        for (version, kind, count) in [
            (62, V2.UpdateEnum.full, 200), (63, .differential, 200), (64, .differential, 50),
        ] {
            guard case .v2(.sendLocalList(let request)) = bench.calls.first?.request else {
                Issue.record("\(bench.callActions)")
                return
            }
            #expect(request.versionNumber == version && request.updateType == kind)
            #expect(request.localAuthorizationList?.count == count)
            bench.answer(.sendLocalList(.init(status: .accepted)))
        }
        #expect(bench.localListOutcomes == [.synchronised(version: 1)])
    }

    // MARK: remote start

    private func remoteStart(_ id: Int, profile: V2.ChargingProfile? = nil) -> AnyRequest {
        .v2(
            .requestStartTransaction(
                .init(
                    idToken: .init(idToken: "A1B2", type: "Central"), remoteStartId: id, evseId: 1,
                    chargingProfile: profile)))
    }

    @Test(
        "point 35: a remote start carries a TxProfile without a transactionId or none; Authorize is answered after it")
    func remoteProfile() {
        func profile(_ purpose: V2.ChargingProfilePurposeEnum, _ transaction: String?) -> V2.ChargingProfile {
            .init(
                id: 1, stackLevel: 0, chargingProfilePurpose: purpose, chargingProfileKind: .relative,
                chargingSchedule: [
                    .init(
                        id: 1, chargingRateUnit: .w, chargingSchedulePeriod: [.init(startPeriod: 0, limit: 7000)])
                ], transactionId: transaction)
        }
        var bench = DeskBench(.v201)
        bench.handle(.command(ticket: 1, remoteStart(1, profile: profile(.txDefaultProfile, nil))))
        bench.handle(.command(ticket: 2, remoteStart(2, profile: profile(.txProfile, "T"))))
        bench.handle(.command(ticket: 3, remoteStart(3, profile: profile(.txProfile, nil))))
        for ticket: UInt64 in [1, 2] {
            #expect(bench.outcomes[ticket] == .invalid("a remote start carries a TxProfile without a transactionId"))
        }
        #expect(bench.callActions == ["RequestStartTransaction"])
        bench.answer(.requestStartTransaction(.init(status: .accepted)))
        #expect(authorize("A1B2", in: &bench)?.idTokenInfo.status == .accepted)
    }

    @Test("point 42: the same remoteStartId is sent once, whoever repeats it, and comes back with its transaction")
    func remoteStartOnce() {
        var bench = DeskBench(.v201)
        bench.handle(.command(ticket: 1, remoteStart(7)))
        bench.handle(.command(ticket: 2, remoteStart(7)))
        #expect(bench.calls.count == 1)
        bench.answer(.requestStartTransaction(.init(status: .accepted)))
        bench.handle(.command(ticket: 3, remoteStart(7)))
        let accepted = CommandOutcome.answered(.v2(.requestStartTransaction(.init(status: .accepted))))
        #expect(bench.outcomes == [1: accepted, 2: accepted, 3: accepted] && bench.calls.isEmpty)
        bench.restart()
        bench.ask(.event(.started, "T", seqNo: 0, wh: 1, evse: 1, token: "A1B2", remoteStartID: 7))
        #expect(bench.store.diary.filter { $0.kind == .remoteStart }.map(\.subject) == ["Accepted", "Started"])

        var old = DeskBench(.v16)
        old.handle(.command(ticket: 1, .v16(.remoteStartTransaction(.init(idTag: "A1B2", connectorId: 2)))))
        old.answer16(.remoteStartTransaction(.init(status: .accepted)))
        old.ask16(
            .startTransaction(.init(connectorId: 2, idTag: "a1b2", meterStart: 0, timestamp: DeskBench.start)))
        #expect(old.store.diary.filter { $0.kind == .remoteStart }.map(\.subject) == ["Accepted", "Started"])
    }

    @Test("point 42: a remote start without a vehicle is given up after a while")
    func remoteStartExpires() {
        var bench = DeskBench(.v21)
        bench.handle(.command(ticket: 1, remoteStart(9)))
        bench.answer(.requestStartTransaction(.init(status: .accepted)))
        #expect(bench.desk.nextDeadline <= bench.now.adding(seconds: 600))
        bench.wait(seconds: 600)
        #expect(bench.store.diary.last?.subject == "Expired" && bench.store.memory.remoteStarts.isEmpty)
    }
}
