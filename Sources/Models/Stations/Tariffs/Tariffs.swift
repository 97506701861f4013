internal import OCPP
internal import OCPPMessages

/// Tariffs and cost: what the CSMS says a transaction costs, and what the charging station reckons itself.
/// - Source: OCPP 2.0.1 part 2, use cases I02 and I03; OCPP 2.1 part 2, I07 to I12 and C18 to C25.
struct Tariffs: ControllerBlock {
    /// Tariffs kept, of each kind, at most.
    static let tariffsMax = 64

    /// A tariff for drivers who have none of their own, and the EVSEs, from 1, where it applies.
    struct DefaultTariff: Sendable, Codable, Equatable {
        let tariff: V2.Tariff
        var evses: [Int]
    }
    /// A tariff for one driver.
    struct DriverTariff: Sendable, Codable, Equatable {
        let tariff: V2.Tariff
        let idToken: V2.IdToken
    }
    /// What the CSMS says.
    struct CentralCost: Sendable, Codable, Equatable {
        let transactionID: String
        var total: Double
    }

    private(set) var defaults: [DefaultTariff] = []
    var drivers: [DriverTariff] = []
    /// Drivers whose tariffs cannot be used here, so that the CSMS alone reckons what they pay.
    var centralDrivers: [V2.IdToken] = []
    /// Costs reckoned here, of running transactions and, until the next one, the last of each EVSE; by EVSE from 0.
    var costs = EVSETable<TransactionCost>()
    /// Of transactions whose end is still to be told when their EVSE has the next, oldest first.
    private(set) var ended: [TransactionCost] = []
    private(set) var central: [CentralCost] = []
    /// Until when somebody is paying by web at an EVSE, from 0.
    private(set) var webPayments = EVSETable<Timestamp>()
    /// Where the driver finds the last receipt.
    var receiptURL: String?
    /// The company that the last VAT number asked about belongs to, for the receipt; `nil` when there is none.
    var company: V2.Address?
    private var due = Timestamp.distantFuture

    // MARK: I02

    /// Takes over the total that the CSMS reckoned.
    mutating func costUpdated(
        _ request: V2.CostUpdatedRequest, context: inout ControllerContext
    ) -> V2.CostUpdatedResponse {
        if context.evse(ofTransaction: request.transactionId) != nil {
            receive(totalCost: request.totalCost, transactionID: request.transactionId, context: &context)
        }
        return V2.CostUpdatedResponse()
    }

    /// The CSMS told a total with its answer to a transaction event.
    mutating func receive(totalCost: Double, transactionID: String, context: inout ControllerContext) {
        if let index = central.firstIndex(where: { $0.transactionID == transactionID }) {
            central[index].total = totalCost
        } else {
            if central.count >= Self.tariffsMax { central.removeFirst() }
            central.append(CentralCost(transactionID: transactionID, total: totalCost))
        }
        context.act(.displayChanged)
    }

    /// Total to be shown, taxes included: the CSMS's, or else the charging station's own; `nil` when neither is known.
    func totalCost(ofTransaction id: String) -> Double? {
        central.first { $0.transactionID == id }?.total
            ?? (costs.values.first { $0.transactionID == id } ?? ended.first { $0.transactionID == id })
            .map { ValueRules.sixPlaces($0.total.money.inclTax) }
    }
    /// Details of the cost; `nil` where it is not reckoned here.
    func costDetails(ofTransaction id: String) -> V2.CostDetails? {
        (costs.values.first { $0.transactionID == id } ?? ended.first { $0.transactionID == id })?.details
    }

    // MARK: I07

