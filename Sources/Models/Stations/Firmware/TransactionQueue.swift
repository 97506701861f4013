internal import OCPP

/// Transaction messages waiting for their receipt, oldest first: a ring that survives restarts of the controller.
///
/// Messages lie in it as the frames that carry them, so that sending one is a single copy.
struct TransactionQueue: Sendable, Codable {
    private struct Slot: Sendable, BitwiseCopyable, Codable {
        var frame: StationCall
        /// A reading that nobody will miss: Updated without a token.
        var isDroppable: Bool
    }

    private(set) var count = 0
    private var droppableCount = 0
    private var head = 0
    /// A power of two long, or empty.
    private var slots: ContiguousArray<Slot> = []
    private var capacity: Int

    /// - Parameter capacity: most messages kept, at least 8.
    init(capacity: Int) { self.capacity = max(8, capacity) }

    var isEmpty: Bool { count == 0 }

    /// Another limit from now on; what is already there stays.
    mutating func resize(capacity: Int) { self.capacity = max(8, capacity) }

    /// Message at `index` from the oldest, 0 ..< ``count``.
    subscript(index: Int) -> Core.TransactionEventRequest {
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

    /// Whether another transaction may start: then whatever is never dropped, of it (start, token, end) and of those
    /// that run (token, end), will find room.
    func hasRoom(runningTransactions: Int) -> Bool {
        count - droppableBehindFirst + 2 * runningTransactions + 3 <= capacity
    }

    /// The first message may be under way and stays.
    private var droppableBehindFirst: Int { droppableCount - (count > 0 && slots[head].isDroppable ? 1 : 0) }

    /// Inlined, so that an event is built in its place.
    @inline(__always)
    mutating func append(_ event: Core.TransactionEventRequest) {
        let isDroppable = event.eventType == .updated && event.idToken == nil
        if count >= capacity || count == slots.count {
            makeRoom()
            if count >= capacity, isDroppable { return }
        }
        let index = (head + count) & (slots.count - 1)
        slots[index].isDroppable = isDroppable
        slots[index].frame.request = .transactionEvent(event)
        count += 1
        if isDroppable { droppableCount += 1 }
    }

    mutating func removeFirst() {
        precondition(count > 0, "a message waits")
        if slots[head].isDroppable { droppableCount -= 1 }
        head = (head + 1) & (slots.count - 1)
        count -= 1
    }

    private mutating func makeRoom() {
        if count >= capacity, droppableBehindFirst > 0 { thin() }
        if count == slots.count { grow() }
    }

    /// Drops every other reading, never a start, a token or an end (E04.FR.07, E04.FR.08).
    private mutating func thin() {
        let mask = slots.count - 1
        var kept = 1
        var drop = false
        for index in 1..<count {
            let slot = slots[(head + index) & mask]
            if slot.isDroppable {
                drop.toggle()
                if drop {
                    droppableCount -= 1
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
            frame: StationCall(messageID: IdentifierText(), request: .heartbeat(Core.HeartbeatRequest())),
            isDroppable: false)
        var larger: ContiguousArray<Slot> = []
        larger.reserveCapacity(max(4, slots.count * 2))
        for index in 0..<count { larger.append(slots[(head + index) & (slots.count - 1)]) }
        while larger.count < max(4, slots.count * 2) { larger.append(empty) }
        slots = larger
        head = 0
    }
}
