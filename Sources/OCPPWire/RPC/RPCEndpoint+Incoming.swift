internal import OCPP

extension RPCEndpoint {
    /// WebSocket close codes (RFC 6455 section 7.4.1).
    private static let policyViolation: UInt16 = 1008
    private static let messageTooBig: UInt16 = 1009
    /// Stands for an id that could not be read (OCPP 2.0.1 part 4, section 4.2.3).
    private static let unreadableID = "-1"

    mutating func received(_ bytes: [UInt8], now: Timestamp, outputs: inout [Output]) {
        guard !isClosing else { return }
        guard bytes.count <= limits.frameBytesMax else {
            outputs.append(.malformed(.tooLong))
            close(Self.messageTooBig, "message too long", outputs: &outputs)
            return
        }
        let isWithinRate = rate.take(now: now.microseconds)
        if !isWithinRate {
            outputs.append(.malformed(.tooFrequent))
            guard excess.take(now: now.microseconds) else {
                close(Self.policyViolation, "too many messages", outputs: &outputs)
                return
            }
        }
        let envelope: Envelope
        do {
            envelope = try EnvelopeReader.read(bytes, version: version, depthMax: limits.depthMax)
        } catch {
            if isWithinRate || error.id == outstandingID {
                answerMalformed(error, now: now, outputs: &outputs)
            }
            return
        }
        switch envelope.kind {
        case .call:
            let call = ReceivedCall(id: envelope.id, action: envelope.word, frame: bytes, payload: envelope.payload)
            if isWithinRate {
                take(call, now: now, outputs: &outputs)
            } else {
                refuse(call.id, .genericError, "too many messages", outputs: &outputs)
            }
        case .send:
            guard isWithinRate else { return }
            outputs.append(
                .send(
                    ReceivedCall(id: envelope.id, action: envelope.word, frame: bytes, payload: envelope.payload)))
        case .result:
            guard envelope.id == outstandingID else { return }  // late: nobody's
            end()
            outputs.append(.result(id: envelope.id, frame: bytes, payload: envelope.payload))
            sendNext(now: now, outputs: &outputs)
        case .error:
            guard envelope.id == outstandingID else { return }
            end()
            outputs.append(.callError(Self.error(envelope)))
            sendNext(now: now, outputs: &outputs)
        case .resultError:
            guard isWithinRate else { return }
            outputs.append(.resultError(Self.error(envelope)))
        }
    }

    private static func error(_ envelope: Envelope) -> ReceivedError {
        ReceivedError(
            id: envelope.id, code: RPCErrorCode(wireText: envelope.word) ?? .genericError, codeText: envelope.word,
            description: envelope.description)
    }

    private mutating func close(_ code: UInt16, _ reason: String, outputs: inout [Output]) {
        isClosing = true
        outputs.append(.close(code: code, reason: reason))
    }

    private func refuse(
        _ id: String, _ code: RPCErrorCode, _ description: String, outputs: inout [Output]
    ) {
        outputs.append(
            .transmit(FrameWriter.error(id: id, code: code, description: description, version: version)))
    }
}

// MARK: - Calls of the peer

extension RPCEndpoint {
    private mutating func take(_ call: ReceivedCall, now: Timestamp, outputs: inout [Output]) {
        let peer = PeerCall(call: call, fingerprint: AnswerMemory.fingerprint(of: call))
        if let answer = memory.answer(to: call.id, fingerprint: peer.fingerprint, now: now) {
            outputs.append(.transmit(answer))
        } else if isBeingAnswered(peer) {
            return  // its answer is on the way and will do for both
        } else if current == nil {
            current = peer
            outputs.append(.call(call))
        } else if waiting.count < limits.waitingCallsMax {
            waiting.append(peer)
        } else {
            outputs.append(.malformed(.tooManyUnanswered))
            refuse(call.id, .genericError, "too many unanswered calls", outputs: &outputs)
        }
    }

