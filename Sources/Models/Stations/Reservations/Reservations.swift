internal import OCPP
internal import OCPPMessages

/// Reservations: EVSEs kept for a token or its group until somebody comes or the time is over.
///
/// A reservation is for one EVSE, for any with a connector of a type, or for any at all. Those of the latter kinds keep
/// as many EVSEs in hand as there are of them: when no more are free, all free ones are shown as Reserved.
/// - Source: OCPP 2.0.1 part 2, use cases H01 to H04; OCPP 1.6 edition 2, sections 5.3 and 5.13.
struct Reservations: ControllerBlock {
    /// Most reservations for no EVSE in particular beyond those that each EVSE can have.
    static let reservationsMax = 64

    private struct Reservation: Sendable, Codable {
        var id: Int32
        var evse: Int?
        var connectorType: String?
        var expiry: Timestamp
        var hold: ReservationHold
        /// Whether its token was let in, without a transaction so far.
        var wasUsed = false
    }

    private var reservations: [Reservation] = []
    /// EVSEs shown as Reserved, as last told.
    private var shown: [Int] = []

    init() {}

    var nextDeadline: Timestamp { reservations.map(\.expiry).min() ?? .distantFuture }

    // MARK: Requests

    mutating func reserveNow(
        _ request: V2.ReserveNowRequest, context: inout ControllerContext
    ) -> V2.ReserveNowResponse {
        guard context.deviceModel.bool("ReservationCtrlr", "Enabled") else { return .rejected("NotEnabled") }
        guard request.expiryDateTime > context.now else { return .rejected("InvalidExpiry") }
        guard let idToken = request.idToken.everyday, idToken.type != .noAuthorization,
            let id = Int32(exactly: request.id)
        else { return .rejected("InvalidIdToken") }
        let group = request.groupIdToken.flatMap { IdentifierText($0.idToken) }?.lowercased ?? IdentifierText()
        var evse: Int?
        if let evseID = request.evseId, evseID != 0 {
            guard let index = context.evse(id: evseID) else { return .rejected("UnknownEvse") }
            evse = index
        } else if !context.deviceModel.bool("ReservationCtrlr", "NonEvseSpecific") {
            return .rejected("UnsupportedParam")
        }
        var others = reservations.filter { $0.id != id }  // the same id takes the place of its reservation (H01)
        let new = Reservation(
            id: id, evse: evse, connectorType: request.connectorType, expiry: request.expiryDateTime,
            hold: ReservationHold(id: id, evse: evse.map { Int32($0) }, idToken: idToken, group: group))
        if let refusal = Self.refusal(of: new, others: others, context: context) {
            return V2.ReserveNowResponse(status: refusal)
        }
        guard others.count < Self.reservationsMax else { return .rejected("TooManyElements") }
        others.append(new)
        reservations = others
        tell(&context)
        return V2.ReserveNowResponse(status: .accepted)
    }

    mutating func cancelReservation(
        _ request: V2.CancelReservationRequest, context: inout ControllerContext
    ) -> V2.CancelReservationResponse {
        guard let index = reservations.firstIndex(where: { Int($0.id) == request.reservationId }) else {
            return V2.CancelReservationResponse(status: .rejected)
        }
        reservations.remove(at: index)
        tell(&context)
        return V2.CancelReservationResponse(status: .accepted)
    }

    // MARK: Events

    mutating func timerDue(context: inout ControllerContext) {
        let now = context.now
        end({ $0.expiry <= now }, .expired, context: &context)
    }

    mutating func notice(_ event: StationEvent, context: inout ControllerContext) {
        switch event {
        case .transactionStarted(let evse, _), .authorization(let evse, accepted: true):
            use(at: evse, context: &context)
        case .transactionEnded, .plugged, .unplugged, .faultCleared, .chargingStateChanged: tell(&context)
        case .fault(let evse):
            end({ evse == nil || $0.evse == evse }, .removed, context: &context)  // H01, H02
        case .booted: tell(&context, always: true)
        default: break
        }
    }

    /// A token has been let in: if it was waited for, the reservation is used up by its transaction (H03).
    private mutating func use(at evse: Int, context: inout ControllerContext) {
        guard context.evses.indices.contains(evse), let idToken = context.evses[evse].idToken?.everyday else { return }
        let group = context.evses[evse].groupIdToken.flatMap { IdentifierText($0.idToken) }?.lowercased
        let own = reservations.firstIndex {
            $0.evse == evse && $0.hold.admits(idToken, group: group ?? IdentifierText())
        }
        let any = reservations.firstIndex {
            $0.evse == nil && $0.hold.admits(idToken, group: group ?? IdentifierText())
        }
        if let index = own ?? any {
            if context.evses[evse].transactionID != nil {
                reservations.remove(at: index)
            } else {
                reservations[index].wasUsed = true
            }
        }
        tell(&context)
    }

