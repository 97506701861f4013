public import OCPP
public import OCPPMessages

/// The charging station's end of the everyday messages: ``OCPP/StationCall``s out, ``OCPP/CSMSAnswer``s in, as one
/// version's messages.
///
/// In 2.x one call is one message. In 1.6 a call may need no message at all, one, or two in turn, and what 2.x says in
/// TransactionEvents about the state of charging goes out as ``takeNotifications()``; the transaction ids that a 1.6
/// CSMS makes are kept here. The value belongs to the charging station's flash: it survives restarts.
///
/// ```swift
/// var step = translator.begin(call)
/// while case .send(let request) = step { step = translator.received(…) }   // the answer to `request`, or failed(…)
/// ```
///
/// - What 1.6 cannot say is cut: tokens to 20 characters, registers to whole Wh in `meterStart` and `meterStop` (the
///   exact ones go along as `transactionData`), the reason of a boot, transaction events without a reading.
/// - A transaction without a token so far has no StartTransaction yet; it is sent, with the instant and the register of
///   the start, once the token is known. Without token and energy there is no transaction in 1.6's sense.
/// - A transaction whose StartTransaction was refused goes on under the id −1.
/// - Source: OCPP 1.6 sections 4.8, 4.10 and its errata 3.18; OCPP 2.0.1 part 2, E01 to E15.
public struct StationTranslator: Sendable, Codable {
    /// What is to be done about a call.
    public enum Step: Equatable, Sendable {
        /// Carry this; its answer goes into ``received(_:)``, ``failed(_:)`` or ``unusable(_:)``.
        case send(AnyRequest)
        /// Hand this to the firmware.
        case done(CSMSAnswer)
    }

    public let version: OCPPVersion
    /// What goes along with the next call, set before ``begin(_:)``.
    public var extras = EverydayExtras()
    /// What the last answer in 2.x said besides; see ``takeAnswerExtras()``.
    private var answerExtras: AnswerExtras?
    /// The call that is being translated.
    var call: StationCall?
    /// What the answer under way is about (1.6).
    var asked = V16Question.nothing
    /// What has been learnt about the token of the call (1.6).
    var tokenInfo: Core.IdTokenInfo?
    var memory: V16StationMemory

    /// - Parameter connectors: number of connectors of each EVSE, by which 1.6 numbers them through.
    public init(version: OCPPVersion, connectors: [Int]) {
        self.version = version
        memory = V16StationMemory(connectors: connectors)
    }

    /// Begins with a call; one begun before is forgotten.
    public mutating func begin(_ call: StationCall) -> Step {
        self.call = call
        answerExtras = nil
        guard version == .v16 else {
            let request = V2Everyday.request(call.request, version: version)
            return .send(.v2(extras.added(to: request, version: version)))
        }
        return beginV16(call)
    }

    /// Takes the CSMS's answer.
    public mutating func received(_ response: AnyResponse) -> Step {
        guard let call else { return .done(CSMSAnswer(messageID: IdentifierText(), response: .error(.protocolError))) }
        switch response {
        case .v16(let response): return receivedV16(response, call: call)
        case .v2(let response):
            answerExtras = AnswerExtras(response, version: version)
            return done(V2Everyday.response(response) ?? .error(.protocolError))
        }
    }

    /// The CSMS's answer was not as the schema says: the firmware is told of an error.
    public mutating func unusable(_ code: RPCErrorCode) -> Step {
        let messageID = call?.messageID ?? IdentifierText()
        call = nil
        return .done(CSMSAnswer(messageID: messageID, response: .error(code)))
    }

    /// The CSMS answered with CALLERROR.
    public mutating func failed(_ code: RPCErrorCode) -> Step {
        if version == .v16, asked == .start { memory.startRefused(call) }
        return done(.error(code))
    }

    /// What the answer that led to ``Step/done(_:)`` said besides; `nil` for nothing. It is told once.
    public mutating func takeAnswerExtras() -> AnswerExtras? {
        defer { answerExtras = nil }
        return answerExtras
    }

    /// Requests that the firmware does not wait for: the states that 1.6 has and the everyday messages have not. To be
    /// sent when they can be; their answers are of no interest.
    public mutating func takeNotifications() -> [AnyRequest] {
        defer { memory.notifications.removeAll() }
        return memory.notifications.map { .v16(.statusNotification($0)) }
    }

    /// The charging station's own id of the transaction that a 1.6 CSMS calls `number`; `nil` when it is not, or no
    /// longer, known.
    public func transactionID(of number: Int) -> IdentifierText? { memory.transactionID(of: number) }

    /// The id that a 1.6 CSMS gave to a transaction; `nil` when it did not.
    public func number(of transactionID: IdentifierText) -> Int? { memory.entry(of: transactionID)?.number }

    mutating func done(_ response: CSMSResponse) -> Step {
        let messageID = call?.messageID ?? IdentifierText()
        call = nil
        asked = .nothing
        return .done(CSMSAnswer(messageID: messageID, response: response))
    }
}
