/// Pending events in the order (time, sequence number).
public struct EventQueue<Event: BitwiseCopyable & Sendable>: Sendable {
    @usableFromInline struct Entry: BitwiseCopyable, Sendable {
        @usableFromInline var time: SimTime
        @usableFromInline var sequence: UInt64
        @usableFromInline var event: Event
        @inlinable init(time: SimTime, sequence: UInt64, event: Event) {
            self.time = time
            self.sequence = sequence
            self.event = event
        }
        @inlinable func before(_ o: Entry) -> Bool {
            time != o.time ? time < o.time : sequence < o.sequence
        }
    }
    @usableFromInline var heap: ContiguousArray<Entry> = []
    @usableFromInline var sequence: UInt64 = 0

    @inlinable public init() {}
    @inlinable public var count: Int { heap.count }
    @inlinable public var isEmpty: Bool { heap.isEmpty }
    /// Time of the next event, `nil` when none is pending.
    @inlinable public var nextTime: SimTime? { heap.first?.time }

    @inlinable public mutating func schedule(_ event: Event, at time: SimTime) {
        let entry = Entry(time: time, sequence: sequence, event: event)
        sequence += 1
        heap.append(entry)
        var i = heap.count - 1
        while i > 0 {
            let p = (i - 1) >> 2
            guard entry.before(heap[p]) else { break }
            heap[i] = heap[p]
            i = p
        }
        heap[i] = entry
    }

    @inlinable public mutating func pop() -> (time: SimTime, event: Event)? {
        guard let top = heap.first, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return (top.time, top.event) }
        var i = 0
        while true {
            let c = 4 * i + 1
            guard c < heap.count else { break }
            var m = c
            for k in c + 1..<max(c + 1, min(c + 4, heap.count)) where heap[k].before(heap[m]) { m = k }
            guard heap[m].before(last) else { break }
            heap[i] = heap[m]
            i = m
        }
        heap[i] = last
        return (top.time, top.event)
    }

    /// Takes the first event out if it comes before `end`.
    @inlinable public mutating func pop(before end: SimTime) -> (time: SimTime, event: Event)? {
        guard let next = nextTime, next < end else { return nil }
        return pop()
    }
}

extension EventQueue: Codable where Event: Codable {
    private enum CodingKeys: CodingKey {
        case sequence
        case times
        case sequences
        case events
    }

    public func encode(to encoder: any Encoder) throws {
        let entries = heap.sorted { $0.before($1) }
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(sequence, forKey: .sequence)
        try container.encode(entries.map(\.time), forKey: .times)
        try container.encode(entries.map(\.sequence), forKey: .sequences)
        try container.encode(entries.map(\.event), forKey: .events)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let times = try container.decode([SimTime].self, forKey: .times)
        let sequences = try container.decode([UInt64].self, forKey: .sequences)
        let events = try container.decode([Event].self, forKey: .events)
        self.init()
        sequence = try container.decode(UInt64.self, forKey: .sequence)
        for i in times.indices { heap.append(Entry(time: times[i], sequence: sequences[i], event: events[i])) }
    }
}
