internal import OCPP
internal import OCPPMessages

/// Messages of the CSMS for the display: which there are, and which of them are to be seen now.
/// - Source: OCPP 2.0.1 part 2, use cases O01 to O06.
struct DisplayMessages: ControllerBlock {
    /// Messages in one NotifyDisplayMessages, and bytes, at most.
    static let messagesPerReport = 10
    static let bytesPerReport = 24_000

    /// By id.
    private(set) var messages: [V2.MessageInfo] = []

    // MARK: O01, O02, O06

    mutating func setDisplayMessage(
        _ request: V2.SetDisplayMessageRequest, context: inout ControllerContext
    ) -> V2.SetDisplayMessageResponse {
        let message = request.message
        if let refusal = refusal(of: message, context) { return refusal }
        messages.removeAll {
            $0.id == message.id || (message.priority == .alwaysFront && $0.priority == .alwaysFront)
        }
        messages.insert(message, at: messages.partitioningIndex { $0.id > message.id })
        changed(&context)
        return V2.SetDisplayMessageResponse(status: .accepted)
    }

    private func refusal(
        of message: V2.MessageInfo, _ context: ControllerContext
    ) -> V2.SetDisplayMessageResponse? {
        func rejected(_ code: String) -> V2.SetDisplayMessageResponse {
            V2.SetDisplayMessageResponse(status: .rejected, statusInfo: V2.StatusInfo(reasonCode: code))
        }
        let model = context.deviceModel
        guard model.features.contains(.display), model.bool("DisplayMessageCtrlr", "Enabled") else {
            return rejected("NotEnabled")
        }
        let contents = [message.message] + (message.messageExtra ?? [])
        let formats = model.list("DisplayMessageCtrlr", "SupportedFormats")
        guard contents.allSatisfy({ formats.contains($0.format.wireText) }) else {
            return V2.SetDisplayMessageResponse(status: .notSupportedMessageFormat)
        }
        guard model.list("DisplayMessageCtrlr", "SupportedPriorities").contains(message.priority.wireText) else {
            return V2.SetDisplayMessageResponse(status: .notSupportedPriority)
        }
        if let state = message.state,
            !model.list("DisplayMessageCtrlr", "SupportedStates").contains(state.wireText)
        {
            return V2.SetDisplayMessageResponse(status: .notSupportedState)
        }
        if let transaction = message.transactionId, context.evse(ofTransaction: transaction) == nil {
            return V2.SetDisplayMessageResponse(status: .unknownTransaction)
        }
        if context.version == .v21, !contents.allSatisfy({ Self.isSpoken($0.language) }) {
            return V2.SetDisplayMessageResponse(status: .languageNotSupported)
        }
        if let evse = message.display?.evse?.id, context.evse(id: evse) == nil { return rejected("UnknownEvse") }
        if let end = message.endDateTime, end <= max(context.now, message.startDateTime ?? context.now) {
            return rejected("InvalidValue")
        }
        let limit = Self.messagesMax
        guard messages.count < limit || messages.contains(where: { $0.id == message.id }) else {
            return rejected("OutOfStorage")
        }
        return nil
    }

    /// Messages kept, at most: the upper limit of DisplayMessageCtrlr.DisplayMessages.
    static let messagesMax = 50

    /// `de-AT` is spoken where `de` is.
    private static func isSpoken(_ language: String?) -> Bool {
        guard let language else { return true }
        let root = VariableCatalogue.fold(String(language.prefix { $0 != "-" }))
        return VariableCatalogue.languages.contains(root)
    }

    // MARK: O03, O04

    func getDisplayMessages(
        _ request: V2.GetDisplayMessagesRequest, context: inout ControllerContext
    ) -> V2.GetDisplayMessagesResponse {
        let found = messages.filter { message in
            (request.id?.contains(message.id) ?? true) && (request.priority.map { $0 == message.priority } ?? true)
                && (request.state.map { $0 == message.state } ?? true)
        }
        guard !found.isEmpty else { return V2.GetDisplayMessagesResponse(status: .unknown) }
        let parts = ReportParts.split(found, items: Self.messagesPerReport, bytes: Self.bytesPerReport) { message in
            400 + ([message.message] + (message.messageExtra ?? [])).reduce(0) { $0 + $1.content.utf8.count + 60 }
        }
        for (number, part) in parts.enumerated() {
            context.send(
                .notifyDisplayMessages(
                    V2.NotifyDisplayMessagesRequest(
                        requestId: request.requestId, messageInfo: part, tbc: number < parts.count - 1)))
        }
        return V2.GetDisplayMessagesResponse(status: .accepted)
    }

