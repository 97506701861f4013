internal import OCPP
internal import OCPPMessages

/// The blocks' requests on their way to the CSMS: one at a time, those that must arrive kept until they have.
///
/// Bounded: of requests that need not arrive the oldest goes when there are more than ``entriesMax``; of those that must,
/// the oldest goes when nothing else is left.
/// - Source: OCPP 2.0.1 part 4, section 4.1.1; part 2, A04 (queued security events).
struct Outbox: Sendable, Codable {
    static let entriesMax = 256
    /// Transmissions answered with CALLERROR before a request that must arrive is given up.
    static let attemptsMax = 3
    /// Wait before another transmission, seconds, times the transmissions so far.
    static let retryIntervalS: Int64 = 60
    /// The wait does not grow beyond this many intervals.
    static let retryGrowthMax: Int64 = 10

    private var entries: ContiguousArray<OutboxEntry> = []
    /// Whether the first entry has been sent and awaits its answer.
    private(set) var isOutstanding = false
    private var transmissions: Int64 = 0
    private var refusals = 0
    private var resendAt = Timestamp.distantPast

    var count: Int { entries.count }
    var isEmpty: Bool { entries.isEmpty }
    /// Whether the request that awaits its answer was asked for by TriggerMessage.
    var isTriggered: Bool { isOutstanding && entries.first?.isTriggered == true }
    /// When the first entry may be sent again; `distantFuture` when nothing waits for that.
    var nextDeadline: Timestamp { isOutstanding || entries.isEmpty ? .distantFuture : resendAt }

    mutating func append(_ entry: OutboxEntry) {
        if entries.count >= Self.entriesMax {
            let first = isOutstanding ? 1 : 0
            let victim = entries.indices.dropFirst(first).first { !entries[$0].isPersistent } ?? first
            entries.remove(at: victim)
        }
        entries.append(entry)
    }

    /// The request to send now, which from then on awaits its answer.
    /// - Parameter registration: of the charging station; triggered requests may go while it is Pending.
    mutating func next(now: Timestamp, registration: Core.RegistrationStatus?) -> V2.Request? {
        guard !isOutstanding else { return nil }
        if registration == .pending, let triggered = entries.firstIndex(where: \.isTriggered) {
            entries.swapAt(0, triggered)
        } else if registration != .accepted {
            return nil
        }
        guard let entry = entries.first, now >= resendAt else { return nil }
        isOutstanding = true
        transmissions += 1
        return entry.request
    }

    /// The request awaiting its answer got this; returns it when that is the end of the matter.
    mutating func finish(_ outcome: CallOutcome, now: Timestamp) -> V2.Request? {
        guard isOutstanding, let entry = entries.first else { return nil }
        isOutstanding = false
        let isOver: Bool
        switch outcome {
        case .response, .notInThisVersion: isOver = true
        case .refused:
            refusals += 1
            isOver = !entry.isPersistent || refusals >= Self.attemptsMax
        case .unanswered: isOver = !entry.isPersistent
        }
        guard isOver else {
            resendAt = now.adding(seconds: Self.retryIntervalS * min(transmissions, Self.retryGrowthMax))
            return nil
        }
        entries.removeFirst()
        transmissions = 0
        refusals = 0
        resendAt = .distantPast
        return entry.request
    }

    /// The connection is there again: nothing has to wait.
    mutating func linkCameUp() { resendAt = .distantPast }

    /// The controller restarts: only what must arrive is left.
    mutating func restart() {
        entries.removeAll { !$0.isPersistent }
        isOutstanding = false
        transmissions = 0
        refusals = 0
        resendAt = .distantPast
    }
}

/// A request of a block on its way to the CSMS.
struct OutboxEntry: Equatable, Sendable {
    var request: V2.Request
    var isPersistent: Bool
    var isTriggered: Bool
}

extension OutboxEntry: Codable {
    private enum CodingKeys: String, CodingKey { case request, isPersistent, isTriggered }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        guard case .v2(let request) = try values.decode(AnyRequest.self, forKey: .request) else {
            throw DecodingError.dataCorruptedError(
                forKey: .request, in: values, debugDescription: "blocks speak OCPP 2.x")
        }
        self.request = request
        isPersistent = try values.decode(Bool.self, forKey: .isPersistent)
        isTriggered = try values.decode(Bool.self, forKey: .isTriggered)
    }

    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(AnyRequest.v2(request), forKey: .request)
        try values.encode(isPersistent, forKey: .isPersistent)
        try values.encode(isTriggered, forKey: .isTriggered)
    }
}
