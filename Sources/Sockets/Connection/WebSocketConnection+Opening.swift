internal import NIOCore
internal import NIOSSL

/// What a server's connection needs until it is open; gone afterwards.
final class ServerOpening {
    let delegate: any WebSocketServerDelegate
    let isSecure: Bool
    /// What has come of the request, then what came too early behind it.
    var received: [UInt8] = []
    /// A request in order, about which the delegate has not decided yet.
    var request: ServerHandshake.Accepted?
    private var isReported = false

    init(delegate: any WebSocketServerDelegate, isSecure: Bool) {
        self.delegate = delegate
        self.isSecure = isSecure
    }

    /// Tells the delegate why nothing came of the connection, once.
    func report(_ failure: HandshakeFailure, from address: SocketAddress?) {
        guard !isReported else { return }
        isReported = true
        delegate.handshakeFailed(failure, from: address)
    }
}

/// What a client's connection needs until it is open; gone afterwards.
final class ClientOpening {
    let request: WebSocketClientRequest
    let handshake: ClientHandshake
    let events: any WebSocketEvents
    var received: [UInt8] = []
    private var completion: (@Sendable (Result<WebSocketConnection, ConnectFailure>) -> Void)?

    init(
        request: WebSocketClientRequest, handshake: ClientHandshake, events: any WebSocketEvents,
        completion: @escaping @Sendable (Result<WebSocketConnection, ConnectFailure>) -> Void
    ) {
        self.request = request
        self.handshake = handshake
        self.events = events
        self.completion = completion
    }

    /// Says how it went, once.
    func complete(_ result: Result<WebSocketConnection, ConnectFailure>) {
        let completion = self.completion
        self.completion = nil
        completion?(result)
    }

    /// Says why it failed, unless that has been said.
    func fail(_ failure: ConnectFailure) { complete(.failure(failure)) }
}

/// The opening handshake.
extension WebSocketConnection {
    /// Takes bytes until the empty line behind a head.
    private func head(_ buffer: inout ByteBuffer, _ received: inout [UInt8]) -> HeadProgress {
        var matched = 0
        func match(_ byte: UInt8) {
            let isNext = byte == (matched & 1 == 0 ? 0x0d : 0x0a)
            matched = isNext ? matched + 1 : byte == 0x0d ? 1 : 0
        }
        for byte in received.suffix(3) { match(byte) }
        let room = shared.settings.handshakeMax - received.count
        var length = 0
        for byte in buffer.readableBytesView {
            guard length < room else { return .tooLong }
            match(byte)
            length += 1
            if matched == 4 { break }
        }
        received += buffer.readBytes(length: length) ?? []
        return matched == 4 ? .whole : .incomplete
    }

    /// Whether a record of TLS begins here: its type, 20 to 23, and 3, the major version.
    private static func isTLS(_ bytes: [UInt8]) -> Bool {
        bytes.count >= 2 && (20...23).contains(bytes[0]) && bytes[1] == 3
    }

    private enum HeadProgress {
        case incomplete
        case whole
        case tooLong
    }

    // MARK: server

    func readRequest(_ buffer: inout ByteBuffer, _ opening: ServerOpening) {
        guard opening.request == nil else {
            // Frames before the answer: kept, within the limit, for when the connection is open.
            guard opening.received.count + buffer.readableBytes <= shared.settings.handshakeMax else {
                return refuse(opening, status: 400, fields: [])
            }
            opening.received += buffer.readBytes(length: buffer.readableBytes) ?? []
            return
        }
        switch head(&buffer, &opening.received) {
        case .incomplete:
            // A client that speaks TLS here would wait for an answer until its time is over.
            if Self.isTLS(opening.received) { refuse(opening, status: 400, fields: []) }
            return
        case .tooLong: return refuse(opening, status: 431, fields: [])
        case .whole: break
        }
        do throws(ServerHandshake.Refusal) {
            let request = try ServerHandshake.read(opening.received, deflate: shared.settings.deflate)
            opening.request = request
            opening.received = buffer.readBytes(length: buffer.readableBytes) ?? []
            carryOut(opening.delegate.decide(on: upgradeRequest(request, opening)))
        } catch {
            refuse(opening, status: error.status, fields: error.fields)
        }
    }

