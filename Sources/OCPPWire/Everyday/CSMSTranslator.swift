public import OCPP
public import OCPPMessages

/// The CSMS's end of the everyday messages: a charging station's requests, in any version, as ``OCPP/StationRequest``s
/// for the core, and the core's answers back.
///
/// In 2.x nothing is remembered. In 1.6 the transaction ids are made here, greater than 0 and never used twice; a
/// StartTransaction that comes again, recognised by connector, token, instant and register, gets the same id; a
/// StopTransaction with an unknown id or −1 becomes an Ended of its own. Sequence numbers, which 1.6 lacks, are counted
/// here. Real charging stations send more than the core holds: the register is chosen among it, the rest passed over.
///
/// ```swift
/// guard var everyday = translator.everyday(request, now: now) else { … }   // another block's request
/// let responses = everyday.requests.map { core.handle(StationCall(messageID: id, request: $0), …).response }
/// switch translator.answer(everyday.receipt, responses) { … }
/// ```
///
/// - Source: OCPP 1.6 sections 4.2, 4.8, 4.10, 5.x and errata 3.18; OCPP 2.0.1 part 2, E and J.
public struct CSMSTranslator: Sendable, Codable {
    /// An everyday request for the core, and what its answer needs.
    public struct Everyday: Sendable {
        /// At least one, to be handled in order; where the request holds nothing for the core, a Heartbeat, since any
        /// message is a sign of life.
        public var requests: [StationRequest]
        public var receipt: Receipt
    }

    /// What is answered, with what the answer has to hold.
    public enum Receipt: Hashable, Sendable {
        case authorize
        case bootNotification
        case heartbeat
        case meterValues
        case statusNotification
        /// 2.x
        case transactionEvent
        /// 1.6, with the transaction id
        case startTransaction(Int)
        /// 1.6
        case stopTransaction(hasToken: Bool)
    }

    /// What goes back to the charging station.
    public enum Answer: Equatable, Sendable {
        case response(AnyResponse)
        case error(RPCErrorCode)
    }

    public let version: OCPPVersion
    var memory: V16CSMSMemory

    /// - Parameter firstTransactionID: the first id given to a 1.6 transaction, at least 1; a CSMS that wants ids unique
    ///   over many charging stations gives each a range of its own.
    public init(version: OCPPVersion, firstTransactionID: Int = 1) {
        self.version = version
        memory = V16CSMSMemory(nextNumber: max(1, firstTransactionID))
    }

    /// The id that the next new 1.6 transaction gets.
    public var nextTransactionID: Int { memory.nextNumber }

    /// What a request asks of the core; `nil` for a request that is no everyday one.
    /// - Parameter now: stands in where a 1.6 StatusNotification has no timestamp.
    public mutating func everyday(_ request: AnyRequest, now: Timestamp) -> Everyday? {
        switch request {
        case .v16(let request): everyday(request, now: now)
        case .v2(let request): V2Everyday.request(request).map { everyday($0, of: request) }
        }
    }

    private func everyday(_ core: StationRequest, of request: V2.Request) -> Everyday {
        let receipt: Receipt =
            switch request {
            case .authorize: .authorize
            case .bootNotification: .bootNotification
            case .meterValues: .meterValues
            case .statusNotification: .statusNotification
            case .transactionEvent: .transactionEvent
            default: .heartbeat
            }
        return Everyday(requests: [core], receipt: receipt)
    }

    /// The answer to a request, of the core's answers to ``Everyday/requests``.
    public func answer(_ receipt: Receipt, _ responses: [CSMSResponse]) -> Answer {
        guard let last = responses.last else { return .error(.internalError) }
        if version == .v16 { return answerV16(receipt, last) }
        if receipt == .meterValues, case .heartbeat = last {
            return .response(.v2(.meterValues(V2.MeterValuesResponse())))
        }
        if case .error(let code) = last { return .error(code) }
        guard let response = V2Everyday.response(last) else { return .error(.internalError) }
        return .response(.v2(response))
    }

    /// The core's id of the transaction that 1.6 calls `number`.
    public static func transactionID(of number: Int) -> IdentifierText {
        IdentifierText(folding: "v16-\(number)")
    }

    /// The number in an id made by ``transactionID(of:)``; `nil` for any other text.
    public static func number(of transactionID: IdentifierText) -> Int? {
        let text = transactionID.description
        return text.hasPrefix("v16-") ? Int(text.dropFirst(4)) : nil
    }
}
