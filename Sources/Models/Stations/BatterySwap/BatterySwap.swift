internal import OCPP
internal import OCPPMessages

/// Exchange of batteries: a set is put in, another taken out. OCPP 2.1.
///
/// The plant tells what is put in and taken out; one exchange runs at a time.
/// - Source: OCPP 2.1 part 2, use cases S01 to S04.
struct BatterySwap: ControllerBlock {
    /// Batteries in one exchange, at most.
    static let batteriesMax = 16

    /// An exchange that runs.
    struct Swap: Sendable, Codable, Equatable {
        let requestID: Int
        let idToken: V2.IdToken
        /// What may be taken out; empty until a set was put in.
        var offered: [V2.BatteryData] = []
        var deadline: Timestamp
    }

    private(set) var swap: Swap?
    /// Presented at the charging station, while the CSMS is asked about it.
    private var asked: V2.IdToken?

    private enum CodingKeys: String, CodingKey { case swap }

    var nextDeadline: Timestamp { swap?.deadline ?? .distantFuture }

    // MARK: S02

    /// Starts an exchange for a driver who is not at the charging station's reader.
    mutating func requestBatterySwap(
        _ request: V2.RequestBatterySwapRequest, context: inout ControllerContext
    ) -> V2.RequestBatterySwapResponse {
        func rejected(_ code: String) -> V2.RequestBatterySwapResponse {
            V2.RequestBatterySwapResponse(status: .rejected, statusInfo: V2.StatusInfo(reasonCode: code))
        }
        guard context.deviceModel.features.contains(.batterySwap),
            context.deviceModel.bool("BatterySwapCtrlr", "Enabled")
        else { return rejected("UnsupportedRequest") }
        guard swap == nil else { return rejected("InvalidMessageSeq") }
        guard hasBattery(context) else { return rejected("NoBatteryAvailable") }
        begin(request.idToken, requestID: request.requestId, &context)
        return V2.RequestBatterySwapResponse(status: .accepted)
    }

    // MARK: S01, S03, S04

    mutating func notice(_ event: StationEvent, context: inout ControllerContext) {
        guard case .batterySwap(let event) = event else { return }
        switch event {
        case .tokenPresented(let idToken): presented(idToken, context: &context)
        case .inserted(let batteries, let offered): _ = inserted(batteries, offered: offered, context: &context)
        case .taken: taken(context: &context)
        }
    }

    /// A driver presents a token at the charging station: the CSMS is asked, one driver at a time.
    private mutating func presented(_ idToken: V2.IdToken, context: inout ControllerContext) {
        guard asked == nil, context.version == .v21, context.isOnline, canBegin(context) else { return }
        asked = idToken
        context.send(.authorize(V2.AuthorizeRequest(idToken: idToken)))
    }

    mutating func answered(_ request: V2.Request, with outcome: CallOutcome, context: inout ControllerContext) {
        guard case .authorize(let request) = request, request.idToken == asked else { return }
        asked = nil
        guard case .response(.authorize(let response)) = outcome, response.idTokenInfo.status == .accepted else {
            return
        }
        _ = authorized(request.idToken, context: &context)
    }

    /// A driver was authorized at the charging station. Returns whether an exchange begins.
    mutating func authorized(_ idToken: V2.IdToken, context: inout ControllerContext) -> Bool {
        guard canBegin(context) else { return false }
        begin(idToken, requestID: context.nextID(), &context)
        return true
    }

    private func canBegin(_ context: ControllerContext) -> Bool {
        context.deviceModel.features.contains(.batterySwap)
            && context.deviceModel.bool("BatterySwapCtrlr", "Enabled") && swap == nil && hasBattery(context)
    }

    private mutating func begin(_ idToken: V2.IdToken, requestID: Int, _ context: inout ControllerContext) {
        context.act(.swapOpened)
        let wait = context.deviceModel.int("BatterySwapCtrlr", "Timeout", instance: "In")
        swap = Swap(requestID: requestID, idToken: idToken, deadline: context.now.after(seconds: wait))
    }

    /// Batteries were put in; `offered` are unlocked for the driver in exchange. Returns whether an exchange runs that
    /// waited for them.
    mutating func inserted(
        _ batteries: [V2.BatteryData], offered: [V2.BatteryData], context: inout ControllerContext
    ) -> Bool {
        guard var running = swap, running.offered.isEmpty, !batteries.isEmpty else { return false }
        send(.batteryIn, batteries, running, &context)
        running.offered = Array(offered.prefix(Self.batteriesMax))
        let wait = context.deviceModel.int("BatterySwapCtrlr", "Timeout", instance: "Out")
        running.deadline = context.now.after(seconds: wait)
        swap = running.offered.isEmpty ? nil : running
        if swap == nil { context.act(.swapClosed) }
        return true
    }

    /// The batteries offered were taken out: the exchange is done.
    mutating func taken(context: inout ControllerContext) {
        guard let running = swap, !running.offered.isEmpty else { return }
        send(.batteryOut, running.offered, running, &context)
        swap = nil
        context.act(.swapClosed)
    }

    /// Nobody put a set in, or took the other out, in time.
    mutating func timerDue(context: inout ControllerContext) {
        guard let running = swap, running.deadline <= context.now else { return }
        if !running.offered.isEmpty { send(.batteryOutTimeout, running.offered, running, &context) }
        swap = nil
        context.act(.swapClosed)
    }

    private func send(
        _ event: V2.BatterySwapEventEnum, _ batteries: [V2.BatteryData], _ swap: Swap,
        _ context: inout ControllerContext
    ) {
        context.send(
            .batterySwap(
                V2.BatterySwapRequest(
                    batteryData: Array(batteries.prefix(Self.batteriesMax)), eventType: event, idToken: swap.idToken,
                    requestId: swap.requestID)), persistent: true)
    }

    /// Whether a slot holds a battery charged enough to be given away.
    private func hasBattery(_ context: ControllerContext) -> Bool {
        let target = Double(context.deviceModel.int("BatterySwapCtrlr", "TargetSoc")) / 100
        return context.evses.contains { evse in
            evse.isPlugged && evse.isOperative && !evse.isFaulted && (evse.stateOfCharge.map { $0 >= target } ?? false)
        }
    }
}
