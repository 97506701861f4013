import OCPP
import OCPPMessages
import Testing

@testable import Models

@Suite("Tariffs")
struct TariffTests {
    static func tariff(
        _ id: String, kwh: Double = 0.4, validFrom: Timestamp? = nil, currency: String = "EUR",
        conditions: V2.TariffConditions? = nil
    ) -> V2.Tariff {
        V2.Tariff(
            tariffId: id, currency: currency,
            energy: V2.TariffEnergy(prices: [V2.TariffEnergyPrice(priceKwh: kwh, conditions: conditions)]),
            validFrom: validFrom)
    }
    private func setDefault(
        _ tariff: V2.Tariff, evse: Int = 0, _ block: inout Tariffs, _ bench: inout StationBench
    )
        -> V2.TariffSetStatusEnum
    {
        block.setDefaultTariff(V2.SetDefaultTariffRequest(evseId: evse, tariff: tariff), context: &bench.context).status
    }

    @Test("default tariffs are checked, and one for later waits for its time")
    func defaults() {
        var bench = StationBench()
        var block = Tariffs()
        let later = StationBench.start.adding(seconds: 3600)
        #expect(setDefault(Self.tariff("A"), &block, &bench) == .accepted)
        #expect(setDefault(Self.tariff("A", kwh: 9), &block, &bench) == .duplicateTariffId)
        #expect(setDefault(Self.tariff("B", currency: "USD"), &block, &bench) == .rejected)
        #expect(setDefault(Self.tariff("C", validFrom: later), evse: 1, &block, &bench) == .accepted)
        for evse in [Int.min, -1, 3, Int.max] {
            #expect(setDefault(Self.tariff("D"), evse: evse, &block, &bench) == .rejected)
        }
        #expect(block.defaultTariff(evse: 1, now: StationBench.start)?.tariffId == "A")
        #expect(block.defaultTariff(evse: 1, now: later)?.tariffId == "C")
        #expect(block.defaultTariff(evse: 2, now: later)?.tariffId == "A")
        // A newer one replaces what applies now, not what is to come.
        #expect(setDefault(Self.tariff("E"), evse: 1, &block, &bench) == .accepted)
        #expect(block.defaultTariff(evse: 1, now: StationBench.start)?.tariffId == "E")
        #expect(block.defaultTariff(evse: 1, now: later)?.tariffId == "C")
        var many = Self.tariff("F")
        many.energy?.prices = Array(repeating: V2.TariffEnergyPrice(priceKwh: 1), count: 11)
        #expect(setDefault(many, &block, &bench) == .tooManyElements)
        bench.context.deviceModel.preset("TariffCostCtrlr", "ConditionsSupported", instance: "Tariff", to: "false")
        let conditional = Self.tariff("G", conditions: V2.TariffConditions(minPower: 5))
        #expect(setDefault(conditional, &block, &bench) == .conditionNotSupported)
        #expect(
            bench.context.set("false", component: "TariffCostCtrlr", variable: "Enabled", instance: "Tariff")
                == .accepted)
        #expect(setDefault(Self.tariff("H"), &block, &bench) == .rejected)
    }

    @Test("assignments are told, and cleared by id, by EVSE or both")
    func getAndClear() throws {
        var bench = StationBench()
        var block = Tariffs()
        func get(_ evse: Int) -> V2.GetTariffsResponse {
            block.getTariffs(V2.GetTariffsRequest(evseId: evse), context: &bench.context)
        }
        func clear(_ ids: [String]?, _ evse: Int?) -> [V2.TariffClearStatusEnum] {
            block.clearTariffs(
                V2.ClearTariffsRequest(tariffIds: ids, evseId: evse), context: &bench.context
            ).clearTariffsResult.map(\.status)
        }
        #expect(get(0).status == .noTariff)
        #expect(get(.max).status == .rejected)
        #expect(setDefault(Self.tariff("A"), &block, &bench) == .accepted)
        #expect(setDefault(Self.tariff("B"), evse: 2, &block, &bench) == .accepted)
        #expect(get(0).tariffAssignments?.map(\.tariffId) == ["A", "B"])
        #expect(get(0).tariffAssignments?.map(\.evseIds) == [[1], [2]])
        #expect(block.receive(Self.tariff("own"), for: StationBench.token, context: &bench.context))
        bench.charge()
        #expect(get(1).tariffAssignments?.map(\.tariffKind) == [.defaultTariff, .driverTariff])
        #expect(clear(["A", "X"], 2) == [.noTariff, .noTariff])
        #expect(clear(["A", "X"], nil) == [.accepted, .noTariff])
        #expect(clear(nil, .min) == [.noTariff])
        #expect(clear(nil, nil) == [.accepted])
        #expect(try StationBench.stored(block).defaults.isEmpty)
    }

    @Test("cost follows energy, charging and idle time, with fees and stacked taxes, in one period without conditions")
    func cost() throws {
        var bench = StationBench(evses: 1)
        var block = Tariffs()
        var tariff = Self.tariff("T", kwh: 0.5)
        let vat = [V2.TaxRate(type: "vat", tax: 10), V2.TaxRate(type: "city", tax: 10, stack: 1)]
        tariff.energy?.taxRates = vat
        tariff.chargingTime = V2.TariffTime(prices: [V2.TariffTimePrice(priceMinute: 0.1)])
        tariff.idleTime = V2.TariffTime(prices: [V2.TariffTimePrice(priceMinute: 1)])
        tariff.fixedFee = V2.TariffFixed(prices: [V2.TariffFixedPrice(priceFixed: 2)])
        #expect(setDefault(tariff, &block, &bench) == .accepted)
        bench.charge()
        block.notice(.transactionStarted(evse: 0, transactionID: "tx-1"), context: &bench.context)
        bench.wait(600)
        bench.context.evses[0].registerWh += 4000
        bench.context.evses[0].chargingState = .suspendedEV
        block.notice(.chargingStateChanged(evse: 0, .suspendedEV), context: &bench.context)
        block = try StationBench.stored(block)
        bench.wait(300)
        bench.context.evses[0].transactionID = nil
        block.notice(.transactionEnded(evse: 0, transactionID: "tx-1", .local), context: &bench.context)
        let details = try #require(block.costDetails(ofTransaction: "tx-1"))
        #expect(details.totalCost.energy == V2.Price(exclTax: 2, inclTax: 2.42))
        #expect(details.totalCost.chargingTime == V2.Price(exclTax: 1, inclTax: 1))
        #expect(details.totalCost.idleTime == V2.Price(exclTax: 5, inclTax: 5))
        #expect(details.totalCost.fixed == V2.Price(exclTax: 2, inclTax: 2))
        #expect(details.totalCost.total == V2.TotalPrice(exclTax: 10, inclTax: 10.42))
        #expect(details.totalUsage == V2.TotalUsage(energy: 4000, chargingTime: 600, idleTime: 300))
        #expect(block.totalCost(ofTransaction: "tx-1") == 10.42)
        // After its end the transaction costs no more.
        bench.wait(3600)
        block.notice(.sampled(evse: 0), context: &bench.context)
        #expect(block.totalCost(ofTransaction: "tx-1") == 10.42)
        #expect(block.nextDeadline == .distantFuture)
    }

    @Test("the first price whose conditions hold applies, and another one begins a period")
    func conditions() throws {
        var bench = StationBench(evses: 1)
        var block = Tariffs()
        var tariff = Self.tariff("T")
        tariff.energy = V2.TariffEnergy(prices: [
            V2.TariffEnergyPrice(priceKwh: 1, conditions: V2.TariffConditions(maxEnergy: 1000)),
            V2.TariffEnergyPrice(
                priceKwh: 2,
                conditions: V2.TariffConditions(startTimeOfDay: "22:00", endTimeOfDay: "06:00", dayOfWeek: [.monday])),
            V2.TariffEnergyPrice(priceKwh: 3),
        ])
        #expect(setDefault(tariff, &block, &bench) == .accepted)
        bench.charge()
        block.notice(.transactionStarted(evse: 0, transactionID: "tx-1"), context: &bench.context)
        #expect(block.nextDeadline == StationBench.start.adding(seconds: 60))
        for hours in [1, 14, 1] as [Int64] {  // to 09:00, 23:00 and midnight
            bench.wait(hours * 3600)
            bench.context.evses[0].registerWh += 1000
            block.timerDue(context: &bench.context)
        }
        let details = try #require(block.costDetails(ofTransaction: "tx-1"))
        #expect(details.totalCost.total.exclTax == 6.0)  // 1 + 3 + 2
        #expect(details.chargingPeriods?.count == 3)
    }

    @Test("the tariff's bounds hold for the total")
    func bounds() throws {
        for (least, most, expected, kind) in [
            (5.0, nil, 5.0, V2.TariffCostEnum.minCost), (nil, 1.0, 1.0, .maxCost), (nil, nil, 2.0, .normalCost),
        ] as [(Double?, Double?, Double, V2.TariffCostEnum)] {
            var bench = StationBench(evses: 1)
            var block = Tariffs()
            var tariff = Self.tariff("T", kwh: 2)
            tariff.minCost = least.map { V2.Price(exclTax: $0) }
            tariff.maxCost = most.map { V2.Price(exclTax: $0) }
            #expect(setDefault(tariff, &block, &bench) == .accepted)
            bench.charge()
            block.notice(.transactionStarted(evse: 0, transactionID: "tx-1"), context: &bench.context)
            bench.wait(60)
            bench.context.evses[0].registerWh += 1000
            block.notice(.sampled(evse: 0), context: &bench.context)
            let total = try #require(block.costDetails(ofTransaction: "tx-1")).totalCost
            #expect(total.total.exclTax == expected)
            #expect(total.typeOfCost == kind)
        }
    }

    @Test("a running transaction gets another tariff of the same currency, or keeps its own")
    func change() throws {
        var bench = StationBench(evses: 1)
        var block = Tariffs()
        #expect(setDefault(Self.tariff("T", kwh: 1), &block, &bench) == .accepted)
        bench.charge()
        block.notice(.transactionStarted(evse: 0, transactionID: "tx-1"), context: &bench.context)
        func change(_ tariff: V2.Tariff, _ id: String = "tx-1") -> V2.TariffChangeStatusEnum {
            block.changeTransactionTariff(
                V2.ChangeTransactionTariffRequest(tariff: tariff, transactionId: id), context: &bench.context
            ).status
        }
        #expect(change(Self.tariff("U"), "tx-9") == .txNotFound)
        #expect(change(Self.tariff("U", currency: "USD")) == .noCurrencyChange)
        bench.wait(60)
        bench.context.evses[0].registerWh += 1000
        #expect(change(Self.tariff("U", kwh: 5)) == .accepted)
        bench.wait(60)
        bench.context.evses[0].registerWh += 1000
        block.notice(.sampled(evse: 0), context: &bench.context)
        let details = try #require(block.costDetails(ofTransaction: "tx-1"))
        #expect(details.totalCost.total.exclTax == 6)
        #expect(details.chargingPeriods?.map(\.tariffId) == ["T", "U"])
    }

    @Test("the CSMS's total comes before the charging station's own, for transactions that run")
    func centralCost() {
        var bench = StationBench(evses: 1, version: .v201)
        var block = Tariffs()
        bench.charge()
        for (id, cost) in [("tx-1", 3.25), ("tx-9", 1), ("tx-1", 4)] {
            _ = block.costUpdated(V2.CostUpdatedRequest(totalCost: cost, transactionId: id), context: &bench.context)
        }
        #expect(block.totalCost(ofTransaction: "tx-1") == 4)
        #expect(block.totalCost(ofTransaction: "tx-9") == nil)
    }

    @Test("a driver's tariff that cannot be used is a problem, handled as configured")
    func driverTariff() {
        var bench = StationBench(evses: 1)
        var block = Tariffs()
        let wrong = Self.tariff("own", currency: "USD")
        #expect(block.receive(wrong, for: StationBench.token, context: &bench.context))
        #expect(bench.context.deviceModel.bool("TariffCostCtrlr", "Problem"))
        #expect(
            bench.context.set(
                "Deauthorize", component: "TariffCostCtrlr", variable: "HandleFailedTariff", instance: "Tariff")
                == .accepted)
        #expect(!block.receive(wrong, for: StationBench.token, context: &bench.context))
        #expect(block.receive(Self.tariff("own", kwh: 7), for: StationBench.token, context: &bench.context))
        #expect(!bench.context.deviceModel.bool("TariffCostCtrlr", "Problem"))
        // The next answer about the driver says what holds from then on.
        #expect(block.authorized(StationBench.token, with: nil, context: &bench.context))
        #expect(block.drivers.isEmpty)
        let own = Self.tariff("own", kwh: 7)
        #expect(block.authorized(StationBench.token, with: own, context: &bench.context))
        bench.charge()
        block.notice(.transactionStarted(evse: 0, transactionID: "tx-1"), context: &bench.context)
        bench.context.evses[0].registerWh += 1000
        block.notice(.sampled(evse: 0), context: &bench.context)
        #expect(block.totalCost(ofTransaction: "tx-1") == 7)
        block.notice(.transactionEnded(evse: 0, transactionID: "tx-1", .local), context: &bench.context)
        #expect(block.drivers.isEmpty)
    }

    @Test("a driver whose tariff cannot be used is charged by the default tariff, or by the CSMS alone, as configured")
    func failedTariff() {
        for (handling, isReckoned) in [("UseDefaultTariff", true), ("CentralCost", false)] {
            var bench = StationBench(evses: 1)
            var block = Tariffs()
            #expect(setDefault(Self.tariff("T"), &block, &bench) == .accepted)
            bench.context.deviceModel.preset(
                "TariffCostCtrlr", "HandleFailedTariff", instance: "Tariff", to: handling)
            let wrong = Self.tariff("own", currency: "USD")
            #expect(block.authorized(StationBench.token, with: wrong, context: &bench.context))
            bench.charge()
            block.notice(.transactionStarted(evse: 0, transactionID: "tx-1"), context: &bench.context)
            #expect((block.totalCost(ofTransaction: "tx-1") != nil) == isReckoned)
        }
    }

    @Test("hostile prices, taxes, clocks and registers trap nobody")
    func hostileFigures() throws {
        var bench = StationBench(evses: 1)
        var block = Tariffs()
        var tariff = Self.tariff("T", kwh: 1e308)
        tariff.energy?.taxRates = [
            V2.TaxRate(type: "x", tax: 1e308, stack: .max), V2.TaxRate(type: "y", tax: -1e308, stack: .min),
        ]
        tariff.idleTime = V2.TariffTime(prices: [
            V2.TariffTimePrice(
                priceMinute: -1e308,
                conditions: V2.TariffConditions(
                    startTimeOfDay: "", endTimeOfDay: "\u{1F980}", dayOfWeek: [], minTime: .min, maxTime: .max))
        ])
        #expect(setDefault(tariff, &block, &bench) == .accepted)
        bench.charge()
        block.notice(.transactionStarted(evse: 0, transactionID: "tx-1"), context: &bench.context)
        for microseconds in [Int64.max, .min, 0] {
            bench.context.now = Timestamp(microseconds: microseconds)
            bench.context.evses[0].registerWh = microseconds == 0 ? .infinity : 1e300
            block.notice(.sampled(evse: 0), context: &bench.context)
            block.timerDue(context: &bench.context)
        }
        let details = try #require(block.costDetails(ofTransaction: "tx-1"))
        #expect(details.totalCost.total.inclTax?.isFinite == true)
    }

    @Test("a payment by web holds the EVSE until the driver comes or time is over")
    func webPayment() {
        var bench = StationBench()
        var block = Tariffs()
        func pay(_ evse: Int, _ timeout: Int) {
            _ = block.notifyWebPaymentStarted(
                V2.NotifyWebPaymentStartedRequest(evseId: evse, timeout: timeout), context: &bench.context)
        }
        pay(1, 60)
        pay(2, .max)
        pay(9, 60)
        pay(.min, 60)
        #expect(block.isBeingPaid(evse: 0, now: bench.context.now))
        #expect(!block.isBeingPaid(evse: 7, now: bench.context.now))
        block.notice(.plugged(evse: 1), context: &bench.context)
        #expect(!block.isBeingPaid(evse: 1, now: bench.context.now))
        bench.wait(60)
        _ = bench.directed()
        block.timerDue(context: &bench.context)
        #expect(bench.directed() == [.displayChanged])
        #expect(block.nextDeadline == .distantFuture)
        pay(1, -5)
        #expect(!block.isBeingPaid(evse: 0, now: bench.context.now))
    }

    @Test("what the CSMS switches off or does itself is not done: settlements, receipts, payments by web")
    func paymentSettings() throws {
        var bench = StationBench(features: [.tariffs, .paymentTerminal, .webPayments])
        var block = Tariffs()
        let payment = Settlement(
            reference: "psp-1", transactionID: "tx-1", status: .settled, amount: 12, receiptURL: "https://own")
        for (variable, value) in [("SettlementByCSMS", "true"), ("Enabled", "false")] {
            #expect(bench.context.set(value, component: "PaymentCtrlr", variable: variable) == .accepted)
            block.notice(.paymentSettled(payment), context: &bench.context)
            #expect(bench.sent().isEmpty)
            let usual = value == "true" ? "false" : "true"
            #expect(bench.context.set(usual, component: "PaymentCtrlr", variable: variable) == .accepted)
        }
        #expect(bench.context.set("false", component: "PaymentCtrlr", variable: "ReceiptByCSMS") == .accepted)
        block.notice(.paymentSettled(payment), context: &bench.context)
        let request = try #require(bench.sent().first)
        block.answered(
            request, with: .response(.notifySettlement(V2.NotifySettlementResponse(receiptUrl: "https://other"))),
            context: &bench.context)
        #expect(block.receiptURL == "https://own")
        bench.context.deviceModel.preset("WebPaymentsCtrlr", "Enabled", evse: 1, to: "false")
        for evse in [1, 2] {
            _ = block.notifyWebPaymentStarted(
                V2.NotifyWebPaymentStartedRequest(evseId: evse, timeout: 60), context: &bench.context)
            #expect(block.isBeingPaid(evse: evse - 1, now: bench.context.now) == (evse == 2))
        }
    }

    @Test("a settlement must arrive, and brings the receipt")
    func settlement() throws {
        var bench = StationBench(features: [.tariffs, .paymentTerminal])
        var block = Tariffs()
        let payment = Settlement(reference: "psp-1", transactionID: "tx-1", status: .settled, amount: 12.3456789)
        block.notice(.paymentSettled(payment), context: &bench.context)
        #expect(bench.context.sends.map(\.isPersistent) == [true])
        let request = try #require(bench.sent().first)
        guard case .notifySettlement(let settlement) = request else {
            Issue.record("no settlement is sent")
            return
        }
        #expect(settlement.settlementAmount == 12.345679)
        block.answered(
            request, with: .response(.notifySettlement(V2.NotifySettlementResponse(receiptUrl: "https://receipt"))),
            context: &bench.context)
        #expect(block.receiptURL == "https://receipt")
        block.notice(.companyReceiptWanted(vatNumber: "NL1", evse: 0), context: &bench.context)
        let question = try #require(bench.sent().first)
        let address = V2.Address(name: "Company", address1: "Street 1", city: "Town", country: "NL")
        for (status, company) in [(V2.GenericStatusEnum.accepted, "Company"), (.rejected, nil)] as [(_, String?)] {
            block.answered(
                question,
                with: .response(
                    .vatNumberValidation(
                        V2.VatNumberValidationResponse(vatNumber: "NL1", status: status, company: address))),
                context: &bench.context)
            #expect(block.company?.name == company)
        }
    }
}
