internal import OCPP
internal import OCPPMessages

/// What the charging station remembers of its customers, told or forgotten at the CSMS's request.
///
/// Names, addresses and certificates of customers are never stored, so that those identify nobody here.
/// - Source: OCPP 2.0.1 part 2, use cases N09 and N10.
struct CustomerInformation: ControllerBlock {
    /// Charges remembered, at most; the oldest go first.
    static let recordsMax = 64
    /// Characters in one message.
    static let partLength = 512

    /// A charge by a customer.
    struct Record: Sendable, Codable, Equatable {
        var idToken: V2.IdToken
        var transactionID: String
        var evse: Int
        var start: Timestamp
        var startWh: Double
        var end: Timestamp?
        var energyWh: Double = 0
    }

    private(set) var records: [Record] = []

    mutating func customerInformation(
        _ request: V2.CustomerInformationRequest, context: inout ControllerContext
    ) -> V2.CustomerInformationResponse {
        let identifiers = [
            request.idToken != nil, request.customerIdentifier != nil, request.customerCertificate != nil,
        ].count(where: { $0 })
        guard identifiers == 1 else {
            return V2.CustomerInformationResponse(
                status: .invalid,
                statusInfo: V2.StatusInfo(reasonCode: identifiers == 0 ? "MissingParam" : "InvalidValue"))
        }
        guard request.report || request.clear else {
            return V2.CustomerInformationResponse(
                status: .rejected, statusInfo: V2.StatusInfo(reasonCode: "UnsupportedRequest"))
        }
        let found = request.idToken.map { token in records.filter { Self.isSame($0.idToken, token) } } ?? []
        if request.report {
            send(found.isEmpty ? "No data found." : text(found), requestID: request.requestId, context: &context)
        } else {
            send("Cleared.", requestID: request.requestId, context: &context)
        }
        if request.clear, let token = request.idToken {
            records.removeAll { Self.isSame($0.idToken, token) && $0.end != nil }
            // The cache cannot forget a single token; forgetting all of them costs each other driver one question.
            context.act(.clearCache)
        }
        return V2.CustomerInformationResponse(status: .accepted)
    }

    mutating func notice(_ event: StationEvent, context: inout ControllerContext) {
        switch event {
        case .transactionStarted(let evse, let transactionID): begin(evse, transactionID, context)
        case .authorization(let evse, true):
            // A charge can begin before its driver is known.
            guard context.evses.indices.contains(evse), let id = context.evses[evse].transactionID else { return }
            begin(evse, id, context)
        case .transactionEnded(let evse, let transactionID, _):
            guard let index = records.lastIndex(where: { $0.transactionID == transactionID }) else { return }
            records[index].end = context.now
            if context.evses.indices.contains(evse) {
                records[index].energyWh = max(context.evses[evse].registerWh - records[index].startWh, 0)
            }
        default: break
        }
    }

    private mutating func begin(_ evse: Int, _ transactionID: String, _ context: ControllerContext) {
        guard context.evses.indices.contains(evse), let token = context.evses[evse].idToken,
            !records.contains(where: { $0.transactionID == transactionID })
        else { return }
        if records.count >= Self.recordsMax { records.removeFirst() }
        records.append(
            Record(
                idToken: token, transactionID: transactionID, evse: evse + 1, start: context.now,
                startWh: context.evses[evse].registerWh))
    }

    /// Tokens are compared without regard to ASCII case.
    private static func isSame(_ a: V2.IdToken, _ b: V2.IdToken) -> Bool {
        a.type == b.type && VariableCatalogue.isSame(a.idToken, b.idToken)
    }

    private func text(_ records: [Record]) -> String {
        records.map { record in
            let end = record.end.map { " ended \($0.wholeMilliseconds.text), \(ValueRules.text(record.energyWh)) Wh" }
            return "idToken \(record.idToken.idToken) (\(record.idToken.type)): transaction \(record.transactionID)"
                + " at EVSE \(record.evse) started \(record.start.wholeMilliseconds.text)" + (end ?? " running") + "\n"
        }.joined()
    }

    private func send(_ text: String, requestID: Int, context: inout ControllerContext) {
        let scalars = Array(text.unicodeScalars)
        let starts = Array(stride(from: 0, to: max(scalars.count, 1), by: Self.partLength))
        for (number, start) in starts.enumerated() {
            var part = String.UnicodeScalarView()
            part.append(contentsOf: scalars[start..<min(start + Self.partLength, scalars.count)])
            context.send(
                .notifyCustomerInformation(
                    V2.NotifyCustomerInformationRequest(
                        data: String(part), seqNo: number, generatedAt: context.now.wholeMilliseconds,
                        requestId: requestID, tbc: number < starts.count - 1)))
        }
    }
}
