internal import OCPP
internal import OCPPMessages
internal import OCPPWire

/// What the drivers at the EVSEs are shown of price and cost: the CSMS's words for them, or else the configured ones.
/// - Source: OCPP 2.0.1 part 2, use cases I01 to I06; OCPP 2.1, variable OfflineTariffFallbackMessage.
struct DriverDisplay: ControllerBlock {
    /// How long the cost stands after the end of a transaction, or the last word about it, seconds.
    static let finalCostS = 60
    /// Texts for one driver, at most: one in each of so many languages.
    static let textsMax = 5

    /// Somebody at an EVSE, from authorization or the start of a transaction on.
    struct Visit: Sendable, Codable, Equatable {
        /// `nil` while nobody has identified.
        var idToken: V2.IdToken?
        var texts: [V2.MessageContent] = []
        var language: String?
        /// Whether the CSMS could not be asked about the driver, and later, told of the end.
        var isOffline = false
        var transactionID: String?
        /// Until when the cost of what has ended is shown; `nil` while it goes on.
        var shownUntil: Timestamp?
    }

    /// By EVSE from 0.
    private(set) var visits = EVSETable<Visit>()

    // MARK: What the CSMS says

    /// An answer to Authorize, which has accepted the driver.
    mutating func receive(
        _ extras: AnswerExtras, for idToken: V2.IdToken, evse: Int, context: inout ControllerContext
    ) {
        // Where somebody charges, this driver wants to stop that, or nothing.
        guard Self.isThere(context), !context.evses[evse].isAuthorized else { return }
        var visit = visits[evse].flatMap { $0.shownUntil == nil && $0.idToken == nil ? $0 : nil } ?? Visit()
        visit.idToken = idToken
        visit.language = extras.language
        visit.texts = Self.shown(extras.messages, context)
        visits[evse] = visit
        context.act(.displayChanged)
    }

    /// An answer to an event of a transaction (I02, I03, I06).
    mutating func receive(
        _ extras: AnswerExtras, forTransaction id: String, context: inout ControllerContext
    ) {
        guard Self.isThere(context), let evse = visits.entries.first(where: { $0.value.transactionID == id })?.evse
        else { return }
        let texts = Self.shown(extras.messages, context)
        if !texts.isEmpty { visits[evse]?.texts = texts }
        if let language = extras.language { visits[evse]?.language = language }
        if visits[evse]?.shownUntil != nil { visits[evse]?.shownUntil = context.now.after(seconds: Self.finalCostS) }
        context.act(.displayChanged)
    }

    private static func shown(_ texts: [V2.MessageContent], _ context: ControllerContext) -> [V2.MessageContent] {
        let formats = context.deviceModel.list("DisplayMessageCtrlr", "SupportedFormats")
        return Array(texts.filter { formats.contains($0.format.wireText) }.prefix(textsMax))
    }

    // MARK: What happens

    var nextDeadline: Timestamp { visits.values.compactMap(\.shownUntil).min() ?? .distantFuture }

    mutating func timerDue(context: inout ControllerContext) {
        if visits.keep(where: { $0.shownUntil.map { $0 > context.now } ?? true }) { context.act(.displayChanged) }
    }

    mutating func notice(_ event: StationEvent, context: inout ControllerContext) {
        guard Self.isThere(context) else { return }
        switch event {
        case .authorization(let evse, true):
            guard context.evses.indices.contains(evse) else { return }
            let idToken = context.evses[evse].idToken
            if let visit = visits[evse], visit.shownUntil == nil, visit.idToken == idToken { return }
            var visit = Visit()
            if let running = visits[evse], running.shownUntil == nil, running.idToken == nil { visit = running }
            visit.idToken = idToken
            visit.isOffline = !context.isOnline
            visits[evse] = visit
        case .transactionStarted(let evse, let id):
            guard context.evses.indices.contains(evse) else { return }
            var visit = visits[evse].flatMap { $0.shownUntil == nil && $0.transactionID == nil ? $0 : nil } ?? Visit()
            if visit.idToken != context.evses[evse].idToken { visit = Visit(idToken: context.evses[evse].idToken) }
            visit.transactionID = id
            visits[evse] = visit
        case .transactionEnded(let evse, let id, _):
            guard visits[evse]?.transactionID == id else { return }
            visits[evse]?.shownUntil = context.now.after(seconds: Self.finalCostS)
            visits[evse]?.isOffline = !context.isOnline
        default: return
        }
        context.act(.displayChanged)
    }

