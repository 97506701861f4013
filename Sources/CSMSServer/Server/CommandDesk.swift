internal import CSMS
internal import Synchronization

/// Commands of operators that wait for their charging stations.
final class CommandDesk: Sendable {
    private let content = Mutex(Content())

    private struct Content {
        var next: UInt64 = 1
        var waiting: [UInt64: CheckedContinuation<CommandOutcome, Never>] = [:]
    }

    /// Commands that may wait at once over all charging stations.
    static let waitingMax = 10_000

    /// Commands under way.
    var count: Int { content.withLock { $0.waiting.count } }

    /// Hands a ticket to `issue` and waits for the outcome under that ticket, which every issued command has.
    func outcome(_ issue: (UInt64) -> Void) async -> CommandOutcome {
        await withCheckedContinuation { continuation in
            let ticket: UInt64? = content.withLock {
                guard $0.waiting.count < Self.waitingMax else { return nil }
                let ticket = $0.next
                $0.next += 1
                $0.waiting[ticket] = continuation
                return ticket
            }
            if let ticket { issue(ticket) } else { continuation.resume(returning: .busy) }
        }
    }

    func finish(_ ticket: UInt64, _ outcome: CommandOutcome) {
        content.withLock { $0.waiting.removeValue(forKey: ticket) }?.resume(returning: outcome)
    }
}
