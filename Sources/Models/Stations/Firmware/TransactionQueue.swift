internal import OCPP

/// Transaction messages waiting for their receipt, oldest first: a ring that survives restarts of the controller.
///
/// Messages lie in it as the frames that carry them, so that sending one is a single copy.
struct TransactionQueue: Sendable, Codable {
    private struct Slot: Sendable, BitwiseCopyable, Codable {
        var frame: StationCall
        var kind: V201.TransactionEventKind
    }

    private(set) var count = 0
    /// Waiting messages that may be dropped for want of memory.
    private var updatedCount = 0
    private var head = 0
    /// A power of two long, or empty.
    private var slots: ContiguousArray<Slot> = []
    private let capacity: Int

    /// - Parameter capacity: most messages kept, at least 4; only starts and ends may go beyond it.
    init(capacity: Int) { self.capacity = max(4, capacity) }

    var isEmpty: Bool { count == 0 }

    /// Message at `index` from the oldest, 0 ..< ``count``.
    subscript(index: Int) -> V201.TransactionEventRequest {
        precondition(index < count, "index of a waiting message")
        guard case .transactionEvent(let event) = slots[(head + index) & (slots.count - 1)].frame.request else {
            preconditionFailure("only transaction events are appended")
        }
        return event
    }

    /// The oldest message as a frame with a message id of its own. There must be one.
    @inline(__always)
    mutating func firstFrame(messageID: IdentifierText) -> StationCall {
        precondition(count > 0, "a message waits")
        slots[head].frame.messageID = messageID
        return slots[head].frame
    }

    /// Whether another transaction may start, given those that still have to end: starts and ends are never dropped.
    func hasRoom(runningTransactions: Int) -> Bool { count - updatedCount + runningTransactions + 2 <= capacity }

    /// Inlined, so that an event is built in its place.
    @inline(__always)
    mutating func append(_ event: V201.TransactionEventRequest) {
        if count >= capacity || count == slots.count { makeRoom() }
        let index = (head + count) & (slots.count - 1)
        slots[index].kind = event.eventType
        slots[index].frame.request = .transactionEvent(event)
        count += 1
        if event.eventType == .updated { updatedCount += 1 }
    }

    mutating func removeFirst() {
        precondition(count > 0, "a message waits")
        if slots[head].kind == .updated { updatedCount -= 1 }
        head = (head + 1) & (slots.count - 1)
        count -= 1
    }

    private mutating func makeRoom() {
        if count >= capacity, updatedCount > 0 { thin() }
        if count == slots.count { grow() }
    }

    /// Drops every other Updated, never the first message, which may be under way, never a start or an end (E04.FR.07,
    /// E04.FR.08).
    private mutating func thin() {
        let mask = slots.count - 1
        var kept = 1
        var drop = false
        for index in 1..<count {
            let slot = slots[(head + index) & mask]
            if slot.kind == .updated {
                drop.toggle()
                if drop {
                    updatedCount -= 1
                    continue
                }
            }
            slots[(head + kept) & mask] = slot
            kept += 1
        }
        count = kept
    }

    private mutating func grow() {
        let empty = Slot(
            frame: StationCall(messageID: IdentifierText(), request: .heartbeat(V201.HeartbeatRequest())),
            kind: .updated)
        var larger: ContiguousArray<Slot> = []
        larger.reserveCapacity(max(4, slots.count * 2))
        for index in 0..<count { larger.append(slots[(head + index) & (slots.count - 1)]) }
        while larger.count < max(4, slots.count * 2) { larger.append(empty) }
        slots = larger
        head = 0
    }
}