    mutating func setDefaultTariff(
        _ request: V2.SetDefaultTariffRequest, context: inout ControllerContext
    ) -> V2.SetDefaultTariffResponse {
        func refused(_ status: V2.TariffSetStatusEnum, _ code: String? = nil) -> V2.SetDefaultTariffResponse {
            V2.SetDefaultTariffResponse(status: status, statusInfo: code.map { V2.StatusInfo(reasonCode: $0) })
        }
        let tariff = request.tariff
        guard isEnabled(context) else { return refused(.rejected, "NotEnabled") }
        guard let evses = evses(request.evseId, context) else { return refused(.rejected, "UnknownEvse") }
        guard tariff.currency == context.deviceModel.text("TariffCostCtrlr", "Currency") else {
            return refused(.rejected, "InvalidValue")
        }
        if let problem = problem(with: tariff, context) {
            return refused(problem == .tooManyElements ? .tooManyElements : .conditionNotSupported)
        }
        if let same = defaults.first(where: { $0.tariff.tariffId == tariff.tariffId }) {
            guard same.tariff == tariff, !evses.allSatisfy(same.evses.contains) else {
                return refused(.duplicateTariffId)
            }
        } else if defaults.count >= Self.tariffsMax {
            return refused(.rejected, "OutOfStorage")
        }
        install(tariff, evses, now: context.now)
        context.act(.displayChanged)
        return V2.SetDefaultTariffResponse(status: .accepted)
    }

    /// Puts a tariff in the place of those that apply by now, or one for later in the place of one from the same time.
    private mutating func install(_ tariff: V2.Tariff, _ evses: [Int], now: Timestamp) {
        let start = tariff.validFrom ?? .distantPast
        for index in defaults.indices {
            let other = defaults[index].tariff.validFrom ?? .distantPast
            if other == start || (start <= now && other <= now) {
                defaults[index].evses.removeAll(where: evses.contains)
            }
        }
        if let index = defaults.firstIndex(where: { $0.tariff == tariff }) {
            defaults[index].evses = Set(defaults[index].evses + evses).sorted()
        } else {
            defaults.append(DefaultTariff(tariff: tariff, evses: evses))
        }
        defaults.removeAll { $0.evses.isEmpty }
    }

    /// The tariff for new transactions without one of their own at an EVSE from 1.
    func defaultTariff(evse: Int, now: Timestamp) -> V2.Tariff? {
        defaults.lazy.filter { $0.evses.contains(evse) && ($0.tariff.validFrom ?? .distantPast) <= now }
            .max { ($0.tariff.validFrom ?? .distantPast) < ($1.tariff.validFrom ?? .distantPast) }?.tariff
    }

    // MARK: I09

    func getTariffs(_ request: V2.GetTariffsRequest, context: inout ControllerContext) -> V2.GetTariffsResponse {
        guard isEnabled(context) else {
            return V2.GetTariffsResponse(status: .rejected, statusInfo: V2.StatusInfo(reasonCode: "NotEnabled"))
        }
        guard let evses = evses(request.evseId, context) else {
            return V2.GetTariffsResponse(status: .rejected, statusInfo: V2.StatusInfo(reasonCode: "UnknownEvse"))
        }
        var assignments: [V2.TariffAssignment] = []
        for item in defaults {
            let here = item.evses.filter(evses.contains)
            guard !here.isEmpty else { continue }
            assignments.append(
                V2.TariffAssignment(
                    tariffId: item.tariff.tariffId, tariffKind: .defaultTariff, validFrom: item.tariff.validFrom,
                    evseIds: here))
        }
        for item in drivers {
            let used = context.evses.indices.filter {
                context.evses[$0].idToken == item.idToken && context.evses[$0].transactionID != nil
            }.map { $0 + 1 }
            guard request.evseId == 0 || used.contains(request.evseId) else { continue }
            assignments.append(
                V2.TariffAssignment(
                    tariffId: item.tariff.tariffId, tariffKind: .driverTariff, evseIds: used.isEmpty ? nil : used,
                    idTokens: [item.idToken.idToken]))
        }
        return V2.GetTariffsResponse(
            status: assignments.isEmpty ? .noTariff : .accepted,
            tariffAssignments: assignments.isEmpty ? nil : assignments)
    }

    // MARK: I10

