/// Source addresses spread over 127.0.0.0/8: one address has some 28,000 ports for connections to one server, which is too
/// few for a large load from one machine.
public struct LoopbackAddresses: Sendable {
    /// Connections that share an address before the next one is taken.
    public let connectionsEach: Int

    /// Addresses there are: 127.1.0.1 ... 127.255.255.254, those that end in 0 or 255 left out.
    public static let count = 255 * 256 * 254

    /// - Parameter connectionsEach: 1 or more; the default stays well below the ports that Linux gives out.
    public init(connectionsEach: Int = 10_000) { self.connectionsEach = max(1, connectionsEach) }

    /// The address of the connection of that index, 0 or more; indices beyond all addresses begin anew.
    public func address(of index: Int) -> String {
        let place = (max(0, index) / connectionsEach) % Self.count
        let (upper, last) = place.quotientAndRemainder(dividingBy: 254)
        return "127.\(upper / 256 + 1).\(upper % 256).\(last + 1)"
    }

    /// Whether the host is one that these addresses can reach.
    public static func reaches(_ host: String) -> Bool { host == "localhost" || host.hasPrefix("127.") }
}
