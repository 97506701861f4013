import Foundation
import OCPP
import OCPPMessages
import Testing

@testable import Models

@Suite("Remote control")
struct ControllerRemoteControlTests {
    private static let profile = V2.ChargingProfile(
        id: 1, stackLevel: 0, chargingProfilePurpose: .txProfile, chargingProfileKind: .relative,
        chargingSchedule: [
            V2.ChargingSchedule(
                id: 1, chargingRateUnit: .a,
                chargingSchedulePeriod: [V2.ChargingSchedulePeriod(startPeriod: 0, limit: 6)])
        ])

    private var bench = BlockBench()
    private var remote = RemoteControl()

    private mutating func start(
        _ id: Int = 7, evse: Int? = 1, token: V2.IdToken = BlockBench.token, profile: V2.ChargingProfile? = nil
    ) -> V2.RequestStartTransactionResponse {
        remote.requestStartTransaction(
            V2.RequestStartTransactionRequest(
                idToken: token, remoteStartId: id, evseId: evse, chargingProfile: profile), context: &bench.context)
    }

    @Test("point 13: a remote start is rejected unless registration is accepted")
    mutating func registration() {
        for registration in [nil, .pending, .rejected] as [Core.RegistrationStatus?] {
            bench.context.registration = registration
            #expect(start().status == .rejected)
            #expect(bench.directives() == [])
        }
    }

