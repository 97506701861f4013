internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Synchronization

/// Asks other people's OCSP responders, those alone that the operator allows: a charging station names the URL, and
/// must not be able to send the server anywhere it likes. No redirects are followed.
final class ResponderClient: Sendable {
    private let allowed: [ResponderAddress]
    private let underWay = Atomic(0)

    /// From the start of the connection to the last byte.
    static let timeout = TimeAmount.seconds(4)
    /// Longest answer, bytes: what fits into GetCertificateStatus as base64.
    static let answerMax = 13_500
    /// Questions under way at once.
    static let underWayMax = 32

    /// Why there is no answer.
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    /// - Parameter hosts: `HOST` or `HOST:PORT` each.
    init(allowed hosts: [String]) { allowed = hosts.compactMap(ResponderAddress.init(allowed:)) }

    /// The first URL that may be asked.
    func address(among urls: [String]) -> ResponderAddress? {
        urls.lazy.compactMap(ResponderAddress.init(url:)).first { url in allowed.contains { $0.isAt(url) } }
    }

    /// Sends a request and waits for the response, both DER.
    ///
    /// - Throws: ``Problem``, or NIO's error.
    func ask(_ address: ResponderAddress, _ request: [UInt8]) async throws -> [UInt8] {
        guard underWay.add(1, ordering: .relaxed).newValue <= Self.underWayMax else {
            underWay.subtract(1, ordering: .relaxed)
            throw Problem(description: "too many responders are being asked")
        }
        defer { underWay.subtract(1, ordering: .relaxed) }
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let answer = loop.makePromise(of: [UInt8].self)
        let overdue = loop.scheduleTask(in: Self.timeout) {
            answer.fail(Problem(description: "the responder did not answer in time"))
        }
        defer { overdue.cancel() }
        let connecting = ClientBootstrap(group: loop).connectTimeout(Self.timeout)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHTTPClientHandlers()
                    try pipeline.addHandler(Exchange(address, request, answer))
                }
            }
            .connect(host: address.host, port: address.port)
        connecting.whenFailure { answer.fail($0) }
        // Whatever comes first ends the connection.
        answer.futureResult.whenComplete { _ in
            connecting.whenSuccess { $0.close(promise: nil) }
        }
        return try await answer.futureResult.get()
    }

    /// One request and its response.
    private final class Exchange: ChannelInboundHandler {
        typealias InboundIn = HTTPClientResponsePart
        typealias OutboundOut = HTTPClientRequestPart

        private let address: ResponderAddress
        private let request: [UInt8]
        private let answer: EventLoopPromise<[UInt8]>
        private var bytes: [UInt8] = []

        init(_ address: ResponderAddress, _ request: [UInt8], _ answer: EventLoopPromise<[UInt8]>) {
            self.address = address
            self.request = request
            self.answer = answer
        }

        func channelActive(context: ChannelHandlerContext) {
            let host = address.host.contains(":") ? "[\(address.host)]" : address.host
            let head = HTTPRequestHead(
                version: .http1_1, method: .POST, uri: address.target,
                headers: [
                    "Host": address.port == 80 ? host : "\(host):\(address.port)",
                    "Content-Type": "application/ocsp-request", "Content-Length": "\(request.count)",
                    "Accept": "application/ocsp-response", "Connection": "close",
                ])
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: request)))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                guard head.status == .ok else {
                    return fail(context, "the responder answered with HTTP status \(head.status.code)")
                }
            case .body(let part):
                guard bytes.count + part.readableBytes <= ResponderClient.answerMax else {
                    return fail(context, "the responder's answer is longer than \(ResponderClient.answerMax) bytes")
                }
                bytes += part.readableBytesView
            case .end: answer.succeed(bytes)
            }
        }

        func channelInactive(context: ChannelHandlerContext) {
            answer.fail(Problem(description: "the responder closed the connection"))
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            answer.fail(error)
            context.close(promise: nil)
        }

        private func fail(_ context: ChannelHandlerContext, _ reason: String) {
            answer.fail(Problem(description: reason))
            context.close(promise: nil)
        }
    }
}
