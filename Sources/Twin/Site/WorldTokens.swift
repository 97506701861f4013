internal import CSMS
internal import OCPP

/// The tokens of a simulated network: a fixed population that every driver draws from.
enum WorldTokens {
    static let count = 4096

    /// Token `number` of the population, 0 ..< ``count``.
    static func token(_ number: UInt32) -> Core.IdToken {
        Core.IdToken(idToken: prefix.appending(hexadecimal: number), type: .iso14443)
    }

    /// What the CSMS knows: the whole population, accepted.
    static let directory = TokenDirectory(
        (0..<UInt32(count)).map { TokenRecord(idToken: token($0).idToken) })

    private static let prefix: IdentifierText = "04EVTW"
}
