internal import OCPP
internal import OCPPMessages

/// The local authorization list: tokens that the CSMS has sent beforehand, in versions.
///
/// A list is changed as a whole or not at all. It comes before the cache, and tokens in it that are not accepted are
/// asked about while the CSMS can be reached.
/// - Source: OCPP 2.0.1 part 2, use cases D01 and D02, C13 and C14; OCPP 1.6 edition 2, sections 3.5.2 and 5.15.
struct LocalList: ControllerBlock {
    /// Most tokens kept (`LocalAuthListCtrlr.Entries`, maxLimit).
    static let entriesMax = 1000

    private struct Entry: Sendable, Codable {
        /// Type and text in lower case; entries are sorted by it.
        var key: String
        var data: V2.AuthorizationData
    }

    private var entries: [Entry] = []
    private var storedVersion = 0

    init() {}

    /// 0 for a list without tokens.
    var version: Int { entries.isEmpty ? 0 : storedVersion }
    var count: Int { entries.count }

    // MARK: Requests

    func getLocalListVersion(
        _ request: V2.GetLocalListVersionRequest, context: inout ControllerContext
    ) -> V2.GetLocalListVersionResponse {
        guard isAvailable(context) else {  // -1 says so in 1.6; 2.x has no such number
            return V2.GetLocalListVersionResponse(versionNumber: context.version == .v16 ? -1 : 0)
        }
        return V2.GetLocalListVersionResponse(versionNumber: version)
    }

    mutating func sendLocalList(
        _ request: V2.SendLocalListRequest, context: inout ControllerContext
    ) -> V2.SendLocalListResponse {
        let items = request.localAuthorizationList ?? []
        guard isAvailable(context) else { return .failed("NotEnabled") }
        guard request.versionNumber > 0 else { return .failed("InvalidVersion") }
        guard items.count <= context.deviceModel.int("LocalAuthListCtrlr", "ItemsPerMessage") else {
            return .failed("TooManyElements")
        }
        guard let updates = Self.sorted(items) else { return .failed("DuplicateToken") }
        let changed: [Entry]
        switch request.updateType {
        case .full:
            guard updates.allSatisfy({ $0.data.idTokenInfo != nil }) else { return .failed("MissingParam") }
            changed = updates
        case .differential:
            guard request.versionNumber > version else { return V2.SendLocalListResponse(status: .versionMismatch) }
            changed = Self.merged(entries, updates)
        }
        guard changed.count <= Self.entriesMax else { return .failed("TooManyElements") }
        entries = changed
        storedVersion = request.versionNumber
        context.publish(String(entries.count), component: "LocalAuthListCtrlr", variable: "Entries")
        return V2.SendLocalListResponse(status: .accepted)
    }

    /// Empties the cache, which is the everyday machine's; refused where there is none (C11).
    func clearCache(
        _ request: V2.ClearCacheRequest, context: inout ControllerContext
    ) -> V2.ClearCacheResponse {
        guard context.deviceModel.bool("AuthCacheCtrlr", "Enabled") else {
            return V2.ClearCacheResponse(status: .rejected, statusInfo: V2.StatusInfo(reasonCode: "NotEnabled"))
        }
        context.act(.clearCache)
        return V2.ClearCacheResponse(status: .accepted)
    }

    // MARK: Verdicts

    /// What the list says about a token at an EVSE (from 0); `nil` when it does not know it or is turned off.
    func verdict(on idToken: V2.IdToken, evse: Int, context: borrowing ControllerContext) -> Core.IdTokenInfo? {
        guard isAvailable(context) else { return nil }
        let key = Self.key(of: idToken)
        let index = entries.partitioningIndex { $0.key >= key }
        guard index < entries.count, entries[index].key == key, let info = entries[index].data.idTokenInfo else {
            return nil
        }
        var verdict = info.everyday
        if let expiry = info.cacheExpiryDateTime, context.now >= expiry {
            verdict.status = .expired
        } else if let evses = info.evseId, !evses.contains(evse + 1) {
            verdict.status = .notAtThisLocation
        }
        return verdict
    }

    private func isAvailable(_ context: borrowing ControllerContext) -> Bool {
        context.deviceModel.bool("LocalAuthListCtrlr", "Available")
            && context.deviceModel.bool("LocalAuthListCtrlr", "Enabled")
    }

    // MARK: Sorted lists

    private static func key(of idToken: V2.IdToken) -> String {
        idToken.type.lowercased() + "/" + idToken.idToken.lowercased()
    }

    /// Sorted by key; `nil` when a token comes twice (D01).
    private static func sorted(_ items: [V2.AuthorizationData]) -> [Entry]? {
        let entries = items.map { Entry(key: key(of: $0.idToken), data: $0) }.sorted { $0.key < $1.key }
        for index in entries.indices.dropFirst() where entries[index].key == entries[index - 1].key { return nil }
        return entries
    }

    /// `old` with the updates: replaced or added where they have an info, removed where they have none.
    private static func merged(_ old: [Entry], _ updates: [Entry]) -> [Entry] {
        var result: [Entry] = []
        var next = 0
        for update in updates {
            while next < old.count, old[next].key < update.key {
                result.append(old[next])
                next += 1
            }
            if next < old.count, old[next].key == update.key { next += 1 }
            if update.data.idTokenInfo != nil { result.append(update) }
        }
        return result + old[next...]
    }
}

extension V2.SendLocalListResponse {
    fileprivate static func failed(_ reason: String) -> V2.SendLocalListResponse {
        V2.SendLocalListResponse(status: .failed, statusInfo: V2.StatusInfo(reasonCode: reason))
    }
}