    // MARK: What is to be seen

    /// The texts of each visit, of price before cost. Their ids are below 0, which those of the CSMS's messages are not.
    func texts(tariffs: Tariffs, context: ControllerContext) -> [V2.MessageInfo] {
        guard Self.isThere(context) else { return [] }
        return visits.entries.flatMap { entry -> [V2.MessageInfo] in
            let (evse, visit) = (entry.evse, entry.value)
            guard context.evses.indices.contains(evse) else { return [] }
            let view = context.evses[evse]
            var messages: [V2.MessageInfo] = []
            let isCharging = visit.shownUntil == nil && view.isAuthorized && view.idToken == visit.idToken
            if isCharging || visit.shownUntil != nil && !visit.texts.isEmpty,
                let first = visit.texts.first ?? Self.tariffFallback(visit, context)
            {
                var message = Self.message(-1 - 2 * evse, first, evse: evse, visit)
                if visit.texts.count > 1 { message.messageExtra = Array(visit.texts.dropFirst()) }
                messages.append(message)
            }
            if let cost = Self.cost(visit, tariffs, context) {
                messages.append(Self.message(-2 - 2 * evse, cost, evse: evse, visit))
            }
            return messages
        }
    }

    private static func message(
        _ id: Int, _ content: V2.MessageContent, evse: Int, _ visit: Visit
    ) -> V2.MessageInfo {
        V2.MessageInfo(
            id: id, priority: .normalCycle, message: content,
            display: V2.Component(name: "Display", evse: V2.EVSE(id: evse + 1)), transactionId: visit.transactionID)
    }

    private static func cost(
        _ visit: Visit, _ tariffs: Tariffs, _ context: ControllerContext
    ) -> V2.MessageContent? {
        guard let id = visit.transactionID, context.deviceModel.bool("TariffCostCtrlr", "Enabled", instance: "Cost")
        else { return nil }
        if let total = tariffs.totalCost(ofTransaction: id) {
            let currency = context.deviceModel.text("TariffCostCtrlr", "Currency")
            return V2.MessageContent(
                format: .utf8, content: "Total cost: \(amount(total)) \(currency)", language: "en")
        }
        guard visit.shownUntil != nil else { return nil }
        return fallback("TotalCostFallbackMessage", visit, context)
    }

    private static func tariffFallback(_ visit: Visit, _ context: ControllerContext) -> V2.MessageContent? {
        guard context.deviceModel.bool("TariffCostCtrlr", "Enabled", instance: "Tariff") else { return nil }
        let offline = visit.isOffline ? fallback("OfflineTariffFallbackMessage", visit, context) : nil
        return offline ?? fallback("TariffFallbackMessage", visit, context)
    }

    /// In the driver's language, or else in none.
    private static func fallback(
        _ variable: String, _ visit: Visit, _ context: ControllerContext
    ) -> V2.MessageContent? {
        let model = context.deviceModel
        let root = VariableCatalogue.fold(String((visit.language ?? "").prefix { $0 != "-" }))
        if VariableCatalogue.languages.contains(root) {
            let text = model.text("TariffCostCtrlr", variable, instance: root)
            if !text.isEmpty { return V2.MessageContent(format: .utf8, content: text, language: root) }
        }
        let text = model.text("TariffCostCtrlr", variable)
        return text.isEmpty ? nil : V2.MessageContent(format: .utf8, content: text)
    }

    /// With two places.
    static func amount(_ value: Double) -> String {
        guard value.magnitude < 1e12 else { return "\(value)" }
        let cents = Int((value * 100).rounded())
        let rest = cents.magnitude % 100
        return "\(cents < 0 ? "-" : "")\(cents.magnitude / 100).\(rest < 10 ? "0" : "")\(rest)"
    }

    /// Whether there is a display that may be used for this.
    private static func isThere(_ context: ControllerContext) -> Bool {
        context.version.isV2 && context.deviceModel.features.contains(.display)
            && context.deviceModel.bool("DisplayMessageCtrlr", "Enabled")
    }
}
