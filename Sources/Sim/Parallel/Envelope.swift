/// A message on its way from one logical process to another.
@frozen
public struct Envelope<Message: BitwiseCopyable & Sendable>: BitwiseCopyable, Sendable {
    /// When the destination takes notice.
    public var deliverAt: SimTime
    /// Index of the sending process.
    public var source: UInt32
    /// Counts the sender's messages; with `deliverAt` and `source` it makes the order of delivery total.
    public var sequence: UInt32
    /// Index of the receiving process.
    public var destination: UInt32
    public var message: Message

    @inlinable
    public init(deliverAt: SimTime, source: UInt32, sequence: UInt32, destination: UInt32, message: Message) {
        self.deliverAt = deliverAt
        self.source = source
        self.sequence = sequence
        self.destination = destination
        self.message = message
    }

    @inlinable
    func comes(before other: Envelope) -> Bool {
        if deliverAt != other.deliverAt { return deliverAt < other.deliverAt }
        return source != other.source ? source < other.source : sequence < other.sequence
    }
}

extension Envelope: Codable where Message: Codable {}

/// A part of the world that owns all its state and meets the rest through messages alone.
public protocol LogicalProcess: Sendable {
    associatedtype Message: BitwiseCopyable & Sendable

    /// Time of the next event, ``SimTime/distantFuture`` when none is pending.
    var nextTime: SimTime { get }

    /// Handles every event before `end`, events that it schedules itself included.
    ///
    /// A message may not arrive earlier than the present plus the lookahead of the run.
    mutating func run(until end: SimTime, outbox: inout [Envelope<Message>])

    /// Takes a message in; `at` is never before the end of the last run.
    mutating func deliver(_ message: Message, at: SimTime)
}
