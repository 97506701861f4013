/// A close frame's status code.
/// - Source: RFC 6455, 7.4; the IANA registry for 1012 ... 1014.
public struct CloseCode: RawRepresentable, Hashable, Sendable, ExpressibleByIntegerLiteral {
    /// The number as it stands in the frame.
    public var rawValue: UInt16

    /// Any number; see ``isSendable``.
    public init(rawValue: UInt16) { self.rawValue = rawValue }
    /// Any number; see ``isSendable``.
    public init(integerLiteral value: UInt16) { rawValue = value }

    /// 1000: the purpose of the connection is fulfilled.
    public static let normal: CloseCode = 1000
    /// 1001: the server goes down or the client leaves.
    public static let goingAway: CloseCode = 1001
    /// 1002: the peer broke the protocol.
    public static let protocolError: CloseCode = 1002
    /// 1003: data of a kind that is not accepted, such as binary frames.
    public static let unsupportedData: CloseCode = 1003
    /// 1007: bytes that do not fit their kind, such as text that is no UTF-8.
    public static let invalidPayload: CloseCode = 1007
    /// 1008: a message that breaks the receiver's policy.
    public static let policyViolation: CloseCode = 1008
    /// 1009: a message too big to be taken.
    public static let messageTooBig: CloseCode = 1009
    /// 1011: the server cannot do what was asked.
    public static let internalError: CloseCode = 1011
    /// 1012: the server restarts.
    public static let serviceRestart: CloseCode = 1012
    /// 1013: the server is overloaded; try again later.
    public static let tryAgainLater: CloseCode = 1013

    /// Whether the code may stand in a close frame; 1005, 1006 and 1015 are for reports alone.
    public var isSendable: Bool {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}

/// How a connection ended.
public struct WebSocketClosure: Hashable, Sendable {
    /// Who ended it.
    public enum Cause: Hashable, Sendable {
        /// This side, by ``WebSocketConnection/close(code:reason:)``.
        case local
        /// The peer, by a close frame.
        case remote
        /// This side, since the peer broke the protocol or a limit; the code and reason are those that were sent.
        case violation
        /// The peer answered no ping in time: the connection was half open.
        case pingUnanswered
        /// The connection broke without a close frame. The text says what is known of it.
        case broken(String)
    }

    /// Who ended it.
    public var cause: Cause
    /// Code of the close frame that ended it; nil where none came or it held none.
    public var code: CloseCode?
    /// Reason in that frame, at most 123 bytes; "" where there is none.
    public var reason: String

    /// Makes a report.
    public init(cause: Cause, code: CloseCode? = nil, reason: String = "") {
        self.cause = cause
        self.code = code
        self.reason = reason
    }
}
