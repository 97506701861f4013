/// What one end of a connection takes from the other, and how long it waits.
///
/// Every list that a peer can make grow has its bound here, so that the memory of an ``RPCEndpoint`` is known.
public struct RPCLimits: Hashable, Sendable, Codable {
    /// Longest frame that is read, bytes; a longer one closes the connection with code 1009.
    public var frameBytesMax = 262_144
    /// Deepest nesting of objects and arrays in a payload, 1 ... 63.
    public var depthMax = 32
    /// Own CALLs that may wait behind the outstanding one.
    public var queuedCallsMax = 64
    /// Bytes that waiting own CALLs may take together.
    public var queuedBytesMax = 1_048_576
    /// CALLs of the peer that may wait while an earlier one is being answered. A peer that keeps to one outstanding
    /// CALL never makes one wait.
    public var waitingCallsMax = 8
    /// Answers kept, so that a repeated CALL is answered again instead of being handled twice.
    public var rememberedAnswersMax = 8
    /// Longest answer that is kept, bytes.
    public var rememberedAnswerBytesMax = 1024
    /// How long an answer is kept, microseconds.
    public var rememberedMicroseconds: Int64 = 600_000_000
    /// How long the answer to an own CALL may take, microseconds, at least 1.
    public var callTimeoutMicroseconds: Int64 = 30_000_000
    /// Frames of the peer that are handled per second in the long run, at least 1.
    public var framesPerSecond: Int64 = 50
    /// Frames that may come at once after silence, at least 1.
    public var frameBurst: Int64 = 200
    /// Frames over the rate that are answered with an error before the connection is closed with code 1008; they
    /// too are forgiven at ``framesPerSecond``.
    public var excessFrames: Int64 = 400

    public init() {}
}

/// Counts frames against a rate: whole frames in microseconds of refill, so that nothing is lost to rounding.
struct TokenBucket: Sendable, Codable {
    private let microsecondsPerToken: Int64
    private let capacity: Int64
    /// Microseconds' worth of tokens.
    private var level: Int64
    private var updated: Int64?

    init(perSecond: Int64, burst: Int64) {
        let rate = min(max(1, perSecond), 1_000_000)
        microsecondsPerToken = 1_000_000 / rate
        capacity = min(max(1, burst), 1_000_000_000) * microsecondsPerToken
        level = capacity
    }

    /// Takes one token; `false` when there is none. A clock that runs backwards gives nothing.
    mutating func take(now microseconds: Int64) -> Bool {
        if let updated {
            let (passed, overflow) = microseconds.subtractingReportingOverflow(updated)
            if overflow || passed > capacity { level = capacity } else { level = min(capacity, level + max(0, passed)) }
        }
        updated = microseconds
        guard level >= microsecondsPerToken else { return false }
        level -= microsecondsPerToken
        return true
    }
}