    private func upgradeRequest(_ request: ServerHandshake.Accepted, _ opening: ServerOpening) -> UpgradeRequest {
        var certificate: PeerCertificate?
        if opening.isSecure, let handler = try? context?.pipeline.syncOperations.handler(type: NIOSSLHandler.self) {
            certificate = handler.peerCertificate.map(PeerCertificate.init)
        }
        return UpgradeRequest(
            target: request.target, subprotocols: request.subprotocols, authorization: request.authorization,
            certificate: certificate, remoteAddress: context?.remoteAddress, isSecure: opening.isSecure,
            connection: self)
    }

    /// Does what was decided about a request; nothing if that has been done or the peer is gone.
    func carryOut(_ decision: UpgradeDecision) {
        guard case .serverOpening(let opening) = phase, let request = opening.request else { return }
        switch decision {
        case .deferred: break
        case .reject(let status, let headers):
            phase = .lingering
            respond(ServerHandshake.rejection(status: status, fields: headers))
        case .acceptThenClose(let code):
            open(request, subprotocol: nil)
            beginClose(code, "")
        case .accept(let subprotocol, let events):
            guard subprotocol.map({ request.subprotocols.contains($0) }) ?? true else {
                preconditionFailure("a server chooses among the subprotocols that were offered")
            }
            self.events = events
            open(request, subprotocol: subprotocol)
            events.opened(self)
            if !isInRead { flushLaterFromOpening() }
            guard !opening.received.isEmpty else { return }
            var early = ByteBuffer(bytes: opening.received)
            readFrames(&early)
        }
    }

    private func open(_ request: ServerHandshake.Accepted, subprotocol: String?) {
        deflate = request.deflate
        agreedSubprotocol = subprotocol
        phase = .open
        outbound = loop.takeBuffer()
        outbound.writeBytes(
            ServerHandshake.answer(key: request.key, subprotocol: subprotocol, deflate: request.deflate))
        startPings()
    }

    /// A decision that came later has no end of a read to leave with.
    private func flushLaterFromOpening() {
        guard !isFlushScheduled else { return }
        isFlushScheduled = true
        loop.flushSoon(self)
    }

    /// Answers what is no request for a WebSocket.
    private func refuse(_ opening: ServerOpening, status: Int, fields: [HTTPField]) {
        opening.report(.notWebSocket(status: status), from: context?.remoteAddress)
        phase = .lingering
        respond(ServerHandshake.rejection(status: status, fields: fields))
    }

    private func respond(_ bytes: [UInt8]) {
        guard let context else { return }
        var buffer = loop.takeBuffer()
        buffer.writeBytes(bytes)
        context.writeAndFlush(NIOAny(buffer), promise: nil)
        loop.recycle(buffer)
        closeTransport()
    }

    // MARK: client

    func readAnswer(_ buffer: inout ByteBuffer, _ opening: ClientOpening) {
        switch head(&buffer, &opening.received) {
        case .incomplete:
            guard Self.isTLS(opening.received) else { return }
            opening.fail(.badHandshake("the port speaks TLS"))
            phase = .over
            return closeTransport()
        case .tooLong:
            opening.fail(.badHandshake("the answer is longer than \(shared.settings.handshakeMax) bytes"))
            phase = .over
            return closeTransport()
        case .whole: break
        }
        do throws(ConnectFailure) {
            let opened = try opening.handshake.read(opening.received)
            agreedSubprotocol = opened.subprotocol
            deflate = opened.deflate
        } catch {
            opening.fail(error)
            phase = .over
            return closeTransport()
        }
        phase = .open
        events = opening.events
        startPings()
        opening.complete(.success(self))
        opening.events.opened(self)
        readFrames(&buffer)
    }
}
