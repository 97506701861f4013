public import OCPP
public import OCPPMessages

/// One end of a connection between a charging station and a CSMS: messages in, messages out, whatever carries them.
///
/// - A call of one's own ends in exactly one ``WireOutput/response(id:_:)`` or ``WireOutput/failed(id:_:)``.
/// - A call of the peer is answered with ``WireInput/response(id:_:)`` or ``WireInput/refusal(id:_:_:)``.
public protocol MessageWire: Sendable, Codable {
    /// What travels.
    associatedtype Frame: Sendable, Codable

    var version: OCPPVersion { get }
    /// Microseconds that the peer's clock is ahead of the one that instants are given in at this end.
    var clockOffset: Int64 { get set }
    /// When ``WireInput/timer`` is due; ``OCPP/Timestamp/distantFuture`` for not at all.
    var nextDeadline: Timestamp { get }
    /// Forgets all that went over the connection before: a new one is there, or none.
    mutating func renew()
    /// Handles one input at `now`, which must not run backwards; what has to be done is appended to `outputs`.
    mutating func handle(_ input: WireInput<Frame>, now: Timestamp, outputs: inout [WireOutput<Frame>])
}

/// What happens at one end of a connection.
public enum WireInput<Frame: Sendable>: Sendable {
    /// Of the peer.
    case frame(Frame)
    /// A call of one's own; `id` has 1 to 36 characters.
    case call(id: String, AnyRequest)
    /// A message of one's own that nobody answers (2.1).
    case send(id: String, AnyRequest)
    /// The answer to a call of the peer.
    case response(id: String, AnyResponse)
    /// A call of the peer is answered with CALLERROR.
    case refusal(id: String, RPCErrorCode, String)
    /// ``MessageWire/nextDeadline`` has come.
    case timer
    /// The connection is gone; the end may serve the next one.
    case closed
}

/// What one end of a connection wants done, or tells.
public enum WireOutput<Frame: Sendable>: Sendable {
    case transmit(Frame)
    /// A call of the peer, to be answered where `isAnswered`.
    case call(id: String, AnyRequest, isAnswered: Bool)
    case response(id: String, AnyResponse)
    case failed(id: String, WireFailure)
    /// A call of the peer could not be taken, and has been answered so.
    case rejected(action: String, SchemaViolation)
    /// The peer could not use an answer.
    case notUnderstood(String)
    /// A frame of the peer could not be read.
    case malformed(RPCEndpoint.Malformation)
    /// Close the connection with this WebSocket code, then hand in ``WireInput/closed``.
    case close(code: UInt16, reason: String)
}

/// Why a call has no answer.
public enum WireFailure: Equatable, Sendable {
    /// Answered with CALLERROR.
    case refused(RPCErrorCode, description: String)
    /// The answer was not as the schema says.
    case unusable(SchemaViolation)
    /// Not in time, or the connection is gone.
    case timedOut
    case notSent
}
