internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

/// Fetches and uploads files over HTTP and HTTPS: firmware images and logs.
///
/// One request a connection, redirects followed up to ``redirectsMax``, bounded in size and time.
struct HTTPTransfer: Sendable {
    /// Largest file that is fetched, bytes.
    static let bytesMax = 256 * 1024 * 1024
    static let timeout = TimeAmount.seconds(60)
    static let redirectsMax = 3

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let eventLoop: any EventLoop

    /// The file at a URL.
    func get(_ url: String) -> EventLoopFuture<[UInt8]> { request(.GET, url, body: [], redirects: 0) }

    /// Stores a file at a URL.
    func put(_ url: String, body: [UInt8]) -> EventLoopFuture<Void> {
        request(.PUT, url, body: body, redirects: 0).map { _ in }
    }

    private func request(
        _ method: HTTPMethod, _ text: String, body: [UInt8], redirects: Int
    ) -> EventLoopFuture<[UInt8]> {
        guard let url = HTTPLocation(text) else {
            return eventLoop.makeFailedFuture(Failure(description: "\(text.prefix(200)): http:// and https:// only"))
        }
        let promise = eventLoop.makePromise(of: HTTPAnswer.self)
        let host = url.host
        let isSecure = url.isSecure
        let bootstrap = ClientBootstrap(group: eventLoop).connectTimeout(.seconds(10)).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                let pipeline = channel.pipeline.syncOperations
                if isSecure {
                    let context = try NIOSSLContext(configuration: .makeClientConfiguration())
                    let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
                    try pipeline.addHandler(
                        NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : host))
                }
                try pipeline.addHTTPClientHandlers()
                try pipeline.addHandler(HTTPAnswerHandler(promise: promise))
            }
        }
        bootstrap.connect(host: url.host, port: url.port).whenComplete { result in
            switch result {
            case .failure(let error): promise.fail(Failure(description: "\(url.authority): \(error)"))
            case .success(let channel):
                var head = HTTPRequestHead(version: .http1_1, method: method, uri: url.target)
                head.headers.add(name: "Host", value: url.authority)
                head.headers.add(name: "Connection", value: "close")
                head.headers.add(name: "User-Agent", value: "evtwin")
                if method == .PUT { head.headers.add(name: "Content-Length", value: "\(body.count)") }
                channel.write(HTTPClientRequestPart.head(head), promise: nil)
                if !body.isEmpty {
                    channel.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: body))), promise: nil)
                }
                channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
                channel.eventLoop.scheduleTask(in: Self.timeout) {
                    promise.fail(Failure(description: "\(url.authority): no answer in time"))
                    channel.close(promise: nil)
                }
            }
        }
        return promise.futureResult.flatMap { answer in
            if (300..<400).contains(answer.status), let location = answer.location, redirects < Self.redirectsMax {
                return request(method, location, body: body, redirects: redirects + 1)
            }
            guard (200..<300).contains(answer.status) else {
                return eventLoop.makeFailedFuture(
                    Failure(description: "\(url.authority): HTTP status \(answer.status)"))
            }
            return eventLoop.makeSucceededFuture(answer.body)
        }
    }
}

private struct HTTPAnswer: Sendable {
    var status: Int
    var location: String?
    var body: [UInt8]
}

/// Collects one answer.
private final class HTTPAnswerHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private let promise: EventLoopPromise<HTTPAnswer>
    private var answer = HTTPAnswer(status: 0, body: [])
    private var isOver = false

    init(promise: EventLoopPromise<HTTPAnswer>) { self.promise = promise }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            answer.status = Int(head.status.code)
            answer.location = head.headers.first(name: "Location")
        case .body(let part):
            guard answer.body.count + part.readableBytes <= HTTPTransfer.bytesMax else {
                return finish(.failure(HTTPTransfer.Failure(description: "the file is too large")), context)
            }
            answer.body.append(contentsOf: part.readableBytesView)
        case .end: finish(.success(answer), context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(.failure(HTTPTransfer.Failure(description: "the connection broke off")), context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { finish(.failure(error), context) }

    private func finish(_ result: Result<HTTPAnswer, any Error>, _ context: ChannelHandlerContext) {
        guard !isOver else { return }
        isOver = true
        promise.completeWith(result)
        context.close(promise: nil)
    }
}

/// An `http:` or `https:` URL, taken apart.
struct HTTPLocation: Sendable {
    var isSecure: Bool
    var host: String
    var port: Int
    /// Path and query.
    var target: String

    init?(_ text: String) {
        let lower = text.prefix(8).lowercased()
        let isSecure = lower == "https://"
        guard isSecure || lower.hasPrefix("http://") else { return nil }
        let rest = text.dropFirst(isSecure ? 8 : 7)
        guard rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let target = String(rest.dropFirst(authority.count))
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        guard !authority.isEmpty, !authority.contains("@"), parts.count <= 2, let host = parts.first, !host.isEmpty
        else { return nil }
        var port = isSecure ? 443 : 80
        if parts.count == 2 {
            guard let given = Int(parts[1]), (1...65535).contains(given) else { return nil }
            port = given
        }
        self.isSecure = isSecure
        self.host = String(host)
        self.port = port
        self.target = target.hasPrefix("/") ? target : "/" + target
    }

    var authority: String { "\(host):\(port)" }
}