    private func isBeingAnswered(_ peer: PeerCall) -> Bool {
        if let current, current.fingerprint == peer.fingerprint, current.call.id == peer.call.id { return true }
        return waiting.contains { $0.fingerprint == peer.fingerprint && $0.call.id == peer.call.id }
    }

    mutating func finishCurrent(_ frame: [UInt8], isResult: Bool, now: Timestamp, outputs: inout [Output]) {
        guard let peer = current else { return }
        current = nil
        outputs.append(.transmit(frame))
        if isResult {
            memory.keep(
                frame, id: peer.call.id, action: peer.call.action, fingerprint: peer.fingerprint, now: now)
        }
        guard !waiting.isEmpty else { return }
        let next = waiting.removeFirst()
        current = next
        outputs.append(.call(next.call))
    }
}

// MARK: - What cannot be read

extension RPCEndpoint {
    private mutating func answerMalformed(_ error: EnvelopeError, now: Timestamp, outputs: inout [Output]) {
        outputs.append(.malformed(error.problem))
        if case .unknownMessageType = error.problem {
            guard version.isV2 else { return }
            refuse(
                error.id ?? Self.unreadableID, .messageTypeNotSupported, "message type not supported",
                outputs: &outputs)
            return
        }
        switch error.messageType.flatMap(Envelope.Kind.init(rawValue:)) {
        case .result?: endUnreadable(error, isAnswered: version == .v21, now: now, outputs: &outputs)
        case .error?: endUnreadable(error, isAnswered: false, now: now, outputs: &outputs)
        case .resultError?, .send?: break  // these are never answered
        case .call?, nil: refuseUnreadable(error, outputs: &outputs)
        }
    }

    /// A CALL, or nobody knows what.
    private func refuseUnreadable(_ error: EnvelopeError, outputs: inout [Output]) {
        guard version.isV2 || error.id != nil else { return }
        let isPayload = error.id != nil && error.problem.isInPayload
        refuse(
            error.id ?? Self.unreadableID, isPayload || !version.isV2 ? .formatViolation : .rpcFrameworkError,
            error.problem.words, outputs: &outputs)
    }

    /// An answer to an own CALL that cannot be read ends it all the same; of a CALLRESULT, 2.1 tells the peer.
    private mutating func endUnreadable(
        _ error: EnvelopeError, isAnswered: Bool, now: Timestamp, outputs: inout [Output]
    ) {
        guard let id = error.id, id == outstandingID else { return }
        end()
        if isAnswered {
            outputs.append(
                .transmit(
                    FrameWriter.resultError(id: id, code: .formatViolation, description: error.problem.words)))
        }
        outputs.append(
            .callError(
                ReceivedError(
                    id: id, code: .formatViolation, codeText: RPCErrorCode.formatViolation.wireText(for: version),
                    description: error.problem.words)))
        sendNext(now: now, outputs: &outputs)
    }
}

extension RPCEndpoint.Malformation {
    /// Whether the envelope was in order up to the payload.
    fileprivate var isInPayload: Bool {
        switch self {
        case .wrongType, .unbalanced, .tooDeep: true
        case .notAnArray, .unreadableMessageType, .unknownMessageType, .unreadableID, .wrongArity, .badString,
            .truncated, .trailingBytes, .tooLong, .tooFrequent, .tooManyUnanswered:
            false
        }
    }

    /// What the peer is told; nothing of what it sent.
    fileprivate var words: String {
        switch self {
        case .notAnArray: "expected a JSON array"
        case .unreadableMessageType: "expected a message type number"
        case .unknownMessageType: "message type not supported"
        case .unreadableID: "expected a message id of 1 to 36 characters"
        case .wrongArity: "wrong number of elements"
        case .wrongType: "an element has the wrong JSON type"
        case .badString: "a string is not valid JSON"
        case .unbalanced: "brackets do not match"
        case .tooDeep: "nested too deeply"
        case .truncated: "the message ends too early"
        case .trailingBytes: "more text behind the message"
        case .tooLong: "message too long"
        case .tooFrequent: "too many messages"
        case .tooManyUnanswered: "too many unanswered calls"
        }
    }
}
