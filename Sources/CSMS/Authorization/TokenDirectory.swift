public import OCPP

/// One token a CSMS knows.
public struct TokenRecord: Hashable, Sendable, BitwiseCopyable, Codable {
    /// Case-insensitive, unique in the directory.
    public var idToken: IdentifierText
    /// Said about the token; ``Core/AuthorizationStatus/accepted`` turns into `expired` at ``expires``.
    public var status: Core.AuthorizationStatus
    /// Instant from which the token is no longer valid; `nil` for never.
    public var expires: Timestamp?
    /// Tokens with the same group may stop each other's transactions; empty for none. OCPP 1.6 calls it `parentIdTag`.
    public var group: IdentifierText
    /// Priority of the token's transactions where power is short, -9 ... 9; 0 is the normal one. Told to charging
    /// stations of OCPP 2.x unless 0.
    public var chargingPriority: Int8

    public init(
        idToken: IdentifierText, status: Core.AuthorizationStatus = .accepted, expires: Timestamp? = nil,
        group: IdentifierText = IdentifierText(), chargingPriority: Int8 = 0
    ) {
        self.idToken = idToken
        self.status = status
        self.expires = expires
        self.group = group
        self.chargingPriority = chargingPriority
    }

    /// A charging contract, known by its eMAID: with or without separators and check digit, in any case, it is the same.
    ///
    /// - Source: ISO 15118-2 annex H: country, provider, instance of nine characters and an optional check digit, with
    ///   optional hyphens between them.
    public init(
        contract: IdentifierText, status: Core.AuthorizationStatus = .accepted, expires: Timestamp? = nil,
        group: IdentifierText = IdentifierText(), chargingPriority: Int8 = 0
    ) {
        self.init(
            idToken: contract.withoutSeparators.prefix(TokenDirectory.contractLength), status: status,
            expires: expires, group: group, chargingPriority: chargingPriority)
    }
}

/// Tokens of a whole network, shared by all sites and read-only while they run.
///
/// A table with open addressing over the lower-case text: a look-up costs one or two cache lines, and nothing depends
/// on its order. Found tokens carry the group; unknown ones are the caller's to judge. A value: a server makes a new one
/// of its tokens and swaps it in, and whoever uses the old one keeps it until done.
public struct TokenDirectory: Sendable {
    /// Characters of an eMAID without separators and check digit.
    public static let contractLength = 14

    /// In the order given.
    public private(set) var records: ContiguousArray<TokenRecord>
    /// Index into ``records`` plus 1, or 0; a power of two long, at most half full.
    private var slots: ContiguousArray<UInt32>

    /// Of several records for one token the last counts.
    public init(_ records: some Sequence<TokenRecord> = []) {
        self.records = []
        slots = [0, 0]
        for record in records { insert(record) }
    }

    /// Adds a token, or replaces what was known about it.
    public mutating func insert(_ record: TokenRecord) {
        if let index = index(of: record.idToken) {
            records[index] = record
            return
        }
        records.append(record)
        if records.count * 2 > slots.count {
            slots = ContiguousArray(repeating: 0, count: slots.count * 4)
            for index in records.indices { place(index) }
        } else {
            place(records.count - 1)
        }
    }

    /// An empty directory with room for `capacity` tokens, so that filling it does not move it.
    public init(capacity: Int) {
        records = []
        records.reserveCapacity(capacity)
        var slotCount = 2
        while slotCount < capacity * 2 { slotCount *= 2 }
        slots = ContiguousArray(repeating: 0, count: slotCount)
    }

    /// What is known about `token`, whatever its case; `nil` when nothing is.
    public func record(of token: IdentifierText) -> TokenRecord? {
        guard let index = index(of: token) else { return nil }
        return records[index]
    }

    /// What is known about the contract `eMAID`, written in any of its forms; `nil` when nothing is.
    public func record(ofContract eMAID: IdentifierText) -> TokenRecord? {
        record(of: eMAID) ?? record(of: eMAID.withoutSeparators.prefix(Self.contractLength))
    }

    private func index(of token: IdentifierText) -> Int? {
        let folded = token.lowercased
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: folded.mixed) & mask
        while slots[slot] != 0 {
            let index = Int(slots[slot]) - 1
            if records[index].idToken.lowercased == folded { return index }
            slot = (slot + 1) & mask
        }
        return nil
    }

    private mutating func place(_ index: Int) {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: records[index].idToken.lowercased.mixed) & mask
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = UInt32(index + 1)
    }
}

extension TokenDirectory: Codable {
    public init(from decoder: any Decoder) throws {
        self.init(try ContiguousArray<TokenRecord>(from: decoder))
    }
    public func encode(to encoder: any Encoder) throws { try records.encode(to: encoder) }
}

extension TokenDirectory {
    /// The standard's answer about `token` at `now`; `unknown` is said about a token that is not in the directory.
    public func info(
        for token: Core.IdToken, now: Timestamp, unknown: Core.AuthorizationStatus
    ) -> Core.IdTokenInfo {
        guard token.type != .noAuthorization else { return Core.IdTokenInfo(status: .accepted) }
        let known = token.type == .eMAID ? record(ofContract: token.idToken) : record(of: token.idToken)
        guard let record = known else { return Core.IdTokenInfo(status: unknown) }
        var status = record.status
        if status == .accepted, let expires = record.expires, now >= expires { status = .expired }
        return Core.IdTokenInfo(
            status: status, cacheExpiryDateTime: record.expires?.wholeMilliseconds,
            groupIdToken: record.group.isEmpty ? nil : Core.IdToken(idToken: record.group, type: .central))
    }
}

extension IdentifierText {
    /// The text without the hyphens that may stand between the parts of an identifier.
    var withoutSeparators: IdentifierText {
        IdentifierText(utf8: (0..<count).lazy.map { self[$0] }.filter { $0 != UInt8(ascii: "-") }) ?? self
    }
}
