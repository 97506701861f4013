import OCPP
import OCPPMessages
import Testing

@testable import Models

@Suite("Availability and restarts")
struct ControllerAvailabilityTests {
    private var bench = BlockBench(evses: 2, connectors: 2)
    private var block = Availability()

    private mutating func change(
        _ status: V2.OperationalStatusEnum, _ evse: V2.EVSE? = nil
    ) -> V2.ChangeAvailabilityStatusEnum {
        block.changeAvailability(
            V2.ChangeAvailabilityRequest(operationalStatus: status, evse: evse), context: &bench.context
        ).status
    }
    private mutating func reset(_ type: V2.ResetEnum, evse: Int? = nil) -> V2.ResetStatusEnum {
        block.reset(V2.ResetRequest(type: type, evseId: evse), context: &bench.context).status
    }
    private mutating func end(_ evse: Int) {
        bench.free(evse)
        block.notice(.transactionEnded(evse: evse, transactionID: "T1", .local), context: &bench.context)
    }

    @Test("point 41: what runs is finished first, what is free leaves service at once")
    mutating func scheduled() {
        bench.occupy(0)
        #expect(change(.inoperative) == .scheduled)
        #expect(bench.directives() == [.setOperative(evse: 1, connector: nil, false)])
        end(0)
        #expect(bench.directives() == [.setOperative(evse: 0, connector: nil, false)])
        #expect(change(.inoperative) == .accepted)
        #expect(bench.directives() == [])
        #expect(change(.operative) == .accepted)
        #expect(bench.directives().count == 2)
    }

    @Test("an order that waits can be taken back")
    mutating func takenBack() {
        bench.occupy(0)
        #expect(change(.inoperative, V2.EVSE(id: 1)) == .scheduled)
        #expect(change(.operative, V2.EVSE(id: 1)) == .accepted)
        end(0)
        #expect(bench.directives() == [])
    }

    @Test("orders for charging station, EVSE and connector are kept apart: each has its own way back")
    mutating func levels() {
        #expect(change(.inoperative, V2.EVSE(id: 1, connectorId: 2)) == .accepted)
        #expect(bench.directives() == [.setOperative(evse: 0, connector: 1, false)])
        #expect(change(.inoperative, V2.EVSE(id: 1)) == .accepted)
        #expect(change(.inoperative) == .accepted)
        _ = bench.directives()
        #expect(change(.operative) == .accepted)
        #expect(bench.directives() == [.setOperative(evse: 1, connector: nil, true)])
        #expect(change(.operative, V2.EVSE(id: 1)) == .accepted)
        #expect(bench.directives() == [.setOperative(evse: 0, connector: nil, true)])
        #expect(change(.operative, V2.EVSE(id: 1, connectorId: 2)) == .accepted)
        #expect(bench.directives() == [.setOperative(evse: 0, connector: 1, true)])
        for bad in [V2.EVSE(id: 3), V2.EVSE(id: -4), V2.EVSE(id: 1, connectorId: 3), V2.EVSE(id: 1, connectorId: 0)] {
            #expect(change(.inoperative, bad) == .rejected)
        }
    }

    @Test("an EVSE kept free for a firmware update comes back without touching the CSMS's orders")
    mutating func keptFree() {
        #expect(change(.inoperative, V2.EVSE(id: 2)) == .accepted)
        _ = bench.directives()
        for evse in 0...1 { block.notice(.keptFree(evse: evse, true), context: &bench.context) }
        #expect(bench.directives() == [.setOperative(evse: 0, connector: nil, false)])
        for evse in 0...1 { block.notice(.keptFree(evse: evse, false), context: &bench.context) }
        #expect(bench.directives() == [.setOperative(evse: 0, connector: nil, true)])
    }

    @Test("point 41: a reset OnIdle waits for transactions, an immediate one does not")
    mutating func resets() {
        #expect(reset(.onIdle) == .accepted)
        #expect(bench.directives() == [.restart(.remoteReset, evse: nil, resumes: false)])
        bench.occupy(0)
        #expect(reset(.immediate) == .accepted)
        #expect(bench.directives() == [.restart(.remoteReset, evse: nil, resumes: false)])
        #expect(bench.securityEvents() == [.resetOrReboot, .resetOrReboot])
        #expect(reset(.onIdle) == .scheduled)
        #expect(bench.directives() == [])
        end(0)
        #expect(bench.directives() == [.restart(.scheduledReset, evse: nil, resumes: false)])
        end(0)
        #expect(bench.directives() == [])
    }

    @Test("point 41: an EVSE is reset alone, where it may be")
    mutating func resetOfEVSE() {
        bench.occupy(1)
        #expect(reset(.onIdle, evse: 1) == .accepted)
        #expect(bench.directives() == [.restart(.remoteReset, evse: 0, resumes: false)])
        #expect(reset(.onIdle, evse: 2) == .scheduled)
        #expect(block.waiting == .evses([1]))
        end(1)
        #expect(bench.directives() == [.restart(.scheduledReset, evse: 1, resumes: false)])
        for bad in [3, -1, Int.max] { #expect(reset(.immediate, evse: bad) == .rejected) }
        bench.context.deviceModel.preset("EVSE", "AllowReset", evse: 1, to: "false")
        #expect(reset(.immediate, evse: 1) == .rejected)
    }

    @Test("point 41: ImmediateAndResume restarts with transactions that go on; Soft of 1.6 stops them first")
    mutating func otherResets() {
        bench.context.version = .v21
        bench.occupy(0)
        #expect(reset(.immediateAndResume) == .accepted)
        #expect(bench.directives() == [.restart(.remoteReset, evse: nil, resumes: true)])
        bench.context.version = .v16
        #expect(reset(.onIdle) == .accepted)
        #expect(bench.directives() == [.stopTransaction(evse: 0, .reboot)])
        end(0)
        #expect(bench.directives() == [.restart(.remoteReset, evse: nil, resumes: false)])
    }
}
