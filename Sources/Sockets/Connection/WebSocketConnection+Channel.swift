internal import NIOCore

/// What the transport tells.
extension WebSocketConnection {
    func attach(_ context: ChannelHandlerContext) {
        self.context = context
        slot = loop.add(self)
        setDeadline(.opening, after: shared.settings.handshakeTimeout)
    }

    func detach() {
        transportEnded()
        deadlinePurpose = .none
        deadlineTick = -1
        loop.remove(slot)
        context = nil
    }

    func transportActive() {
        guard case .clientOpening(let opening) = phase else { return }
        context?.writeAndFlush(NIOAny(ByteBuffer(bytes: opening.handshake.request(opening.request))), promise: nil)
    }

    func receive(_ buffer: inout ByteBuffer) {
        isInRead = true
        isHeardSincePing = true
        switch phase {
        case .serverOpening(let opening): readRequest(&buffer, opening)
        case .clientOpening(let opening): readAnswer(&buffer, opening)
        case .open, .closing: readFrames(&buffer)
        case .lingering, .over: break
        }
    }

    func receiveComplete() {
        isInRead = false
        flushPending()
    }

    /// Holds reads back while the peer or the receiver is behind; see ``readIfOwed()``.
    func readWanted(by context: ChannelHandlerContext) {
        if isWritable, isReadWanted { context.read() } else { isReadOwed = true }
    }

    /// Asks for the bytes that were held back.
    func readIfOwed() {
        guard isReadOwed, isWritable, isReadWanted else { return }
        isReadOwed = false
        context?.read()
    }

    func writabilityChanged(to isWritable: Bool) {
        self.isWritable = isWritable
        guard isWritable else { return }
        flushPending()
        readIfOwed()
    }

    func transportFailed(_ error: any Error) {
        if brokenBy == nil { brokenBy = UnreachableCause.words(for: error) }
        if let failure = TLSFailure(caught: error) {
            switch phase {
            case .serverOpening(let opening): opening.report(.tls(failure), from: context?.remoteAddress)
            case .clientOpening(let opening): opening.fail(.tls(failure))
            case .open, .closing, .lingering, .over: break
            }
        }
        // A peer who cuts TLS without saying so is reported before the transport's end, which follows by itself.
        if !TLSFailure.isUncleanShutdown(error) { closeTransport() }
    }

    /// Ends what has not been ended in an orderly way. The transport is gone.
    func transportEnded() {
        switch phase {
        case .serverOpening(let opening):
            opening.report(.disconnected, from: context?.remoteAddress)
            phase = .over
        case .clientOpening(let opening):
            opening.fail(.disconnected)
            phase = .over
        case .open:
            finish(WebSocketClosure(cause: .broken(brokenBy ?? "the peer cut the connection")))
        case .closing:
            finish(ownClosure ?? WebSocketClosure(cause: .local))
        case .lingering, .over: break
        }
        phase = .over
        outbound = ByteBuffer()
    }

    /// Reports the end, once.
    func finish(_ closure: WebSocketClosure) {
        switch phase {
        case .open, .closing:
            phase = .lingering
            reader = FrameReader()
            let events = self.events
            self.events = nil
            events?.closed(self, closure)
        case .serverOpening, .clientOpening, .lingering, .over: break
        }
    }

    /// Ends the transport. What has been flushed and fits into the operating system's buffer still leaves.
    func closeTransport() {
        deadlinePurpose = .none
        context?.close(promise: nil)
    }
}