    /// Takes default tariffs away. A running transaction keeps its own.
    mutating func clearTariffs(
        _ request: V2.ClearTariffsRequest, context: inout ControllerContext
    ) -> V2.ClearTariffsResponse {
        let evses = request.evseId.flatMap { $0 == 0 ? nil : [$0] } ?? context.evses.indices.map { $0 + 1 }
        let wanted =
            request.tariffIds ?? defaults.filter { !$0.evses.filter(evses.contains).isEmpty }.map(\.tariff.tariffId)
        var results: [V2.ClearTariffsResult] = []
        for id in wanted {
            let index = defaults.firstIndex { $0.tariff.tariffId == id && !$0.evses.filter(evses.contains).isEmpty }
            if let index { defaults[index].evses.removeAll(where: evses.contains) }
            results.append(V2.ClearTariffsResult(status: index == nil ? .noTariff : .accepted, tariffId: id))
        }
        defaults.removeAll { $0.evses.isEmpty }
        if results.isEmpty { results = [V2.ClearTariffsResult(status: .noTariff)] }
        context.act(.displayChanged)
        return V2.ClearTariffsResponse(clearTariffsResult: results)
    }

    // MARK: I11

    mutating func changeTransactionTariff(
        _ request: V2.ChangeTransactionTariffRequest, context: inout ControllerContext
    ) -> V2.ChangeTransactionTariffResponse {
        guard let evse = context.evse(ofTransaction: request.transactionId) else {
            return V2.ChangeTransactionTariffResponse(status: .txNotFound)
        }
        guard let cost = costs[evse], cost.transactionID == request.transactionId else {
            return V2.ChangeTransactionTariffResponse(
                status: .rejected, statusInfo: V2.StatusInfo(reasonCode: "NotEnabled"))
        }
        guard cost.tariff.currency == request.tariff.currency else {
            return V2.ChangeTransactionTariffResponse(status: .noCurrencyChange)
        }
        if let problem = problem(with: request.tariff, context) {
            return V2.ChangeTransactionTariffResponse(
                status: problem == .tooManyElements ? .tooManyElements : .conditionNotSupported)
        }
        advance(evse, context)
        costs[evse]?.change(to: request.tariff)
        context.act(.displayChanged)
        return V2.ChangeTransactionTariffResponse(status: .accepted)
    }

    // MARK: What happens

    var nextDeadline: Timestamp { min(due, webPayments.values.min() ?? .distantFuture) }

    mutating func timerDue(context: inout ControllerContext) {
        if webPayments.keep(where: { $0 > context.now }) { context.act(.displayChanged) }
        guard due <= context.now else { return }
        for evse in context.evses.indices { advance(evse, context) }
        schedule(context)
    }

    mutating func notice(_ event: StationEvent, context: inout ControllerContext) {
        switch event {
        case .transactionStarted(let evse, let transactionID):
            begin(evse, transactionID, context)
            schedule(context)
        case .chargingStateChanged(let evse, _), .sampled(let evse): advance(evse, context)
        case .transactionEnded(let evse, let transactionID, _):
            advance(evse, context)
            costs[evse]?.finish()
            if let token = costs[evse]?.idToken { drivers.removeAll { $0.idToken == token } }
            central.removeAll {
                $0.transactionID != transactionID && context.evse(ofTransaction: $0.transactionID) == nil
            }
            schedule(context)
        case .plugged(let evse): forgetPayment(evse: evse, &context)
        case .authorization(let evse, true):
            forgetPayment(evse: evse, &context)
            adoptDriverTariff(evse, context)
        case .paymentSettled(let settlement): settle(settlement, context: &context)
        case .companyReceiptWanted(let vatNumber, let evse):
            validate(vatNumber: vatNumber, evse: evse, context: &context)
        default: break
        }
    }

    mutating func notePayment(evse: Int, until: Timestamp?) { webPayments[evse] = until }
    private mutating func forgetPayment(evse: Int, _ context: inout ControllerContext) {
        guard webPayments[evse] != nil else { return }
        webPayments[evse] = nil
        context.act(.displayChanged)
    }

