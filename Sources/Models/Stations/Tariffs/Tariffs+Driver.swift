internal import OCPP
internal import OCPPMessages

// Tariffs of drivers, and what their transactions' events tell of the cost. OCPP 2.1.
extension Tariffs {
    // MARK: I08

    /// The CSMS accepts a driver, with a tariff or without. Returns whether the driver may charge.
    mutating func authorized(
        _ idToken: V2.IdToken, with tariff: V2.Tariff?, context: inout ControllerContext
    ) -> Bool {
        guard context.version == .v21 else { return true }
        drivers.removeAll { $0.idToken == idToken }  // what was said before holds no more
        centralDrivers.removeAll { $0 == idToken }
        return tariff.map { receive($0, for: idToken, context: &context) } ?? true
    }

    /// An authorization came with a tariff. Returns whether the driver may charge under it, or without.
    mutating func receive(
        _ tariff: V2.Tariff, for idToken: V2.IdToken, context: inout ControllerContext
    ) -> Bool {
        let handling = context.deviceModel.text("TariffCostCtrlr", "HandleFailedTariff", instance: "Tariff")
        guard isEnabled(context), problem(with: tariff, context) == nil,
            tariff.currency == context.deviceModel.text("TariffCostCtrlr", "Currency")
        else {
            context.publish("true", component: "TariffCostCtrlr", variable: "Problem")
            if handling == "CentralCost" {
                centralDrivers.removeAll { $0 == idToken }
                if centralDrivers.count >= Self.tariffsMax { centralDrivers.removeFirst() }
                centralDrivers.append(idToken)
            }
            return handling != "Deauthorize"
        }
        context.publish("false", component: "TariffCostCtrlr", variable: "Problem")
        drivers.removeAll { $0.idToken == idToken }
        if drivers.count >= Self.tariffsMax { drivers.removeFirst() }
        drivers.append(DriverTariff(tariff: tariff, idToken: idToken))
        return true
    }

    // MARK: I12

    /// What goes along with an event that is about to be sent, perhaps again: the cost with the end of a transaction,
    /// and, where the running cost is wanted, every Interval[Cost] with one that tells of this very instant.
    mutating func costDetails(
        for event: Core.TransactionEventRequest, _ context: ControllerContext
    ) -> V2.CostDetails? {
        let id = event.transactionInfo.transactionId.description
        switch event.eventType {
        case .started: return nil
        case .ended: return costDetails(ofTransaction: id)
        case .updated:
            guard context.deviceModel.bool("TariffCostCtrlr", "Enabled", instance: "RunningCost"),
                let evse = costs.entries.first(where: { $0.value.transactionID == id })?.evse, let cost = costs[evse],
                cost.at.wholeMilliseconds == event.timestamp
            else { return nil }
            let interval = Double(context.deviceModel.int("TariffCostCtrlr", "Interval", instance: "Cost"))
            if let told = cost.toldAt, told != event.timestamp, event.timestamp.seconds(since: told) < interval {
                return nil
            }
            costs[evse]?.noteTold(at: event.timestamp)
            return cost.details
        }
    }
}
