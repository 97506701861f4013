internal import OCPP

/// Transaction messages waiting for their receipt, oldest first: a ring that survives restarts of the controller.
struct TransactionQueue: Sendable, Codable {
    private(set) var count = 0
    /// Waiting messages that may be dropped for want of memory: Updated, but not the first in line, which may be under way.
    private var updatedCount = 0
    private var head = 0
    /// A power of two long, or empty.
    private var slots: ContiguousArray<V201.TransactionEventRequest> = []
    private let capacity: Int

    /// - Parameter capacity: most messages kept, at least 4; only starts and ends may go beyond it.
    init(capacity: Int) { self.capacity = max(4, capacity) }

    var isEmpty: Bool { count == 0 }
    /// The oldest message. There must be one.
    var first: V201.TransactionEventRequest {
        precondition(count > 0, "a message waits")
        return slots[head]
    }

    /// Whether another transaction may start, given those that still have to end: starts and ends are never dropped.
    func hasRoom(runningTransactions: Int) -> Bool { count - updatedCount + runningTransactions + 2 <= capacity }

    /// Inlined, so that an event is built in its place.
    @inline(__always)
    mutating func append(_ event: V201.TransactionEventRequest) {
        if count >= capacity || count == slots.count { makeRoom() }
        slots[(head + count) & (slots.count - 1)] = event
        count += 1
        if event.eventType == .updated { updatedCount += 1 }
    }

    mutating func removeFirst() {
        if slots[head].eventType == .updated { updatedCount -= 1 }
        head = (head + 1) & (slots.count - 1)
        count -= 1
    }

    /// Message at `index` from the oldest, 0 ..< ``count``.
    subscript(index: Int) -> V201.TransactionEventRequest {
        precondition(index < count, "index of a waiting message")
        return slots[(head + index) & (slots.count - 1)]
    }

    private mutating func makeRoom() {
        if count >= capacity, updatedCount > 0 { thin() }
        if count == slots.count { grow() }
    }

    /// Drops every other Updated, never the first message, never a start or an end (E04.FR.07, E04.FR.08).
    private mutating func thin() {
        let mask = slots.count - 1
        var kept = 1
        var drop = true
        for index in 1..<count {
            let event = slots[(head + index) & mask]
            if event.eventType == .updated {
                drop.toggle()
                if !drop {
                    updatedCount -= 1
                    continue
                }
            }
            slots[(head + kept) & mask] = event
            kept += 1
        }
        count = kept
    }

    private mutating func grow() {
        let empty = V201.TransactionEventRequest(
            eventType: .updated, timestamp: .distantPast, triggerReason: .trigger, seqNo: 0, offline: false,
            transactionInfo: V201.Transaction(transactionId: IdentifierText()))
        var larger: ContiguousArray<V201.TransactionEventRequest> = []
        larger.reserveCapacity(max(4, slots.count * 2))
        for index in 0..<count { larger.append(self[index]) }
        while larger.count < max(4, slots.count * 2) { larger.append(empty) }
        slots = larger
        head = 0
    }
}
