public import NIOCore
public import NIOPosix

/// The threads that connections live on: one event loop each. One set can serve servers and clients together.
public final class SocketLoops: Sendable {
    /// The loops themselves, for others who want to share them.
    public let group: MultiThreadedEventLoopGroup
    private let states: [ObjectIdentifier: LoopState]

    /// Starts threads.
    /// - Parameter count: 1 or more; about one for each processor.
    public convenience init(count: Int = System.coreCount) {
        self.init(sharing: MultiThreadedEventLoopGroup(numberOfThreads: max(1, count)))
    }

    /// Uses threads that run already; whoever made them ends them.
    public init(sharing group: MultiThreadedEventLoopGroup) {
        self.group = group
        var states: [ObjectIdentifier: LoopState] = [:]
        for (index, loop) in group.makeIterator().enumerated() {
            states[ObjectIdentifier(loop)] = LoopState(loop: loop, index: index)
        }
        self.states = states
    }

    /// The state of one of these loops.
    func state(of loop: any EventLoop) -> LoopState {
        guard let state = states[ObjectIdentifier(loop)] else {
            preconditionFailure("a connection runs on a loop of this group")
        }
        return state
    }

    /// Every loop's state, in the order of the loops.
    var allStates: [LoopState] { states.values.sorted { $0.index < $1.index } }

    /// Ends the threads; connections that are still open are cut. Not to be called from one of the loops.
    public func shutdown() throws { try group.syncShutdownGracefully() }
}
