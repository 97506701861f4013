internal import OCPP

/// What a charging station remembers of the CSMS's answers about tokens, whatever they were.
/// - Source: OCPP 2.0.1 part 2, use cases C10 to C12.
struct AuthorizationCache: Sendable, Codable {
    private struct Entry: Sendable, BitwiseCopyable, Codable {
        /// Lower case.
        var text: IdentifierText
        var type: Core.IdTokenKind
        var status: Core.AuthorizationStatus
        var expires: Timestamp?
        var lastUse: Timestamp
        /// Empty for none.
        var group: IdentifierText
    }

    private var entries: ContiguousArray<Entry> = []
    private var capacity: Int
    /// Microseconds since the last use; 0 for no limit.
    private var lifeTime: Int64

    init(capacity: Int, lifeTimeS: Int64) {
        self.capacity = capacity
        lifeTime = lifeTimeS * 1_000_000
    }

    /// Other limits from now on.
    mutating func resize(capacity: Int, lifeTimeS: Int64) {
        self.capacity = capacity
        lifeTime = lifeTimeS * 1_000_000
        while entries.count > capacity { entries.remove(at: leastUseful) }
    }

    mutating func removeAll() { entries.removeAll() }

    /// The remembered answer, if it is still good; counts as a use.
    mutating func info(for token: Core.IdToken, now: Timestamp) -> Core.IdTokenInfo? {
        guard let index = index(of: token) else { return nil }
        let entry = entries[index]
        let isOutdated =
            if let expires = entry.expires {
                now >= expires
            } else {
                lifeTime > 0 && now >= entry.lastUse.adding(microseconds: lifeTime)
            }
        if isOutdated {
            entries.remove(at: index)
            return nil
        }
        entries[index].lastUse = now
        return Core.IdTokenInfo(
            status: entry.status, cacheExpiryDateTime: entry.expires,
            groupIdToken: entry.group.isEmpty ? nil : Core.IdToken(idToken: entry.group, type: .central))
    }

    /// Remembers an answer; for want of room forgets a refused token first, else the one longest unused.
    mutating func store(_ info: Core.IdTokenInfo, for token: Core.IdToken, now: Timestamp) {
        guard capacity > 0, token.type != .noAuthorization else { return }
        let entry = Entry(
            text: token.idToken.lowercased, type: token.type, status: info.status, expires: info.cacheExpiryDateTime,
            lastUse: now, group: info.groupIdToken?.idToken ?? IdentifierText())
        if let index = index(of: token) {
            entries[index] = entry
        } else if entries.count < capacity {
            entries.append(entry)
        } else {
            entries[leastUseful] = entry
        }
    }

    private func index(of token: Core.IdToken) -> Int? {
        let text = token.idToken.lowercased
        var index = entries.count - 1
        while index >= 0 {
            if entries[index].text == text, entries[index].type == token.type { return index }
            index -= 1
        }
        return nil
    }

    private var leastUseful: Int {
        var best = 0
        for index in 1..<max(1, entries.count) {
            let isRefused = entries[index].status != .accepted
            let bestIsRefused = entries[best].status != .accepted
            if isRefused != bestIsRefused {
                if isRefused { best = index }
            } else if entries[index].lastUse < entries[best].lastUse {
                best = index
            }
        }
        return best
    }
}
