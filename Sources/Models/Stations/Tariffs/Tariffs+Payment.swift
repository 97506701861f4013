internal import OCPP
internal import OCPPMessages

/// Payments at the charging station, by terminal or by web. OCPP 2.1.
/// - Source: OCPP 2.1 part 2, use cases C18 to C25 and I13.
extension Tariffs {
    /// Somebody is paying by web for this EVSE: it is shown as taken until the driver comes, or time is over.
    mutating func notifyWebPaymentStarted(
        _ request: V2.NotifyWebPaymentStartedRequest, context: inout ControllerContext
    ) -> V2.NotifyWebPaymentStartedResponse {
        if let evse = context.evse(id: request.evseId), request.timeout > 0,
            context.deviceModel.bool("WebPaymentsCtrlr", "Enabled", evse: evse + 1)
        {
            notePayment(evse: evse, until: context.now.after(seconds: request.timeout))
            context.act(.displayChanged)
        }
        return V2.NotifyWebPaymentStartedResponse()
    }

    /// Whether somebody is paying by web for an EVSE, from 0.
    func isBeingPaid(evse: Int, now: Timestamp) -> Bool { webPayments[evse].map { $0 > now } ?? false }

    /// The terminal has settled a payment, or could not: the CSMS is told, unless it settles payments itself.
    mutating func settle(_ settlement: Settlement, context: inout ControllerContext) {
        let model = context.deviceModel
        guard context.version == .v21, model.features.contains(.paymentTerminal),
            model.bool("PaymentCtrlr", "Enabled"), !model.bool("PaymentCtrlr", "SettlementByCSMS")
        else { return }
        if !model.bool("PaymentCtrlr", "ReceiptByCSMS"), let url = settlement.receiptURL {
            receiptURL = url
            context.act(.displayChanged)
        }
        let amount = settlement.transactionID.flatMap { totalCost(ofTransaction: $0) } ?? settlement.amount
        context.send(
            .notifySettlement(
                V2.NotifySettlementRequest(
                    pspRef: settlement.reference, status: settlement.status,
                    settlementAmount: ValueRules.sixPlaces(amount), settlementTime: context.now.wholeMilliseconds,
                    transactionId: settlement.transactionID, statusInfo: settlement.detail,
                    receiptId: settlement.receiptID, receiptUrl: settlement.receiptURL)), persistent: true)
    }

    /// A driver asks for a receipt on a company: the CSMS is asked whether there is one of this number.
    func validate(vatNumber: String, evse: Int?, context: inout ControllerContext) {
        guard context.version == .v21 else { return }
        context.send(
            .vatNumberValidation(V2.VatNumberValidationRequest(vatNumber: vatNumber, evseId: evse.map { $0 + 1 })))
    }

    mutating func answered(_ request: V2.Request, with outcome: CallOutcome, context: inout ControllerContext) {
        switch outcome {
        case .response(.notifySettlement(let response)):
            guard let url = response.receiptUrl, context.deviceModel.bool("PaymentCtrlr", "ReceiptByCSMS") else {
                return
            }
            receiptURL = url
        case .response(.vatNumberValidation(let response)):
            company = response.status == .accepted ? response.company : nil
        default: return
        }
        context.act(.displayChanged)
    }
}