    @Test("point 35: AuthorizeRemoteStart decides whether the token is asked about first", arguments: [true, false])
    mutating func authorization(asks: Bool) {
        bench.context.deviceModel.preset("AuthCtrlr", "AuthorizeRemoteStart", to: asks ? "true" : "false")
        #expect(start().status == .accepted)
        #expect(
            bench.directives() == [
                .startTransaction(
                    evse: 0, idToken: BlockBench.token, groupIdToken: nil, remoteStartId: 7, needsAuthorization: asks)
            ])
    }

    @Test("point 35: a profile of a remote start must be a TxProfile without transaction id")
    mutating func profiles() {
        #expect(start(profile: Self.profile).status == .accepted)
        #expect(bench.events() == [.remoteStartAccepted(evse: 0, remoteStartID: 7, profile: Self.profile)])
        var bad = Self.profile
        bad.transactionId = "T"
        #expect(start(8, evse: 2, profile: bad).status == .rejected)
        bad = Self.profile
        bad.chargingProfilePurpose = .txDefaultProfile
        #expect(start(8, evse: 2, profile: bad).status == .rejected)
    }

    @Test("point 42: the same remote start twice is carried out once")
    mutating func twice() {
        #expect(start().status == .accepted)
        bench.occupy(0)
        _ = bench.directives()
        let again = start()
        #expect(again.status == .accepted && again.transactionId == "T1")
        #expect(bench.directives() == [])
        #expect(start(9).status == .rejected)
    }

    @Test("a remote start with an id used before but another body is answered by what it asks")
    mutating func idUsedAgain() throws {
        #expect(start().status == .accepted)
        bench.occupy(0)
        _ = bench.directives()
        #expect(start(token: V2.IdToken(idToken: "other", type: "Central")).statusInfo?.reasonCode == "TxInProgress")
        #expect(start(profile: Self.profile).statusInfo?.reasonCode == "TxInProgress")
        #expect(start(evse: nil).transactionId == nil)
        guard case .startTransaction(evse: 1, _, _, _, _)? = bench.directives().first else {
            Issue.record("EVSE 2 is free")
            return
        }
        // The first is still known, and after a restart too.
        remote = try JSONDecoder().decode(RemoteControl.self, from: JSONEncoder().encode(remote))
        #expect(start().transactionId == "T1")
        #expect(bench.directives() == [])
    }

    @Test("a remote start needs a free EVSE, which it may choose: one with a vehicle first")
    mutating func places() {
        for evse in [3, -1, Int.max, Int.min] { #expect(start(evse: evse).status == .rejected) }
        bench.context.evses[1].isPlugged = true
        #expect(start(1, evse: nil).status == .accepted)
        guard case .startTransaction(evse: 1, _, _, _, _)? = bench.directives().first else {
            Issue.record("EVSE 2 has the vehicle")
            return
        }
        bench.context.evses[1].isFaulted = true
        bench.context.evses[0].isOperative = false
        #expect(start(2, evse: nil).status == .rejected && start(2, evse: 1).status == .rejected)
        for bad in [
            V2.IdToken(idToken: String(repeating: "x", count: 255), type: "Central"),
            V2.IdToken(idToken: "a", type: "?"),
        ] {
            #expect(start(3, token: bad).status == .rejected)
        }
        #expect(start(Int.max).status == .rejected)
    }

    @Test("a reserved EVSE starts for its token and group alone")
    mutating func reserved() {
        bench.context.evses[0].isReserved = true
        let hold = ReservationHold(
            id: 1, evse: 0, idToken: Core.IdToken(idToken: "own", type: .central), group: "g")
        remote.notice(.reservationsChanged([hold]), context: &bench.context)
        #expect(start(1).status == .rejected)
        #expect(start(2, token: V2.IdToken(idToken: "OWN", type: "Central")).status == .accepted)
    }

    @Test("a remote stop needs a running transaction of that id")
    mutating func stop() {
        bench.occupy(1)
        for (id, status) in [("T1", V2.RequestStartStopStatusEnum.accepted), ("T2", .rejected), ("", .rejected)] {
            let response = remote.requestStopTransaction(
                V2.RequestStopTransactionRequest(transactionId: id), context: &bench.context)
            #expect(response.status == status)
        }
        #expect(bench.directives() == [.stopTransaction(evse: 1, .remote)])
    }

    @Test("point 21: GetTransactionStatus tells what runs and whether messages wait")
    mutating func status() {
        bench.occupy(1)
        bench.context.queuedTransactionIDs = ["T0"]
        func ask(_ id: String?) -> V2.GetTransactionStatusResponse {
            remote.getTransactionStatus(V2.GetTransactionStatusRequest(transactionId: id), context: &bench.context)
        }
        #expect(ask("T1").ongoingIndicator == true && !ask("T1").messagesInQueue)
        #expect(ask("T0").ongoingIndicator == false && ask("T0").messagesInQueue)
        #expect(ask("T9").ongoingIndicator == false && !ask("T9").messagesInQueue)
        #expect(ask(nil).ongoingIndicator == nil && ask(nil).messagesInQueue)
    }

    @Test("an unlock is answered when the plant has tried")
    mutating func unlock() {
        func request(_ evse: Int, _ connector: Int) -> V2.UnlockConnectorResponse? {
            remote.unlockConnector(
                V2.UnlockConnectorRequest(evseId: evse, connectorId: connector), context: &bench.context)
        }
        #expect(request(9, 1)?.status == .unknownConnector && request(1, 0)?.status == .unknownConnector)
        #expect(request(1, Int.max)?.status == .unknownConnector)
        for (result, status) in [
            (.done, .unlocked), (.failed("jammed"), .unlockFailed), (.csr(pem: ""), .unlockFailed),
        ]
            as [(StationJobResult, V2.UnlockStatusEnum)]
        {
            #expect(request(1, 1) == nil && bench.context.deferral != nil)
            let jobs = bench.jobs()
            #expect(jobs.map(\.job) == [.unlock(evse: 0, connector: 0)])
            remote.jobDone(jobs[0].id, result, context: &bench.context)
            guard case .unlockConnector(let response)? = bench.lateAnswers().first else {
                Issue.record("an answer to \(result)")
                continue
            }
            #expect(response.status == status)
        }
        bench.occupy(0)
        #expect(request(1, 1)?.status == .ongoingAuthorizedTransaction)
        for _ in 0..<4 { #expect(request(2, 1) == nil) }
        #expect(request(2, 1)?.status == .unlockFailed)
    }

    @Test("point 42: TriggerMessage asks for each message that the version has", arguments: OCPPVersion.allCases)
    mutating func triggers(version: OCPPVersion) {
        bench.context.version = version
        bench.occupy(0)
        for message in V2.MessageTriggerEnum.allCases {
            let response = remote.triggerMessage(
                V2.TriggerMessageRequest(requestedMessage: message, customTrigger: "x"), context: &bench.context)
            let wishes = bench.directives().count + bench.events().count
            #expect((response.status == .accepted) == (wishes == 1), "\(message)")
            switch message {
            case .bootNotification:
                #expect(response.status == (version == .v16 ? .accepted : .rejected))
            case .heartbeat, .meterValues, .statusNotification, .logStatusNotification, .firmwareStatusNotification,
                .signChargingStationCertificate:
                #expect(response.status == .accepted)
            case .transactionEvent, .publishFirmwareStatusNotification:
                #expect(response.status == (version == .v16 ? .notImplemented : .accepted))
            case .signV2GCertificate, .signCombinedCertificate:
                #expect((response.status == .notImplemented) == (version == .v16))
            case .signV2G20Certificate: #expect((response.status == .notImplemented) == (version != .v21))
            case .customTrigger: #expect(response.status == .notImplemented)
            }
        }
    }

    @Test("a trigger for an EVSE or connector that is not there, or a transaction that does not run, is rejected")
    mutating func badTriggers() {
        for evse in [V2.EVSE(id: 3), V2.EVSE(id: -1), V2.EVSE(id: 1, connectorId: 2), V2.EVSE(id: .max)] {
            #expect(
                remote.triggerMessage(
                    V2.TriggerMessageRequest(requestedMessage: .statusNotification, evse: evse),
                    context: &bench.context
                ).status == .rejected)
        }
        #expect(
            remote.triggerMessage(
                V2.TriggerMessageRequest(requestedMessage: .transactionEvent), context: &bench.context
            ).status == .rejected)
        bench.context.registration = .pending
        #expect(
            remote.triggerMessage(
                V2.TriggerMessageRequest(requestedMessage: .bootNotification), context: &bench.context
            ).status == .accepted)
        #expect(bench.directives() == [.trigger(.bootNotification, evse: nil, connector: nil)])
    }
}
