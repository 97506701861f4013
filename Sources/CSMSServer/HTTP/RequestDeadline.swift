internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import NIOHTTPTypes

/// Cuts a connection of the HTTP API whose client keeps it waiting: with a body that does not come to its end, or by
/// not reading what it has asked for.
///
/// Connections without a whole request head, and those that wait between two requests, end by Hummingbird's idle time.
final class RequestDeadline: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let bodyTime: TimeAmount
    private let readingTime: TimeAmount
    private var body: Scheduled<Void>?
    private var reading: Scheduled<Void>?

    /// - Parameters:
    ///   - bodyTime: from a request's head to its end.
    ///   - readingTime: for which the client may leave a full buffer as it is.
    init(bodyTime: TimeAmount, readingTime: TimeAmount) {
        self.bodyTime = bodyTime
        self.readingTime = readingTime
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            body?.cancel()
            body = Self.cut(context, in: bodyTime)
        case .body: break
        case .end:
            body?.cancel()
            body = nil
        }
        context.fireChannelRead(data)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        reading?.cancel()
        reading = context.channel.isWritable ? nil : Self.cut(context, in: readingTime)
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        forget()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { forget() }

    private func forget() {
        body?.cancel()
        reading?.cancel()
        body = nil
        reading = nil
    }

    private static func cut(_ context: ChannelHandlerContext, in time: TimeAmount) -> Scheduled<Void> {
        let channel = context.channel
        return context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
    }
}
