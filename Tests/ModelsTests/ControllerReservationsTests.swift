import OCPP
import OCPPMessages
import Testing

@testable import Models

@Suite("Reservations")
struct ControllerReservationsTests {
    private var bench = BlockBench()
    private var block = Reservations()

    private mutating func reserve(
        _ id: Int = 1, evse: Int? = 1, for seconds: Int64 = 600, type: String? = nil,
        token: V2.IdToken = BlockBench.token, group: V2.IdToken? = nil
    ) -> V2.ReserveNowStatusEnum {
        block.reserveNow(
            V2.ReserveNowRequest(
                id: id, expiryDateTime: bench.context.now.adding(seconds: seconds), idToken: token,
                connectorType: type, evseId: evse, groupIdToken: group), context: &bench.context
        ).status
    }
    private mutating func cancel(_ id: Int) -> V2.CancelReservationStatusEnum {
        block.cancelReservation(V2.CancelReservationRequest(reservationId: id), context: &bench.context).status
    }
    /// EVSEs shown as Reserved by the last order.
    private mutating func shown() -> [Int]? {
        guard case .setReservations(_, let shown)? = bench.directives().last else { return nil }
        return shown
    }

    @Test("an EVSE is reserved, replaced by the same id, and released by cancelling")
    mutating func reserveAndCancel() {
        #expect(reserve() == .accepted && shown() == [0])
        #expect(reserve(2) == .occupied)
        #expect(reserve(evse: 2) == .accepted && shown() == [1])
        #expect(cancel(9) == .rejected && cancel(1) == .accepted && shown() == [])
        #expect(cancel(1) == .rejected)
    }

    @Test("what cannot be reserved is answered with why")
    mutating func refusals() {
        bench.occupy(0)
        #expect(reserve() == .occupied)
        bench.free(0)
        bench.context.evses[0].isOperative = false
        #expect(reserve() == .unavailable)
        bench.context.evses[0].isFaulted = true
        #expect(reserve() == .faulted)
        for evse in [3, -1, Int.max] { #expect(reserve(evse: evse) == .rejected) }
        #expect(reserve(evse: 2, for: -1) == .rejected)
        #expect(reserve(evse: 2, type: "cCCS2") == .rejected)
        #expect(reserve(Int.min, evse: 2) == .rejected)
        #expect(reserve(evse: 2, token: V2.IdToken(idToken: "", type: "NoAuthorization")) == .rejected)
        bench.context.deviceModel.preset("ReservationCtrlr", "Enabled", to: "false")
        #expect(reserve(evse: 2) == .rejected)
    }

    @Test("reservations of any EVSE show all as Reserved once there are as many as free ones")
    mutating func unspecific() {
        #expect(reserve(1, evse: nil) == .accepted && shown() == [])
        #expect(reserve(2, evse: nil, token: V2.IdToken(idToken: "other", type: "Central")) == .accepted)
        #expect(shown() == [0, 1])
        #expect(reserve(3, evse: nil) == .occupied && reserve(4, evse: 1) == .occupied)
        #expect(cancel(2) == .accepted && shown() == [])
        #expect(reserve(5, evse: 1) == .accepted && shown() == [0, 1])
    }

    @Test("a reservation for a connector type counts the EVSEs that have one")
    mutating func connectorType() {
        bench.context.deviceModel.preset("Connector", "ConnectorType", evse: 2, connector: 1, to: "cCCS2")
        #expect(reserve(1, evse: nil, type: "cCCS2") == .accepted && shown() == [1])
        #expect(reserve(2, evse: nil, type: "cCCS2") == .occupied)
        #expect(reserve(3, evse: nil, type: "cChaoJi") == .rejected)
    }

    @Test("at its expiry a reservation is told as Expired, once", arguments: OCPPVersion.allCases)
    mutating func expiry(version: OCPPVersion) {
        bench.context.version = version
        #expect(reserve() == .accepted)
        #expect(block.nextDeadline == bench.context.now.adding(seconds: 600))
        bench.wait(600)
        _ = bench.directives()
        block.timerDue(context: &bench.context)
        block.timerDue(context: &bench.context)
        let update = V2.Request.reservationStatusUpdate(.init(reservationId: 1, reservationUpdateStatus: .expired))
        #expect(bench.sends() == (version == .v16 ? [] : [update]))
        #expect(shown() == [] && block.nextDeadline == .distantFuture)
    }

    @Test("a reservation is used up by a transaction of its token or group, and of no other")
    mutating func use() {
        let group = V2.IdToken(idToken: "G", type: "Central")
        #expect(reserve(group: group) == .accepted)
        let stranger = V2.IdToken(idToken: "stranger", type: "ISO14443")
        bench.occupy(0, idToken: stranger)
        block.notice(.transactionStarted(evse: 0, transactionID: "T1"), context: &bench.context)
        #expect(cancel(1) == .accepted)
        bench.free(0)
        #expect(reserve(group: group) == .accepted)
        bench.occupy(0, idToken: stranger)
        bench.context.evses[0].groupIdToken = V2.IdToken(idToken: "g", type: "Central")
        block.notice(.transactionStarted(evse: 0, transactionID: "T2"), context: &bench.context)
        #expect(cancel(1) == .rejected)
    }

    @Test("in 2.1 a reservation whose driver did not charge ends as NoTransaction")
    mutating func noTransaction() {
        bench.context.version = .v21
        #expect(reserve() == .accepted)
        bench.context.evses[0].isAuthorized = true
        bench.context.evses[0].idToken = BlockBench.token
        block.notice(.authorization(evse: 0, accepted: true), context: &bench.context)
        bench.wait(600)
        block.timerDue(context: &bench.context)
        #expect(
            bench.sends() == [
                .reservationStatusUpdate(.init(reservationId: 1, reservationUpdateStatus: .noTransaction))
            ])
    }

    @Test("a fault removes the reservation of its EVSE, and the CSMS is told")
    mutating func fault() {
        #expect(reserve(1, evse: 1) == .accepted && reserve(2, evse: 2) == .accepted)
        block.notice(.fault(evse: 1), context: &bench.context)
        #expect(
            bench.sends() == [.reservationStatusUpdate(.init(reservationId: 2, reservationUpdateStatus: .removed))])
        #expect(cancel(1) == .accepted)
    }
}
