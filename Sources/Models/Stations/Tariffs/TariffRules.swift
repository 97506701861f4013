internal import OCPP
internal import OCPPMessages

/// Conditions and taxes of tariffs.
/// - Source: OCPP 2.1 part 2, TariffConditionsType, TariffConditionsFixedType and TaxRateType.
enum TariffRules {
    /// What conditions are held against.
    struct State {
        /// Local time: its UTC reading is what the clock on the wall says.
        var local: Timestamp
        var isDC: Bool
        var energyWh: Double
        var powerW: Double
        var currentA: Double
        var chargingS: Double
        var idleS: Double
    }

    /// All conditions must hold; no conditions always do. What is negative counts for power flowing back, where the
    /// least is what is closest to zero.
    static func hold(_ conditions: V2.TariffConditions?, _ state: State) -> Bool {
        guard let conditions else { return true }
        return isTime(
            state.local, from: conditions.startTimeOfDay, to: conditions.endTimeOfDay, days: conditions.dayOfWeek,
            firstDate: conditions.validFromDate, endDate: conditions.validToDate)
            && suits(conditions.evseKind, isDC: state.isDC)
            && isWithin(state.energyWh, conditions.minEnergy, conditions.maxEnergy)
            && isWithin(state.powerW, conditions.minPower, conditions.maxPower)
            && isWithin(state.currentA, conditions.minCurrent, conditions.maxCurrent)
            && isWithin(state.chargingS + state.idleS, conditions.minTime, conditions.maxTime)
            && isWithin(state.chargingS, conditions.minChargingTime, conditions.maxChargingTime)
            && isWithin(state.idleS, conditions.minIdleTime, conditions.maxIdleTime)
    }

    static func hold(
        _ conditions: V2.TariffConditionsFixed?, local: Timestamp, isDC: Bool, payment: [V2.AdditionalInfo]
    ) -> Bool {
        guard let conditions else { return true }
        func isPaid(_ wanted: String?, _ kind: String) -> Bool {
            wanted == nil || payment.contains { $0.type == kind && $0.additionalIdToken == wanted }
        }
        return isTime(
            local, from: conditions.startTimeOfDay, to: conditions.endTimeOfDay, days: conditions.dayOfWeek,
            firstDate: conditions.validFromDate, endDate: conditions.validToDate)
            && suits(conditions.evseKind, isDC: isDC) && isPaid(conditions.paymentBrand, "PaymentBrand")
            && isPaid(conditions.paymentRecognition, "PaymentRecognition")
    }

    /// `amount` with its taxes: those of one stack level add up, and apply to what the levels below came to.
    static func withTax(_ amount: Double, _ rates: [V2.TaxRate]?) -> Double {
        guard let rates, !rates.isEmpty else { return amount }
        var result = amount
        for level in Set(rates.map { $0.stack ?? 0 }).sorted() {
            let share = rates.reduce(0) { $0 + (($1.stack ?? 0) == level ? $1.tax : 0) }
            result *= 1 + share / 100
        }
        return result
    }

    /// Largest number of price elements in any field.
    static func elements(_ tariff: V2.Tariff) -> Int {
        [
            tariff.energy?.prices.count, tariff.chargingTime?.prices.count, tariff.idleTime?.prices.count,
            tariff.fixedFee?.prices.count, tariff.reservationTime?.prices.count, tariff.reservationFixed?.prices.count,
        ].compactMap { $0 }.max() ?? 0
    }
    static func hasConditions(_ tariff: V2.Tariff) -> Bool {
        [tariff.chargingTime, tariff.idleTime, tariff.reservationTime].contains { group in
            group?.prices.contains { $0.conditions != nil } ?? false
        }
            || (tariff.energy?.prices.contains { $0.conditions != nil } ?? false)
            || [tariff.fixedFee, tariff.reservationFixed].contains { group in
                group?.prices.contains { $0.conditions != nil } ?? false
            }
    }

    /// Seconds east of UTC that an RFC 3339 offset says.
    static func seconds(ofOffset text: String) -> Int {
        guard let there = Timestamp(text: "2000-01-01T00:00:00" + text),
            let here = Timestamp(text: "2000-01-01T00:00:00Z")
        else { return 0 }
        return Int(here.seconds(since: there))
    }

    private static func suits(_ kind: V2.EvseKindEnum?, isDC: Bool) -> Bool {
        switch kind {
        case nil: true
        case .ac: !isDC
        case .dc: isDC
        }
    }
    private static func isWithin(_ value: Double, _ least: Double?, _ most: Double?) -> Bool {
        // Negative bounds are for power that flows back: then both signs are turned.
        let sign: Double = (least ?? 0) < 0 || (most ?? 0) < 0 ? -1 : 1
        return (least.map { value * sign >= $0 * sign } ?? true) && (most.map { value * sign < $0 * sign } ?? true)
    }
    private static func isWithin(_ value: Double, _ least: Int?, _ most: Int?) -> Bool {
        isWithin(value, least.map { Double($0) }, most.map { Double($0) })
    }

    private static func isTime(
        _ local: Timestamp, from: String?, to end: String?, days: [V2.DayOfWeekEnum]?, firstDate: String?,
        endDate: String?
    ) -> Bool {
        let text = local.text  // 2025-01-06T17:03:09Z: dates and times compare as texts
        let date = String(text.prefix(10))
        let time = String(text.dropFirst(11).prefix(5))
        if let firstDate, date < firstDate { return false }
        if let endDate, date >= endDate { return false }
        if let days, !days.contains(weekday(local)) { return false }
        switch (from, end) {
        case (nil, nil): return true
        case (let from?, nil): return time >= from
        case (nil, let end?): return time < end
        case (let from?, let end?): return from <= end ? time >= from && time < end : time >= from || time < end
        }
    }

    private static func weekday(_ local: Timestamp) -> V2.DayOfWeekEnum {
        let day: Int64 = 86_400_000_000
        let days = local.microseconds / day - (local.microseconds % day < 0 ? 1 : 0)
        let names: [V2.DayOfWeekEnum] = [.thursday, .friday, .saturday, .sunday, .monday, .tuesday, .wednesday]
        return names[Int(((days % 7) + 7) % 7)]
    }
}
