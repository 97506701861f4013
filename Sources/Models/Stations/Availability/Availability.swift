internal import OCPP
internal import OCPPMessages

/// What is in service: the charging station, its EVSEs and their connectors, as the CSMS has ordered; and restarts.
///
/// The order for each level is kept over restarts; a connector is in service when all three are. Where a transaction
/// runs, an order to leave service waits for its end.
/// - Source: OCPP 2.0.1 part 2, use cases B11, B12, G03 and G04; OCPP 2.1, B11 (ImmediateAndResume); OCPP 1.6 edition
///   2, sections 5.2 and 5.14.
struct Availability: ControllerBlock {
    /// Restarts that wait for transactions to end: one of the charging station or one of each EVSE.
    enum Waiting: Equatable, Sendable, Codable {
        case nothing
        case station
        /// Indices of EVSEs, each once.
        case evses([Int])
    }

    /// What one EVSE is ordered to.
    private struct Order: Sendable, Codable {
        var isOperative = true
        /// Connectors out of service, a bit each.
        var inoperativeConnectors: UInt8 = 0
        /// Kept free for a firmware update.
        var isKeptFree = false
        /// What the everyday machine was told last.
        var toldOperative = true
        var toldInoperative: UInt8 = 0
    }

    private var isStationOperative = true
    /// As announced last.
    private var announcedOperative = true
    /// One for each EVSE, made when first needed.
    private var orders: [Order] = []
    private(set) var waiting = Waiting.nothing

    init() {}

    // MARK: Requests

    mutating func changeAvailability(
        _ request: V2.ChangeAvailabilityRequest, context: inout ControllerContext
    ) -> V2.ChangeAvailabilityResponse {
        prepare(context)
        let isOperative = request.operationalStatus == .operative
        guard let place = request.evse, place.id != 0 else {
            isStationOperative = isOperative
            return .init(status: apply(&context) ? .accepted : .scheduled)
        }
        guard let evse = context.evse(id: place.id) else { return .rejected("UnknownEvse") }
        if let connector = place.connectorId {
            guard connector >= 1, connector <= context.evses[evse].connectorCount else {
                return .rejected("UnknownConnectorId")
            }
            let bit = UInt8(1) << UInt8(connector - 1)
            if isOperative {
                orders[evse].inoperativeConnectors &= ~bit
            } else {
                orders[evse].inoperativeConnectors |= bit
            }
        } else {
            orders[evse].isOperative = isOperative
        }
        _ = apply(&context)
        return .init(status: isTold(evse) ? .accepted : .scheduled)
    }

    mutating func reset(_ request: V2.ResetRequest, context: inout ControllerContext) -> V2.ResetResponse {
        var evse: Int?
        if let id = request.evseId, id != 0 {
            guard let index = context.evse(id: id) else { return .rejected("UnknownEvse") }
            guard context.deviceModel.bool("EVSE", "AllowReset", evse: id) else {
                return .rejected("NotSupported")  // B11
            }
            evse = index
        }
        let isBusy = context.evses.indices.contains {
            (evse == nil || evse == $0) && context.evses[$0].transactionID != nil
        }
        switch request.type {
        case .immediate: restart(.remoteReset, evse: evse, resumes: false, context: &context)
        case .immediateAndResume:
            // The transactions of an EVSE live on the controller that goes on.
            guard evse == nil || !isBusy else { return .rejected("NotSupported") }
            restart(.remoteReset, evse: evse, resumes: true, context: &context)
        case .onIdle where !isBusy: restart(.remoteReset, evse: evse, resumes: false, context: &context)
        case .onIdle:
            if context.version == .v16 {  // Soft: transactions are stopped first, and told as such
                for index in context.evses.indices where context.evses[index].transactionID != nil {
                    context.act(.stopTransaction(evse: index, .reboot))
                }
            }
            wait(for: evse)
            return .init(status: context.version == .v16 ? .accepted : .scheduled)
        }
        return .init(status: .accepted)
    }

    // MARK: Events

