import Foundation

/// Sends more than the peer takes, on a thread of its own.
final class Flood: @unchecked Sendable {
    private let peer: RawPeer
    private let chunk: [UInt8]
    private let count: Int
    /// Gets something when all is sent or the connection is gone.
    let end = Mailbox<Bool>()

    init(peer: RawPeer, chunk: [UInt8], count: Int) {
        self.peer = peer
        self.chunk = chunk
        self.count = count
    }

    func start() {
        Thread.detachNewThread { [self] in
            for _ in 0..<count { peer.send(chunk) }
            end.put(true)
        }
    }
}
