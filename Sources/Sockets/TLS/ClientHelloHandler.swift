internal import NIOCore
internal import NIOSSL

/// Holds a new connection's first bytes until the client's hello is whole, then puts TLS with the fitting certificate in its
/// own place and hands the bytes on.
final class ClientHelloHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let ecdsa: NIOSSLContext
    private let rsa: NIOSSLContext
    private var held: ByteBuffer?

    init(ecdsa: NIOSSLContext, rsa: NIOSSLContext) {
        self.ecdsa = ecdsa
        self.rsa = rsa
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var part = unwrapInboundIn(data)
        held.setOrWriteBuffer(&part)
        guard let held else { return }
        let chosen: NIOSSLContext
        switch ClientHello.read(Array(held.readableBytesView)) {
        case .incomplete: return
        case .complete(let hello): chosen = hello.takesECDSA ? ecdsa : rsa
        case .unreadable: chosen = ecdsa
        }
        self.held = nil
        do {
            let pipeline = context.pipeline.syncOperations
            try pipeline.addHandler(NIOSSLServerHandler(context: chosen), position: .after(self))
            context.fireChannelRead(wrapInboundOut(held))
            context.fireChannelReadComplete()
            pipeline.removeHandler(context: context, promise: nil)
        } catch {
            context.fireErrorCaught(error)
            context.close(promise: nil)
        }
    }
}
