internal import NIOCore

/// The last handler of a connection's pipeline: hands everything to the connection, which then knows no NIO protocol of its
/// own.
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    private let connection: WebSocketConnection

    init(_ connection: WebSocketConnection) { self.connection = connection }

    func handlerAdded(context: ChannelHandlerContext) { connection.attach(context) }

    func handlerRemoved(context: ChannelHandlerContext) { connection.detach() }

    func channelActive(context: ChannelHandlerContext) {
        connection.transportActive()
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        connection.transportEnded()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        connection.receive(&buffer)
    }

    func channelReadComplete(context: ChannelHandlerContext) { connection.receiveComplete() }

    func read(context: ChannelHandlerContext) { connection.readWanted(by: context) }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        connection.writabilityChanged(to: context.channel.isWritable)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { connection.transportFailed(error) }
}
