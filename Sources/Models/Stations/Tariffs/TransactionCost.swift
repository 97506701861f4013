internal import OCPP
internal import OCPPMessages

/// The running cost of a transaction under a tariff.
///
/// Time is cut where something changes (charging or not, the tariff, a reading); each piece is priced by the first
/// price element whose conditions hold at its beginning.
/// - Source: OCPP 2.1 part 2, section I, "Tariffs and local cost calculation"; use cases I07 to I12.
struct TransactionCost: Sendable, Codable {
    /// Periods told apart in the details; what comes after belongs to the last.
    static let periodsMax = 64

    let transactionID: String
    private(set) var tariff: V2.Tariff
    /// Brand and recognition of the means of payment, for fixed fees.
    private let payment: [V2.AdditionalInfo]
    /// Of the driver, as far as known when the transaction began.
    let idToken: V2.IdToken?
    /// Instant of the last event that told the running cost.
    private(set) var toldAt: Timestamp?

    // Up to the last reading.
    private(set) var at: Timestamp
    private var registerWh: Double
    private var powerW: Double
    private var currentA: Double
    private var isCharging: Bool
    private(set) var energyWh = 0.0
    private(set) var chargingS = 0.0
    private(set) var idleS = 0.0

    // Money without tax, by what it is for, and with tax.
    private var energy = Money()
    private var charging = Money()
    private var idle = Money()
    private var fixed = Money()
    private var periods: [Period] = []
    private var element = Element()
    private var isOver = false

    struct Money: Sendable, Codable, Equatable {
        var exclTax = 0.0
        var inclTax = 0.0

        mutating func add(_ amount: Double, _ taxRates: [V2.TaxRate]?) {
            exclTax += amount
            inclTax += TariffRules.withTax(amount, taxRates)
        }
        var price: V2.Price? {
            self == Money()
                ? nil : V2.Price(exclTax: ValueRules.sixPlaces(exclTax), inclTax: ValueRules.sixPlaces(inclTax))
        }
    }
    /// Which prices apply: their places in the tariff.
    private struct Element: Sendable, Codable, Equatable {
        var energy: Int?
        var charging: Int?
        var idle: Int?
        var tariff = ""
    }
    private struct Period: Sendable, Codable {
        let start: Timestamp
        let tariff: String
        var energyWh = 0.0
        var chargingS = 0.0
        var idleS = 0.0
    }

    init(
        transactionID: String, tariff: V2.Tariff, evse: EVSEView, now: Timestamp, offsetS: Int
    ) {
        self.transactionID = transactionID
        self.tariff = tariff
        payment = evse.idToken?.additionalInfo ?? []
        idToken = evse.idToken
        at = now
        registerWh = evse.registerWh
        powerW = evse.powerW
        currentA = evse.currentA
        isCharging = evse.chargingState == .charging
        let local = now.after(seconds: offsetS)
        if let fee = tariff.fixedFee,
            let price = fee.prices.first(where: {
                TariffRules.hold($0.conditions, local: local, isDC: evse.isDC, payment: payment)
            })
        {
            fixed.add(price.priceFixed, fee.taxRates)
        }
    }

    /// Brings cost and usage to the present reading.
    mutating func advance(to now: Timestamp, evse: EVSEView, offsetS: Int) {
        guard !isOver else { return }
        let span = min(max(now.seconds(since: at), 0), VariableCatalogue.longest)
        let used = min(max(evse.registerWh - registerWh, 0), 1e9)
        let state = TariffRules.State(
            local: at.after(seconds: offsetS), isDC: evse.isDC, energyWh: energyWh, powerW: powerW, currentA: currentA,
            chargingS: chargingS, idleS: idleS)
        let now = max(now, at)
        price(used: used, span: span, state)
        energyWh += used
        if isCharging { chargingS += span } else { idleS += span }
        at = now
        registerWh = max(evse.registerWh, registerWh)
        powerW = evse.powerW
        currentA = evse.currentA
        isCharging = evse.chargingState == .charging
    }

