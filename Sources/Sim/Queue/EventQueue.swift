/// Pending events, earliest first; events of one instant come in the order in which they were scheduled.
///
/// The earliest events lie in a short sorted line. A queue of tens of events, as a site has, is nothing else. A longer
/// queue keeps the later events in buckets of a power of two of microseconds, sized by what is pending, which are
/// sorted only when their turn comes, so that the cost of an event stays flat up to millions.
///
/// There are no sequence numbers: every move keeps the order of arrival, so that equal times stay in line.
///
/// - Source: the ladder queue of Tang, Goh and Thng, "Ladder queue: an O(1) priority queue structure for large-scale
///   discrete event simulation", ACM TOMACS 15 (2005), with buckets as chains of blocks.
public struct EventQueue<Event: BitwiseCopyable & Sendable>: Sendable {
    @usableFromInline var near = EventLine<Event>()
    /// Times up to this one belong into `near`.
    @usableFromInline var nearLast: Int64 = .max
    @usableFromInline var ladder = EventLadder<Event>()

    @inlinable public init() {}

    /// How many events are pending.
    @inlinable public var count: Int { near.count + ladder.count }
    @inlinable public var isEmpty: Bool { near.isEmpty }
    /// Time of the next event, `nil` when none is pending.
    @inlinable public var nextTime: SimTime? {
        near.isEmpty ? nil : SimTime(microseconds: near.first.time)
    }

    /// Adds an event; it comes after those already scheduled for the same time.
    @inlinable
    public mutating func schedule(_ event: Event, at time: SimTime) {
        let entry = EventEntry(time: time.microseconds, event: event)
        guard time.microseconds <= nearLast else { return scheduleLater(entry) }
        let moved = near.insert(entry)
        if moved > EventLine<Event>.costlyMove { spread() }
    }

    /// Takes the next event out.
    @inlinable
    public mutating func pop() -> (time: SimTime, event: Event)? {
        guard !near.isEmpty else { return nil }
        let entry = near.removeFirst()
        if near.isEmpty && nearLast != .max { refill() }
        return (SimTime(microseconds: entry.time), entry.event)
    }

    /// Takes the next event out if it comes before `end`.
    @inlinable
    public mutating func pop(before end: SimTime) -> (time: SimTime, event: Event)? {
        guard !near.isEmpty, near.first.time < end.microseconds else { return nil }
        return pop()
    }

    @inlinable
    mutating func scheduleLater(_ entry: EventEntry<Event>) {
        ladder.insert(entry)
        if near.isEmpty { refill() }
    }

    /// Fetches the next bucket into the empty line.
    @inlinable @inline(never)
    mutating func refill() {
        nearLast = ladder.moveNext(into: &near)
    }

    /// Makes a line that has become long a part of the ladder.
    @inlinable @inline(never)
    mutating func spread() {
        guard near.first.time < near.last.time else { return }
        ladder.take(&near, last: nearLast)
        refill()
    }
}

/// An event and its time in microseconds.
@frozen
@usableFromInline
struct EventEntry<Event: BitwiseCopyable & Sendable>: BitwiseCopyable, Sendable {
    @usableFromInline var time: Int64
    @usableFromInline var event: Event

    @inlinable
    init(time: Int64, event: Event) {
        self.time = time
        self.event = event
    }
}
