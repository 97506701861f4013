internal import NIOConcurrencyHelpers
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Offers firmware images on loopback over HTTP, as a charging station does that acts as local controller (L03).
///
/// The server begins with the first image and ends with the event loops.
final class FirmwareShelf: Sendable {
    /// Images offered at a time, over all stations.
    static let imagesMax = 64

    private struct State {
        /// By MD5 sum, with the stations that offer it.
        var images: [String: (bytes: [UInt8], owners: Set<String>)] = [:]
        var port: Int?
    }
    private let state = NIOLockedValueBox(State())

    /// Offers an image. Gives where it can be fetched, or fails when no port can be had or the shelf is full.
    func offer(
        _ bytes: [UInt8], md5: String, of identity: String, on eventLoop: any EventLoop
    ) -> EventLoopFuture<String> {
        let isFull = state.withLockedValue { state in
            guard state.images[md5] != nil || state.images.count < Self.imagesMax else { return true }
            state.images[md5, default: (bytes, [])].owners.insert(identity)
            return false
        }
        guard !isFull else { return eventLoop.makeFailedFuture(HTTPTransfer.Failure(description: "the shelf is full")) }
        return port(on: eventLoop).map { "http://127.0.0.1:\($0)/firmware/\(md5)" }
    }

    /// A station takes its image back; others may offer the same.
    func withdraw(md5: String, of identity: String) {
        state.withLockedValue { state in
            state.images[md5]?.owners.remove(identity)
            if state.images[md5]?.owners.isEmpty == true { state.images[md5] = nil }
        }
    }

    fileprivate func image(at path: String) -> [UInt8]? {
        guard path.hasPrefix("/firmware/") else { return nil }
        return state.withLockedValue { $0.images[String(path.dropFirst(10))]?.bytes }
    }

    private func port(on eventLoop: any EventLoop) -> EventLoopFuture<Int> {
        if let port = state.withLockedValue({ $0.port }) { return eventLoop.makeSucceededFuture(port) }
        let bootstrap = ServerBootstrap(group: eventLoop).serverChannelOption(.backlog, value: 16)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(FirmwareShelfHandler(shelf: self))
                }
            }
        return bootstrap.bind(host: "127.0.0.1", port: 0).flatMapThrowing { [state] channel in
            guard let port = channel.localAddress?.port else {
                throw HTTPTransfer.Failure(description: "no port on 127.0.0.1")
            }
            return state.withLockedValue { state in
                if state.port != nil { channel.close(promise: nil) }  // another station was faster
                state.port = state.port ?? port
                return state.port ?? port
            }
        }
    }
}

/// Answers one GET with an image.
private final class FirmwareShelfHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let shelf: FirmwareShelf
    private var head: HTTPRequestHead?

    init(shelf: FirmwareShelf) { self.shelf = shelf }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end:
            let bytes = head?.method == .GET ? head.flatMap { shelf.image(at: $0.uri) } : nil
            let body = bytes ?? Array("no such firmware\n".utf8)
            let headers: HTTPHeaders = ["Content-Length": "\(body.count)", "Connection": "close"]
            let status: HTTPResponseStatus = bytes == nil ? .notFound : .ok
            context.write(
                wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))),
                promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
            let channel = context.channel
            context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in channel.close(promise: nil) }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