    mutating func notice(_ event: StationEvent, context: inout ControllerContext) {
        switch event {
        case .transactionEnded, .transactionStarted:
            prepare(context)
            _ = apply(&context)
            restartIfIdle(&context)
        case .booted:
            waiting = .nothing  // it has started anew
        case .keptFree(let evse, let isKeptFree):
            prepare(context)
            guard orders.indices.contains(evse) else { return }
            orders[evse].isKeptFree = isKeptFree
            _ = apply(&context)
        default: break
        }
    }

    // MARK: Service

    private mutating func prepare(_ context: ControllerContext) {
        while orders.count < context.evses.count { orders.append(Order()) }
    }

    private func wanted(_ evse: Int) -> (isOperative: Bool, inoperative: UInt8) {
        let order = orders[evse]
        return (isStationOperative && order.isOperative && !order.isKeptFree, order.inoperativeConnectors)
    }
    private func isTold(_ evse: Int) -> Bool {
        wanted(evse) == (orders[evse].toldOperative, orders[evse].toldInoperative)
    }

    /// Carries out all orders that no transaction holds up; returns whether that were all.
    private mutating func apply(_ context: inout ControllerContext) -> Bool {
        var isComplete = true
        for evse in context.evses.indices where !isTold(evse) {
            let (isOperative, inoperative) = wanted(evse)
            let isBusy = context.evses[evse].transactionID != nil
            let added = inoperative & ~orders[evse].toldInoperative
            if isBusy, !isOperative && orders[evse].toldOperative || added != 0 {
                isComplete = false
                continue
            }
            if isOperative != orders[evse].toldOperative {
                context.act(.setOperative(evse: evse, connector: nil, isOperative))
            }
            let changed = inoperative ^ orders[evse].toldInoperative
            for connector in 0..<min(8, context.evses[evse].connectorCount)
            where changed & (1 << UInt8(connector)) != 0 {
                context.act(
                    .setOperative(
                        evse: evse, connector: connector, inoperative & (1 << UInt8(connector)) == 0))
            }
            orders[evse].toldOperative = isOperative
            orders[evse].toldInoperative = inoperative
        }
        if announcedOperative != isStationOperative, isStationOperative || isComplete {
            announcedOperative = isStationOperative
            context.announce(.stationOperative(isStationOperative))
        }
        return isComplete
    }

    // MARK: Restarts

    private mutating func restart(
        _ reason: Core.BootReason, evse: Int?, resumes: Bool, context: inout ControllerContext
    ) {
        if evse == nil { waiting = .nothing }
        context.reportSecurity(.resetOrReboot, techInfo: reason.rawValue)
        context.act(.restart(reason, evse: evse, resumes: resumes))
    }

    private mutating func wait(for evse: Int?) {
        switch (waiting, evse) {
        case (_, nil): waiting = .station
        case (.station, _): break
        case (.nothing, let evse?): waiting = .evses([evse])
        case (.evses(let waitingFor), let evse?):
            if !waitingFor.contains(evse) { waiting = .evses(waitingFor + [evse]) }
        }
    }

    private mutating func restartIfIdle(_ context: inout ControllerContext) {
        switch waiting {
        case .nothing: break
        case .station:
            guard context.evses.allSatisfy({ $0.transactionID == nil }) else { return }
            // Asked for OnIdle, or Soft in 1.6: the first is a scheduled restart, the second none that waited.
            restart(
                context.version == .v16 ? .remoteReset : .scheduledReset, evse: nil, resumes: false, context: &context)
        case .evses(let evses):
            let due = evses.filter { context.evses[$0].transactionID == nil }
            guard !due.isEmpty else { return }
            let rest = evses.filter { !due.contains($0) }
            waiting = rest.isEmpty ? .nothing : .evses(rest)
            for evse in due { restart(.scheduledReset, evse: evse, resumes: false, context: &context) }
        }
    }
}

extension V2.ChangeAvailabilityResponse {
    fileprivate static func rejected(_ reason: String) -> V2.ChangeAvailabilityResponse {
        V2.ChangeAvailabilityResponse(status: .rejected, statusInfo: V2.StatusInfo(reasonCode: reason))
    }
}
extension V2.ResetResponse {
    fileprivate static func rejected(_ reason: String) -> V2.ResetResponse {
        V2.ResetResponse(status: .rejected, statusInfo: V2.StatusInfo(reasonCode: reason))
    }
}
