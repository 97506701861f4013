internal import OCPP

/// What a charging station that is not accepted may send all the same: what the CSMS has asked it for.
/// - Source: OCPP 2.0.1 part 2, B02.FR.02 and FR.05; OCPP 1.6, 4.2.
struct PendingGate: Sendable, Codable {
    private struct Expected: Sendable, Codable {
        var action: String
        var requestID: Int?
        var until: Timestamp
        var messagesLeft: Int
    }

    /// Questions open at once; the oldest gives way.
    static let questionsMax = 16
    /// Seconds a message asked for is waited for; each part of a report gives as much again.
    static let patienceS: Int64 = 120
    /// Messages that one question may bring: a status for every connector, the parts of a report.
    static let messagesMax = 1024

    private var expected: ContiguousArray<Expected> = []

    /// A message was asked for.
    mutating func expect(_ action: String, requestID: Int?, now: Timestamp) {
        expected.removeAll { $0.action == action && $0.requestID == requestID || $0.until <= now }
        if expected.count == Self.questionsMax { expected.removeFirst() }
        expected.append(
            Expected(
                action: action, requestID: requestID, until: now.adding(seconds: Self.patienceS),
                messagesLeft: Self.messagesMax))
    }

    /// Takes a message that was asked for; `false` for any other.
    mutating func takes(_ action: String, requestID: Int?, now: Timestamp) -> Bool {
        guard
            let index = expected.firstIndex(where: {
                $0.action == action && ($0.requestID == nil || requestID == nil || $0.requestID == requestID)
                    && now < $0.until
            })
        else { return false }
        expected[index].messagesLeft -= 1
        expected[index].until = now.adding(seconds: Self.patienceS)
        if expected[index].messagesLeft == 0 { expected.remove(at: index) }
        return true
    }

    /// A report has come completely.
    mutating func ends(requestID: Int) { expected.removeAll { $0.requestID == requestID } }

    /// The charging station will not send it.
    mutating func withdraw(_ action: String, requestID: Int?) {
        expected.removeAll { $0.action == action && $0.requestID == requestID }
    }

    mutating func close() { expected.removeAll() }
}