    private mutating func begin(_ evse: Int, _ transactionID: String, _ context: ControllerContext) {
        guard context.evses.indices.contains(evse), context.version == .v21, isEnabled(context),
            context.deviceModel.bool("TariffCostCtrlr", "Enabled", instance: "Cost")
        else { return }
        if let last = costs[evse], last.transactionID != transactionID { keepForEnd(last, context) }
        let view = context.evses[evse]
        let own = drivers.first { $0.idToken == view.idToken }?.tariff
        let isCentral = view.idToken.map { centralDrivers.contains($0) } ?? false
        guard !isCentral, let tariff = own ?? defaultTariff(evse: evse + 1, now: context.now) else {
            costs[evse] = nil
            return
        }
        costs[evse] = TransactionCost(
            transactionID: transactionID, tariff: tariff, evse: view, now: context.now, offsetS: offset(context))
    }

    /// The driver of a running transaction has become known, and with the driver a tariff.
    private mutating func adoptDriverTariff(_ evse: Int, _ context: ControllerContext) {
        guard context.evses.indices.contains(evse), let transactionID = context.evses[evse].transactionID,
            let own = drivers.first(where: { $0.idToken == context.evses[evse].idToken })?.tariff
        else { return }
        advance(evse, context)
        if let cost = costs[evse], cost.transactionID == transactionID, cost.energyWh > 0 {
            costs[evse]?.change(to: own)
        } else {  // nothing was delivered to anybody else: reckoned from here
            begin(evse, transactionID, context)
        }
        schedule(context)
    }

    /// The last transaction of an EVSE may have ended while nobody could be told.
    private mutating func keepForEnd(_ cost: TransactionCost, _ context: ControllerContext) {
        ended.removeAll { !context.queuedTransactionIDs.contains($0.transactionID) }
        guard context.queuedTransactionIDs.contains(cost.transactionID) else { return }
        if ended.count >= Self.tariffsMax { ended.removeFirst() }
        ended.append(cost)
    }

    private mutating func advance(_ evse: Int, _ context: ControllerContext) {
        guard context.evses.indices.contains(evse), let cost = costs[evse] else { return }
        let running = context.evses[evse].transactionID
        guard running == cost.transactionID || running == nil else { return }
        let offsetS = offset(context)
        costs[evse]?.advance(to: context.now, evse: context.evses[evse], offsetS: offsetS)
    }

    /// Conditions are looked at again after Interval[Tariff], while a transaction with a tariff runs.
    private mutating func schedule(_ context: ControllerContext) {
        let isRunning = context.evses.indices.contains { evse in
            costs[evse].map { $0.transactionID == context.evses[evse].transactionID } ?? false
        }
        let interval = context.deviceModel.int("TariffCostCtrlr", "Interval", instance: "Tariff")
        due = isRunning ? context.now.after(seconds: max(interval, 1)) : .distantFuture
    }

    // MARK: Helpers

    func isEnabled(_ context: ControllerContext) -> Bool {
        context.deviceModel.features.contains(.tariffs)
            && context.deviceModel.bool("TariffCostCtrlr", "Enabled", instance: "Tariff")
    }
    private func offset(_ context: ControllerContext) -> Int {
        TariffRules.seconds(ofOffset: context.deviceModel.text("ClockCtrlr", "TimeOffset"))
    }
    /// EVSEs from 1 that a request means: 0 for all; `nil` when there is none such.
    private func evses(_ id: Int, _ context: ControllerContext) -> [Int]? {
        id == 0 ? context.evses.indices.map { $0 + 1 } : context.evse(id: id).map { [$0 + 1] }
    }
    enum Problem { case tooManyElements, conditionNotSupported }
    func problem(with tariff: V2.Tariff, _ context: ControllerContext) -> Problem? {
        if TariffRules.elements(tariff) > context.deviceModel.int("TariffCostCtrlr", "MaxElements", instance: "Tariff")
        {
            return .tooManyElements
        }
        let isSupported = context.deviceModel.bool("TariffCostCtrlr", "ConditionsSupported", instance: "Tariff")
        return TariffRules.hasConditions(tariff) && !isSupported ? .conditionNotSupported : nil
    }
}