    // MARK: O05

    mutating func clearDisplayMessage(
        _ request: V2.ClearDisplayMessageRequest, context: inout ControllerContext
    ) -> V2.ClearDisplayMessageResponse {
        guard let index = messages.firstIndex(where: { $0.id == request.id }) else {
            return V2.ClearDisplayMessageResponse(status: .unknown)
        }
        messages.remove(at: index)
        changed(&context)
        return V2.ClearDisplayMessageResponse(status: .accepted)
    }

    // MARK: What is to be seen

    /// Messages to be shown at an EVSE's display, or with `nil` at that of the charging station: the one that is always
    /// in front, or else those in front, or else the others, in turns.
    func displayed(now: Timestamp, evse: Int? = nil, evses: ContiguousArray<EVSEView>) -> [V2.MessageInfo] {
        let candidates = messages.filter { isDue($0, now: now, evse: evse, evses: evses) }
        for priority in [V2.MessagePriorityEnum.alwaysFront, .inFront] {
            let front = candidates.filter { $0.priority == priority }
            if !front.isEmpty { return front }
        }
        return candidates
    }

    private func isDue(
        _ message: V2.MessageInfo, now: Timestamp, evse: Int?, evses: ContiguousArray<EVSEView>
    ) -> Bool {
        if let start = message.startDateTime, now < start { return false }
        if let end = message.endDateTime, now >= end { return false }
        if let own = message.display?.evse?.id, own != evse.map({ $0 + 1 }) { return false }
        var places = evse.map { evses.indices.contains($0) ? [evses[$0]] : [] } ?? Array(evses)
        if let transaction = message.transactionId {
            places.removeAll { $0.transactionID != transaction }
            guard !places.isEmpty else { return false }
        }
        guard let state = message.state else { return true }
        return places.contains { $0.isIn(state) }
    }

    // MARK: What happens

    var nextDeadline: Timestamp {
        messages.reduce(Timestamp.distantFuture) { soonest, message in
            let start = message.startDateTime.flatMap { $0 > shownUntil ? $0 : nil }
            return min(soonest, start ?? .distantFuture, message.endDateTime ?? .distantFuture)
        }
    }
    /// Starts up to here have been told to the display.
    private var shownUntil = Timestamp.distantPast

    mutating func timerDue(context: inout ControllerContext) {
        let started = messages.contains { message in
            message.startDateTime.map { $0 > shownUntil && $0 <= context.now } ?? false
        }
        shownUntil = max(shownUntil, context.now)
        let count = messages.count
        messages.removeAll { message in message.endDateTime.map { $0 <= context.now } ?? false }
        if messages.count != count { changed(&context) } else if started { context.act(.displayChanged) }
    }

    mutating func notice(_ event: StationEvent, context: inout ControllerContext) {
        switch event {
        case .transactionEnded(_, let transactionID, _):
            let count = messages.count
            messages.removeAll { $0.transactionId == transactionID }
            if messages.count != count { changed(&context) } else if !messages.isEmpty { context.act(.displayChanged) }
        case .transactionStarted, .chargingStateChanged, .fault, .faultCleared, .keptFree:
            if messages.contains(where: { $0.state != nil || $0.transactionId != nil }) { context.act(.displayChanged) }
        default: break
        }
    }

    private func changed(_ context: inout ControllerContext) {
        context.publish(String(messages.count), component: "DisplayMessageCtrlr", variable: "DisplayMessages")
        context.act(.displayChanged)
    }
}

extension EVSEView {
    /// - Source: OCPP 2.0.1 part 2, MessageStateEnumType.
    func isIn(_ state: V2.MessageStateEnum) -> Bool {
        switch state {
        case .charging: transactionID != nil && chargingState == .charging && powerW >= 0
        case .faulted: isFaulted
        case .idle: transactionID == nil && !isFaulted && isOperative
        case .unavailable: !isOperative
        case .suspended: transactionID != nil && (chargingState == .suspendedEV || chargingState == .suspendedEVSE)
        case .discharging: transactionID != nil && chargingState == .charging && powerW < 0
        }
    }
}