    private mutating func price(used: Double, span: Double, _ state: TariffRules.State) {
        guard used > 0 || span > 0 else { return }
        var next = Element(tariff: tariff.tariffId)
        if let group = tariff.energy {
            next.energy = group.prices.firstIndex { TariffRules.hold($0.conditions, state) }
            if let index = next.energy { energy.add(group.prices[index].priceKwh * used / 1000, group.taxRates) }
        }
        if let group = tariff.chargingTime, isCharging {
            next.charging = group.prices.firstIndex { TariffRules.hold($0.conditions, state) }
            if let index = next.charging { charging.add(group.prices[index].priceMinute * span / 60, group.taxRates) }
        }
        if let group = tariff.idleTime, !isCharging {
            next.idle = group.prices.firstIndex { TariffRules.hold($0.conditions, state) }
            if let index = next.idle { idle.add(group.prices[index].priceMinute * span / 60, group.taxRates) }
        }
        if periods.isEmpty || (next != element && periods.count < Self.periodsMax) {
            periods.append(Period(start: at, tariff: tariff.tariffId))
        }
        element = next
        periods[periods.count - 1].energyWh += used
        if isCharging { periods[periods.count - 1].chargingS += span } else { periods[periods.count - 1].idleS += span }
    }

    /// Another tariff from now on; call ``advance(to:evse:offsetS:)`` before.
    mutating func change(to tariff: V2.Tariff) { self.tariff = tariff }

    /// The event of this instant tells the cost.
    mutating func noteTold(at instant: Timestamp) { toldAt = instant }

    /// The transaction has ended: nothing is added any more.
    mutating func finish() { isOver = true }

    /// Sum of all, within the tariff's least and greatest cost.
    var total: (money: Money, kind: V2.TariffCostEnum) {
        var sum = Money()
        for part in [energy, charging, idle, fixed] {
            sum.exclTax += part.exclTax
            sum.inclTax += part.inclTax
        }
        if let least = tariff.minCost, let bound = Self.bound(least), sum.exclTax < bound.exclTax {
            return (bound, .minCost)
        }
        if let most = tariff.maxCost, let bound = Self.bound(most), sum.exclTax > bound.exclTax {
            return (bound, .maxCost)
        }
        return (sum, .normalCost)
    }

    private static func bound(_ price: V2.Price) -> Money? {
        let rate = TariffRules.withTax(1, price.taxRates)
        if let net = price.exclTax {
            return Money(exclTax: net, inclTax: price.inclTax ?? net * rate)
        }
        return price.inclTax.map { Money(exclTax: rate > 0 ? $0 / rate : $0, inclTax: $0) }
    }

    /// For TransactionEvent.
    var details: V2.CostDetails {
        let total = total
        return V2.CostDetails(
            totalCost: V2.TotalCost(
                currency: tariff.currency, typeOfCost: total.kind,
                total: V2.TotalPrice(
                    exclTax: ValueRules.sixPlaces(total.money.exclTax),
                    inclTax: ValueRules.sixPlaces(total.money.inclTax)),
                fixed: fixed.price, energy: energy.price, chargingTime: charging.price, idleTime: idle.price),
            totalUsage: V2.TotalUsage(
                energy: ValueRules.sixPlaces(energyWh), chargingTime: Int(chargingS.rounded()),
                idleTime: Int(idleS.rounded())),
            chargingPeriods: periods.isEmpty
                ? nil
                : periods.map { period in
                    V2.ChargingPeriod(
                        startPeriod: period.start.wholeMilliseconds,
                        dimensions: [
                            V2.CostDimension(type: .energy, volume: ValueRules.sixPlaces(period.energyWh)),
                            V2.CostDimension(type: .chargingTime, volume: ValueRules.sixPlaces(period.chargingS)),
                            V2.CostDimension(type: .idleTIme, volume: ValueRules.sixPlaces(period.idleS)),
                        ], tariffId: period.tariff)
                })
    }
}

extension EVSEView {
    /// Sum over the phases, A.
    var currentA: Double { nominalVoltage > 0 ? powerW / nominalVoltage : 0 }
}
