internal import Models
internal import Synchronization

/// The sites of a load test, for what travels between them.
final class SiteNetwork: Sendable {
    private let drivers = Mutex<[UInt32: SiteDriver]>([:])

    /// Makes the drivers known; before the test starts.
    func connect(_ drivers: [SiteDriver]) {
        self.drivers.withLock { known in
            for driver in drivers { known[driver.index] = driver }
        }
    }

    /// Forgets the drivers, which know the network.
    func disconnect() { drivers.withLock { $0.removeAll() } }

    /// Hands a message to its receiver. What goes to a site that is not part of the test leaves it.
    func post(_ message: OutgoingMessage) { drivers.withLock { $0[message.destination] }?.post(message) }
}
