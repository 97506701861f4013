public import OCPP

/// One end of an OCPP-J connection, in any version: a pure state machine between frames and calls.
///
/// - One own CALL is outstanding at a time; further ones wait in a bounded queue. A CALL ends in exactly one of
///   ``Output/result(id:frame:payload:)``, ``Output/callError(_:)``, ``Output/timedOut(id:)`` and
///   ``Output/refused(id:_:)``. An answer that comes later is dropped by its id.
/// - CALLs of the peer are handed over one by one, whatever the state of the own CALL; the owner answers each with
///   ``Input/result(id:payload:)`` or ``Input/error(id:code:description:details:)``. A peer that does not wait for its answers is
///   answered in its order, up to ``RPCLimits/waitingCallsMax``.
/// - A CALL repeated while it is being answered gets that one answer; one repeated later gets the same answer again
///   from a small memory, as long as id and content are the same. A retry under a new id cannot be told apart from a
///   new call here: the owner recognises it by content.
/// - What cannot be read is answered as the version says: 2.x with `RpcFrameworkError`, under the id `-1` when that
///   could not be read either; 1.6, which has no such id, only when the id could be read. Unknown message types are
///   ignored in 1.6 and answered with `MessageTypeNotSupported` in 2.x. Unreadable text is never sent back.
/// - Unreadable answers, and all that exceeds the limits, show as ``Output/malformed(_:)``.
///
/// The payload of a frame has only been checked for balanced brackets within the depth limit; reading it is the typed
/// decoder's task.
/// - Source: OCPP-J 1.6 section 4 and its errata sheet; OCPP 2.0.1 and 2.1 part 4, section 4.
public struct RPCEndpoint: Sendable, Codable {
    /// Which end this is.
    public enum Role: Hashable, Sendable, Codable {
        case chargingStation
        case csms
    }

    public enum Input: Sendable {
        /// A text frame from the peer.
        case frame([UInt8])
        /// An own CALL. The payload is a JSON object; empty means `{}`.
        case call(id: String, action: String, payload: [UInt8])
        /// The answer to the peer's CALL; ignored when no such CALL is being answered (any more).
        case result(id: String, payload: [UInt8])
        /// The peer's CALL is refused. `details` is a JSON object; empty means `{}`.
        case error(id: String, code: RPCErrorCode, description: String, details: [UInt8])
        /// The peer's answer to an own CALL could not be used (2.1).
        case resultError(id: String, code: RPCErrorCode, description: String, details: [UInt8])
        /// An own message without an answer (2.1).
        case send(id: String, action: String, payload: [UInt8])
        /// ``RPCEndpoint/nextDeadline`` has come.
        case timer
        /// The connection is gone. Own CALLs end as timed out; the endpoint may serve the next connection.
        case closed
    }

    public enum Output: Equatable, Sendable {
        case transmit([UInt8])
        /// To be answered.
        case call(ReceivedCall)
        /// Not to be answered (2.1).
        case send(ReceivedCall)
        /// The peer's answer to an own CALL; `payload` is where it lies in the frame.
        case result(id: String, frame: [UInt8], payload: Range<Int>)
        /// The peer refused an own CALL.
        case callError(ReceivedError)
        /// The peer could not use an own answer (2.1).
        case resultError(ReceivedError)
        /// No answer came in time, or the connection went.
        case timedOut(id: String)
        /// An own message was not sent.
        case refused(id: String, Refusal)
        /// For logs and security events.
        case malformed(Malformation)
        /// Close the connection with this WebSocket code, then hand in ``Input/closed``.
        case close(code: UInt16, reason: String)
    }

    /// A CALL or SEND of the peer.
    public struct ReceivedCall: Equatable, Sendable, Codable {
        /// 1 ... 36 characters.
        public var id: String
        public var action: String
        public var frame: [UInt8]
        /// Where the payload, an object, lies in ``frame``.
        public var payload: Range<Int>
    }

    /// A CALLERROR or CALLRESULTERROR of the peer.
    public struct ReceivedError: Equatable, Sendable {
        public var id: String
        /// ``OCPP/RPCErrorCode/genericError`` for a word that is no code.
        public var code: RPCErrorCode
        /// As the peer wrote it.
        public var codeText: String
        public var description: String
    }

    /// Why an own message was not sent.
    public enum Refusal: Hashable, Sendable {
        /// ``RPCLimits/queuedCallsMax`` or ``RPCLimits/queuedBytesMax`` is reached.
        case queueFull
        /// The id is empty or longer than 36 characters.
        case badID
        /// An own CALL with this id has not ended yet.
        case idInUse
        /// The version has no such message.
        case notInThisVersion
        /// The connection is being closed.
        case closing
    }

    /// What was wrong with a frame.
    public enum Malformation: Error, Hashable, Sendable {
        case notAnArray
        case unreadableMessageType
        case unknownMessageType(Int)
        /// The message id is missing, no string, empty or longer than 36 characters.
        case unreadableID
        case wrongArity
        /// Another JSON type than the place asks for.
        case wrongType
        /// A string with a control character, a wrong escape, invalid UTF-8 or without an end in sight.
        case badString
        case unbalanced
        case tooDeep
        case truncated
        case trailingBytes
        /// Longer than ``RPCLimits/frameBytesMax``.
        case tooLong
        /// Over ``RPCLimits/framesPerSecond``.
        case tooFrequent
        /// More CALLs without waiting for answers than ``RPCLimits/waitingCallsMax``.
        case tooManyUnanswered
    }

