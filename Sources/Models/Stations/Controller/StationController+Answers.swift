internal import OCPP
internal import OCPPMessages
internal import OCPPWire

// What answers to everyday messages say beyond what the everyday machine takes from them.
extension StationController {
    /// Hands the rest of an answer to the blocks before the everyday machine has the answer, which a tariff that cannot
    /// be used may turn into a refusal (I08).
    mutating func take(_ extras: AnswerExtras, with answer: CSMSAnswer) -> CSMSAnswer {
        guard let call = firmware.outstanding, call.messageID == answer.messageID else { return answer }
        switch (call.purpose, answer.response) {
        case (.authorize(let evse), .authorize(let response)):
            // Another token may have been presented meanwhile.
            guard firmware.evses[evse].question == .asked, response.idTokenInfo.status == .accepted else {
                return answer
            }
            let idToken = firmware.evses[evse].presented.message
            blocks.driverDisplay.receive(extras, for: idToken, evse: evse, context: &context)
            guard !blocks.tariffs.authorized(idToken, with: extras.tariff, context: &context) else { return answer }
            let refusal = Core.AuthorizeResponse(idTokenInfo: Core.IdTokenInfo(status: .notAtThisTime))
            return CSMSAnswer(messageID: answer.messageID, response: .authorize(refusal))
        case (.transaction, .transactionEvent):
            guard !firmware.queue.isEmpty else { return answer }
            let transactionID = firmware.queue[0].transactionInfo.transactionId.description
            if let totalCost = extras.totalCost {
                blocks.tariffs.receive(totalCost: totalCost, transactionID: transactionID, context: &context)
            }
            blocks.driverDisplay.receive(extras, forTransaction: transactionID, context: &context)
        default: break
        }
        return answer
    }
}
