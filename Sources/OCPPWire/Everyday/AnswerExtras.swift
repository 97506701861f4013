internal import OCPP
public import OCPPMessages

/// What an answer to an everyday message says beyond what the everyday machine takes from it. 1.6 says nothing more.
/// - Source: OCPP 2.0.1 part 2, use cases I01 to I06; OCPP 2.1, I08.
public struct AnswerExtras: Equatable, Sendable, Codable {
    /// Of the transaction so far, taxes included, by the CSMS's reckoning.
    public var totalCost: Double?
    /// For the driver, in one language or several; empty for nothing new.
    public var messages: [V2.MessageContent] = []
    /// The driver's, as RFC 5646 has it.
    public var language: String?
    /// The driver's own, in an answer to Authorize of 2.1.
    public var tariff: V2.Tariff?

    public init() {}

    /// `nil` for an answer that has no place for such things, or says none of them.
    init?(_ response: V2.Response, version: OCPPVersion) {
        switch response {
        case .authorize(let response):
            tell(response.idTokenInfo)
            if version == .v21 { tariff = response.tariff }
        case .transactionEvent(let response):
            totalCost = response.totalCost
            if let info = response.idTokenInfo { tell(info) }
            if let message = response.updatedPersonalMessage {
                messages = [message] + (response.updatedPersonalMessageExtra ?? [])
            }
            if self == AnswerExtras() { return nil }
        default: return nil
        }
    }

    private mutating func tell(_ info: V2.IdTokenInfo) {
        language = info.language1
        if let message = info.personalMessage { messages = [message] }
    }
}
