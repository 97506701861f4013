public import OCPP
public import OCPPMessages

/// A firmware that a charging station is to have.
public struct FirmwareOrder: Hashable, Sendable, Codable {
    /// Names the order; the requestId of each attempt is made by the desk.
    public var id: UInt64
    /// The firmwareVersion that its BootNotification tells afterwards.
    public var version: String
    /// URL of the image.
    public var location: String
    /// Earliest download.
    public var retrieveAt: Timestamp
    /// Earliest installation; `nil` for as soon as possible.
    public var installAt: Timestamp?
    /// PEM of the certificate that signed the image; `nil` for an unsigned one.
    public var signingCertificate: String?
    /// Base64 of the signature.
    public var signature: String?

    public init(
        id: UInt64, version: String, location: String, retrieveAt: Timestamp, installAt: Timestamp? = nil,
        signingCertificate: String? = nil, signature: String? = nil
    ) {
        self.id = id
        self.version = version
        self.location = location
        self.retrieveAt = retrieveAt
        self.installAt = installAt
        self.signingCertificate = signingCertificate
        self.signature = signature
    }
}

/// How far a ``FirmwareOrder`` has come.
public struct FirmwareProgress: Hashable, Sendable, Codable {
    public enum State: String, Hashable, Sendable, Codable {
        /// To be sent at ``FirmwareProgress/nextAttempt``.
        case waiting
        /// Sent, not answered yet.
        case asked
        /// Accepted; the charging station tells how it goes on.
        case underWay
        /// It runs the wanted version.
        case done
        /// It failed too often, or the charging station refuses it for good.
        case givenUp
    }
    public var order: FirmwareOrder
    public var state: State
    public var attempts: Int
    public var nextAttempt: Timestamp
    /// Of the attempt under way.
    public var requestID: Int
    /// The standard's word for how far it is, as last told.
    public var status: String
}

/// A local authorization list that a charging station is to have.
///
/// On the wire its version is ``version`` times ``LocalListOrder/versionsPerList``: a list longer than the charging station takes in
/// one message goes in parts, each with a version of its own between two lists' versions.
/// - Source: OCPP 2.0.1 part 2, D01; OCPP 1.6, 5.15.
public struct LocalListOrder: Equatable, Sendable, Codable {
    /// Versions on the wire from one list to the next.
    public static let versionsPerList = 64
    /// The greatest version.
    public static let versionMax = Int(Int32.max) / versionsPerList

    /// 1 ... ``versionMax``, growing from list to list.
    public var version: Int
    /// The whole list; every entry with its idTokenInfo.
    public var entries: [V2.AuthorizationData]
    /// Version of the list to which ``changes`` lead from; 0 for none.
    public var base: Int
    /// Entries added and changed since ``base``; without idTokenInfo those removed.
    public var changes: [V2.AuthorizationData]

    /// - Parameter version: outside 1 ... ``versionMax`` it is brought into it.
    public init(
        version: Int, entries: [V2.AuthorizationData], base: Int = 0, changes: [V2.AuthorizationData] = []
    ) {
        self.version = min(max(version, 1), Self.versionMax)
        self.entries = entries
        self.base = base
        self.changes = changes
    }
}

/// How the last ``LocalListOrder`` ended.
public enum LocalListOutcome: Hashable, Sendable {
    /// The charging station has this version.
    case synchronised(version: Int)
    case notSupported
    /// It was refused even as a full list.
    case failed
}