    private mutating func end(
        _ isOver: (Reservation) -> Bool, _ status: V2.ReservationUpdateStatusEnum, context: inout ControllerContext
    ) {
        let over = reservations.filter(isOver)
        guard !over.isEmpty else { return }
        reservations.removeAll(where: isOver)
        for reservation in over where context.version.isV2 {
            let isNoTransaction = status == .expired && reservation.wasUsed && context.version == .v21
            context.send(
                .reservationStatusUpdate(
                    V2.ReservationStatusUpdateRequest(
                        reservationId: Int(reservation.id),
                        reservationUpdateStatus: isNoTransaction ? .noTransaction : status)), persistent: true)
        }
        tell(&context)
    }

    // MARK: Places

    /// Why there is no place for a reservation; `nil` when there is.
    private static func refusal(
        of new: Reservation, others: [Reservation], context: ControllerContext
    ) -> V2.ReserveNowStatusEnum? {
        let candidates = context.evses.indices.filter {
            (new.evse == nil || new.evse == $0) && hasConnector(new.connectorType, evse: $0, context)
        }
        guard !candidates.isEmpty else { return .rejected }
        // An EVSE for each that asks for none in particular, besides those reserved by name.
        let free = candidates.filter { evse in
            isFree(evse, context) && !others.contains { $0.evse == evse }
        }
        let unspecific = others.filter { other in
            other.evse == nil && candidates.contains { hasConnector(other.connectorType, evse: $0, context) }
        }
        if free.count > (new.evse == nil ? unspecific.count : 0), new.evse == nil || leavesEnough(new, others, context)
        {
            return nil
        }
        let states = candidates.map { context.evses[$0] }
        if states.allSatisfy(\.isFaulted) { return .faulted }
        if states.allSatisfy({ $0.isFaulted || !$0.isOperative }) { return .unavailable }
        return .occupied
    }

    /// Whether, with a reservation of one EVSE more, those for no EVSE in particular still find one each.
    private static func leavesEnough(
        _ new: Reservation, _ others: [Reservation], _ context: ControllerContext
    ) -> Bool {
        let unspecific = others.filter { $0.evse == nil }
        let free = context.evses.indices.filter { evse in
            isFree(evse, context) && evse != new.evse && !others.contains { $0.evse == evse }
        }
        return unspecific.allSatisfy { one in
            let rivals = unspecific.count { $0.connectorType == one.connectorType }
            return free.count { hasConnector(one.connectorType, evse: $0, context) } >= rivals
        }
    }

    private static func isFree(_ evse: Int, _ context: ControllerContext) -> Bool {
        let view = context.evses[evse]
        return !view.isFaulted && view.isOperative && !view.isPlugged && !view.isAuthorized
            && view.transactionID == nil
    }

    private static func hasConnector(_ type: String?, evse: Int, _ context: ControllerContext) -> Bool {
        guard let type else { return true }
        return (1...max(1, context.evses[evse].connectorCount)).contains { connector in
            context.value(component: "Connector", variable: "ConnectorType", evse: evse + 1, connector: connector)
                == type
        }
    }

    /// Tells the everyday machine who may start where, and what is shown.
    private mutating func tell(_ context: inout ControllerContext, always: Bool = false) {
        var reserved: [Int] = []
        for evse in context.evses.indices {
            if reservations.contains(where: { $0.evse == evse }) {
                reserved.append(evse)
                continue
            }
            guard Self.isFree(evse, context) else { continue }
            let claims = reservations.filter {
                $0.evse == nil && Self.hasConnector($0.connectorType, evse: evse, context)
            }
            guard !claims.isEmpty else { continue }
            let free = context.evses.indices.filter { other in
                Self.isFree(other, context) && !reservations.contains { $0.evse == other }
                    && claims.contains { Self.hasConnector($0.connectorType, evse: other, context) }
            }
            if free.count <= claims.count { reserved.append(evse) }
        }
        let holds = reservations.map(\.hold)
        guard always || holds != lastHolds || reserved != shown else { return }
        lastHolds = holds
        shown = reserved
        context.act(.setReservations(holds, shown: reserved))
        context.announce(.reservationsChanged(holds))
    }
    /// As last told.
    private var lastHolds: [ReservationHold] = []
}

extension V2.ReserveNowResponse {
    fileprivate static func rejected(_ reason: String) -> V2.ReserveNowResponse {
        V2.ReserveNowResponse(status: .rejected, statusInfo: V2.StatusInfo(reasonCode: reason))
    }
}
