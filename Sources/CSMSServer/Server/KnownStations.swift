/// Known charging stations by every name that could be taken for theirs.
///
/// A certificate is good for the identity or the registered serial number that its common name is. So no two charging
/// stations may answer to one name, and identities that differ in case alone are no two identities: an
/// `identifierString` of 2.0.1 is not case-sensitive.
/// - Source: OCPP 2.0.1 part 2, A00.FR.405, and 3.2 "Primitive datatypes".
struct KnownStations: Sendable {
    private var entries: [StationIdentity: StationEntry] = [:]
    private var byFoldedIdentity: [String: StationEntry] = [:]
    private var bySerial: [String: StationEntry] = [:]

    var count: Int { entries.count }
    var all: [StationEntry] { Array(entries.values) }

    func entry(_ identity: StationIdentity) -> StationEntry? { entries[identity] }

    /// Adds a charging station; the one that was there first stays.
    mutating func add(_ entry: StationEntry) -> StationEntry {
        if let known = entries[entry.identity] { return known }
        entries[entry.identity] = entry
        byFoldedIdentity[entry.identity.folded] = entry
        if let serial = entry.with({ $0.registeredSerial }) { bySerial[serial] = entry }
        return entry
    }

    mutating func setSerial(_ serial: String?, of entry: StationEntry) {
        let old = entry.with { content in
            defer { content.registeredSerial = serial }
            return content.registeredSerial
        }
        if let old, bySerial[old] === entry { bySerial[old] = nil }
        if let serial { bySerial[serial] = entry }
    }

    func conflict(with identity: StationIdentity) -> NameConflict? {
        guard entries[identity] == nil else { return nil }
        if let other = byFoldedIdentity[identity.folded] { return NameConflict(kind: .case, other: other.identity) }
        if let other = bySerial[identity.text] { return NameConflict(kind: .serial, other: other.identity) }
        return nil
    }

    func conflict(ofSerial serial: String, for entry: StationEntry) -> NameConflict? {
        if let other = bySerial[serial], other !== entry { return NameConflict(kind: .serial, other: other.identity) }
        if let other = (try? StationIdentity(serial)).flatMap({ entries[$0] }), other !== entry {
            return NameConflict(kind: .identity, other: other.identity)
        }
        return nil
    }
}

/// Why a name cannot be a charging station's: another one answers to it.
struct NameConflict: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// It is the other's identity in other letters.
        case `case`
        /// It is the other's registered serial number.
        case serial
        /// It is the other's identity.
        case identity
    }
    let kind: Kind
    let other: StationIdentity

    /// For an operator.
    var words: String {
        let name = LogText.escaped(other.text)
        return switch kind {
        case .case: "the charging station \"\(name)\" has this identity in other letters"
        case .serial: "it is the registered serial number of the charging station \"\(name)\""
        case .identity: "it is the identity of the charging station \"\(name)\""
        }
    }
}