    struct OwnCall: Sendable, Codable {
        var id: String
        var frame: [UInt8]
    }
    struct PeerCall: Sendable, Codable {
        var call: ReceivedCall
        var fingerprint: UInt64
    }

    public let version: OCPPVersion
    public let role: Role
    public let limits: RPCLimits

    /// Id of the own CALL that waits for its answer.
    var outstandingID: String?
    var answerBy = Timestamp.distantFuture
    var queued: [OwnCall] = []
    var queuedBytes = 0
    /// The peer's CALL that the owner is answering.
    var current: PeerCall?
    var waiting: [PeerCall] = []
    var memory: AnswerMemory
    var rate: TokenBucket
    var excess: TokenBucket
    /// Whether ``Output/close(code:reason:)`` has gone out.
    var isClosing = false

    public init(version: OCPPVersion, role: Role, limits: RPCLimits = RPCLimits()) {
        self.version = version
        self.role = role
        self.limits = limits
        memory = AnswerMemory(limits: limits)
        rate = TokenBucket(perSecond: limits.framesPerSecond, burst: limits.frameBurst)
        excess = TokenBucket(perSecond: limits.framesPerSecond, burst: limits.excessFrames)
    }

    /// When ``Input/timer`` is due; ``OCPP/Timestamp/distantFuture`` for not at all.
    public var nextDeadline: Timestamp { answerBy }
    /// Whether an own CALL waits for its answer.
    public var hasOutstandingCall: Bool { outstandingID != nil }
    /// Own CALLs that wait to be sent.
    public var queuedCallCount: Int { queued.count }
    /// Whether a CALL of the peer is being answered.
    public var isAnswering: Bool { current != nil }

    /// Handles one input at `now`, which must not run backwards; what has to be done is appended to `outputs`.
    public mutating func handle(_ input: Input, now: Timestamp, outputs: inout [Output]) {
        switch input {
        case .frame(let bytes): received(bytes, now: now, outputs: &outputs)
        case .call(let id, let action, let payload):
            call(id: id, action: action, payload: payload, now: now, outputs: &outputs)
        case .result(let id, let payload):
            guard current?.call.id == id else { return }
            finishCurrent(FrameWriter.result(id: id, payload: payload), isResult: true, now: now, outputs: &outputs)
        case .error(let id, let code, let description, let details):
            guard current?.call.id == id else { return }
            let frame = FrameWriter.error(
                id: id, code: code, description: description, details: details, version: version)
            finishCurrent(frame, isResult: false, now: now, outputs: &outputs)
        case .resultError(let id, let code, let description, let details):
            guard canSend(id, in21: true, outputs: &outputs) else { return }
            outputs.append(
                .transmit(FrameWriter.resultError(id: id, code: code, description: description, details: details)))
        case .send(let id, let action, let payload):
            guard canSend(id, in21: true, outputs: &outputs) else { return }
            outputs.append(.transmit(FrameWriter.send(id: id, action: action, payload: payload)))
        case .timer:
            guard let id = outstandingID, now >= answerBy else { return }
            end()
            outputs.append(.timedOut(id: id))
            sendNext(now: now, outputs: &outputs)
        case .closed: closed(outputs: &outputs)
        }
    }
}

// MARK: - Own calls

extension RPCEndpoint {
    private mutating func call(
        id: String, action: String, payload: [UInt8], now: Timestamp, outputs: inout [Output]
    ) {
        guard canSend(id, in21: false, outputs: &outputs) else { return }
        guard id != outstandingID, !queued.contains(where: { $0.id == id }) else {
            outputs.append(.refused(id: id, .idInUse))
            return
        }
        let own = OwnCall(id: id, frame: FrameWriter.call(id: id, action: action, payload: payload))
        if outstandingID == nil {
            begin(own, now: now, outputs: &outputs)
        } else if queued.count < limits.queuedCallsMax, queuedBytes + own.frame.count <= limits.queuedBytesMax {
            queuedBytes += own.frame.count
            queued.append(own)
        } else {
            outputs.append(.refused(id: id, .queueFull))
        }
    }

    private func canSend(_ id: String, in21 isOnlyIn21: Bool, outputs: inout [Output]) -> Bool {
        let refusal: Refusal? =
            if isOnlyIn21, version != .v21 {
                .notInThisVersion
            } else if isClosing {
                .closing
            } else if id.isEmpty || id.count > EnvelopeReader.idCharactersMax {
                .badID
            } else {
                nil
            }
        if let refusal { outputs.append(.refused(id: id, refusal)) }
        return refusal == nil
    }

    private mutating func begin(_ own: OwnCall, now: Timestamp, outputs: inout [Output]) {
        outstandingID = own.id
        answerBy = now.adding(microseconds: max(1, limits.callTimeoutMicroseconds))
        outputs.append(.transmit(own.frame))
    }

    /// The outstanding CALL has ended.
    mutating func end() {
        outstandingID = nil
        answerBy = .distantFuture
    }

    mutating func sendNext(now: Timestamp, outputs: inout [Output]) {
        guard outstandingID == nil, !isClosing, !queued.isEmpty else { return }
        let own = queued.removeFirst()
        queuedBytes -= own.frame.count
        begin(own, now: now, outputs: &outputs)
    }

    private mutating func closed(outputs: inout [Output]) {
        if let id = outstandingID { outputs.append(.timedOut(id: id)) }
        for own in queued { outputs.append(.timedOut(id: own.id)) }
        self = RPCEndpoint(version: version, role: role, limits: limits)
    }
}
