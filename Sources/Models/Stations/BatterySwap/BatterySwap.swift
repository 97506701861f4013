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
        begin(request.idToken, requestID: request.requestId, context)
        return V2.RequestBatterySwapResponse(status: .accepted)
    }

    // MARK: S01, S03, S04

    /// A driver was authorized at the charging station. Returns whether an exchange begins.
    mutating func authorized(_ idToken: V2.IdToken, context: inout ControllerContext) -> Bool {
        guard context.deviceModel.features.contains(.batterySwap), swap == nil, hasBattery(context) else {
            return false
        }
        begin(idToken, requestID: context.nextID(), context)
        return true
    }

    private mutating func begin(_ idToken: V2.IdToken, requestID: Int, _ context: ControllerContext) {
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
        return true
    }

    /// The batteries offered were taken out: the exchange is done.
    mutating func taken(context: inout ControllerContext) {
        guard let running = swap, !running.offered.isEmpty else { return }
        send(.batteryOut, running.offered, running, &context)
        swap = nil
    }

    /// Nobody put a set in, or took the other out, in time.
    mutating func timerDue(context: inout ControllerContext) {
        guard let running = swap, running.deadline <= context.now else { return }
        if !running.offered.isEmpty { send(.batteryOutTimeout, running.offered, running, &context) }
        swap = nil
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
