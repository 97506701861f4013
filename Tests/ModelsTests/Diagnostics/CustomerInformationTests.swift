import OCPP
import OCPPMessages
import Testing

@testable import Models

@Suite("Customer information")
struct CustomerInformationTests {
    private func parts(_ bench: inout StationBench) -> [V2.NotifyCustomerInformationRequest] {
        bench.sent().compactMap { request in
            if case .notifyCustomerInformation(let part) = request { part } else { nil }
        }
    }

    @Test("a customer's charges are reported in parts of 512 characters, and forgotten when told so")
    func reportAndClear() throws {
        var bench = StationBench()
        var block = CustomerInformation()
        for number in 0..<12 {
            bench.charge(0, transactionID: "transaction-\(number)")
            block.notice(.transactionStarted(evse: 0, transactionID: "transaction-\(number)"), context: &bench.context)
            bench.wait(60)
            bench.context.evses[0].registerWh += 500
            block.notice(
                .transactionEnded(evse: 0, transactionID: "transaction-\(number)", .local), context: &bench.context)
        }
        block = try StationBench.stored(block)
        let answer = block.customerInformation(
            V2.CustomerInformationRequest(
                requestId: 5, report: true, clear: true,
                idToken: V2.IdToken(idToken: "a1b2c3d4", type: "ISO14443")), context: &bench.context)
        #expect(answer.status == .accepted)
        let report = parts(&bench)
        #expect(report.count > 1)
        #expect(report.map(\.seqNo) == Array(report.indices))
        #expect(report.map { $0.tbc ?? false } == Array(repeating: true, count: report.count - 1) + [false])
        #expect(report.allSatisfy { (1...512).contains($0.data.unicodeScalars.count) && $0.requestId == 5 })
        let text = report.map(\.data).joined()
        #expect(text.contains("transaction-11 at EVSE 1"))
        #expect(text.contains("500 Wh"))
        #expect(block.records.isEmpty)
        #expect(bench.directed() == [.clearCache])
    }

    @Test("exactly one way to name the customer is valid, and something must be asked for")
    func validity() {
        var bench = StationBench()
        var block = CustomerInformation()
        func status(
            _ report: Bool, _ clear: Bool, _ token: V2.IdToken?, _ identifier: String?
        )
            -> V2.CustomerInformationStatusEnum
        {
            block.customerInformation(
                V2.CustomerInformationRequest(
                    requestId: .max, report: report, clear: clear, idToken: token, customerIdentifier: identifier),
                context: &bench.context
            ).status
        }
        #expect(status(true, false, nil, nil) == .invalid)
        #expect(status(true, false, StationBench.token, "somebody") == .invalid)
        #expect(status(false, false, StationBench.token, nil) == .rejected)
        #expect(parts(&bench).isEmpty)
        #expect(status(true, false, nil, "somebody") == .accepted)
        #expect(parts(&bench).map(\.data) == ["No data found."])
    }

    @Test("only so many charges are remembered")
    func bounds() {
        var bench = StationBench()
        var block = CustomerInformation()
        for number in 0..<500 {
            bench.charge(0, transactionID: "t\(number)")
            block.notice(.transactionStarted(evse: 0, transactionID: "t\(number)"), context: &bench.context)
            block.notice(.transactionStarted(evse: 99, transactionID: "x"), context: &bench.context)
        }
        #expect(block.records.count == CustomerInformation.recordsMax)
        #expect(block.records.last?.transactionID == "t499")
    }
}
