internal import NIOCore

/// Frames in and out.
extension WebSocketConnection {
    // MARK: in

    /// Delivers every message that the bytes complete.
    func readFrames(_ buffer: inout ByteBuffer) {
        let limit = shared.settings.messageMax
        while let event = reader.next(&buffer, role: role, messageMax: limit, mayCompress: deflate != nil) {
            switch event {
            case .message(let isText, let isCompressed, let bytes): deliver(bytes, isText, isCompressed)
            case .ping(let bytes): writeControl(.pong, bytes)
            case .pong:
                if case .open = phase { events?.receivedPong(on: self) }
            case .close(let bytes): receiveClose(bytes)
            case .violation(let code, let reason): fail(code, "\(reason)")
            }
            switch phase {
            case .open, .closing: continue
            case .serverOpening, .clientOpening, .lingering, .over: return
            }
        }
    }

    private func deliver(_ bytes: [UInt8], _ isText: Bool, _ isCompressed: Bool) {
        guard case .open = phase, let events else { return }
        var message = bytes
        if isCompressed {
            guard let inflater = loop.inflater else { return fail(.internalError, "no memory to decompress") }
            do throws(Inflater.Failure) {
                message = try inflater.decompress(bytes, limit: shared.settings.messageMax)
            } catch {
                switch error {
                case .tooBig: return fail(.messageTooBig, "a message above the limit")
                case .corrupt: return fail(.invalidPayload, "compressed bytes that are broken")
                }
            }
        }
        guard isText else { return events.received(binary: message, on: self) }
        guard (try? UTF8Span(validating: message.span)) != nil else {
            return fail(.invalidPayload, "text that is no UTF-8")
        }
        events.received(text: message, on: self)
    }

    private func receiveClose(_ bytes: [UInt8]) {
        guard let (code, reason) = ClosePayload.read(bytes) else {
            return fail(.protocolError, "a close frame that is none")
        }
        switch phase {
        case .open:
            appendFrame(.close, payload: Array(bytes.prefix(2)))
            flushPending()
            finish(WebSocketClosure(cause: .remote, code: code, reason: reason))
        case .closing: finish(ownClosure ?? WebSocketClosure(cause: .local, code: code, reason: reason))
        case .serverOpening, .clientOpening, .lingering, .over: return
        }
        // The server ends the transport first, so that waiting connections (TIME_WAIT) are not the client's (7.1.1).
        if role == .server { closeTransport() } else { setDeadline(.end, after: shared.settings.closeTimeout) }
    }

    // MARK: out

    /// Sends a message; it leaves with the others of this turn.
    func write(_ kind: FrameKind, _ message: [UInt8]) {
        guard case .open = phase else { return }
        if let deflate, let settings = shared.settings.deflate, message.count >= settings.threshold,
            let deflater = loop.deflater(level: settings.level, windowBits: deflate.windowBits),
            let compressed = deflater.compress(message)
        {
            appendFrame(kind, isCompressed: true, payload: compressed)
        } else {
            appendFrame(kind, payload: message)
        }
        flushOrLimit()
    }

    /// Sends a ping or pong.
    func writeControl(_ kind: FrameKind, _ payload: [UInt8]) {
        guard case .open = phase else { return }
        appendFrame(kind, payload: payload)
        flushOrLimit()
    }

    private func appendFrame(_ kind: FrameKind, isCompressed: Bool = false, payload: [UInt8]) {
        if outbound.readableBytes == 0 { outbound = loop.takeBuffer() }
        let mask = role == .client ? loop.nextMask() : nil
        outbound.writeFrame(kind, isCompressed: isCompressed, mask: mask, payload: payload)
    }

    /// Sees to it that the frames leave, or ends the connection of a peer for whom too many wait.
    private func flushOrLimit() {
        if isWritable {
            if outbound.readableBytes >= SharedSettings.flushedMax { flushPending() } else { flushLater() }
        } else if outbound.readableBytes > shared.settings.outboundMax {
            outbound = ByteBuffer()  // whole frames that have not begun to leave
            fail(.policyViolation, "the peer does not read what it is sent")
        }
    }

    private func flushLater() {
        guard !isInRead, !isFlushScheduled else { return }
        isFlushScheduled = true
        loop.flushSoon(self)
    }

    /// Hands everything that waits to the transport, if it takes anything.
    func flushPending() {
        isFlushScheduled = false
        guard outbound.readableBytes > 0, isWritable, let context else { return }
        let buffer = outbound
        outbound = ByteBuffer()
        context.writeAndFlush(NIOAny(buffer), promise: nil)
        loop.recycle(buffer)
    }

    // MARK: the end

    /// Begins to close from this side.
    func beginClose(_ code: CloseCode, _ reason: String) {
        switch phase {
        case .open:
            ownClosure = WebSocketClosure(cause: .local, code: code, reason: reason)
            appendFrame(.close, payload: ClosePayload.bytes(code: code, reason: reason))
            phase = .closing
            flushPending()
            setDeadline(.end, after: shared.settings.closeTimeout)
        case .serverOpening: carryOut(.reject(status: 503))
        case .clientOpening: closeTransport()
        case .closing, .lingering, .over: break
        }
    }

    /// Ends the connection for what the peer did: says so, reports it, and throws away whatever else comes.
    func fail(_ code: CloseCode, _ reason: String) {
        switch phase {
        case .open: appendFrame(.close, payload: ClosePayload.bytes(code: code, reason: reason))
        case .closing: break
        case .serverOpening, .clientOpening, .lingering, .over: return
        }
        flushPending()
        finish(WebSocketClosure(cause: .violation, code: code, reason: reason))
        isReadWanted = true
        readIfOwed()
        // Cut at once, the peer would never see why: its unread bytes would make this an abortive end.
        setDeadline(.end, after: shared.settings.closeTimeout)
    }
}
