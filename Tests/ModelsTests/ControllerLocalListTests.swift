import OCPP
import OCPPMessages
import Testing

@testable import Models

@Suite("Local authorization list")
struct ControllerLocalListTests {
    private static func item(
        _ text: String, _ status: V2.AuthorizationStatusEnum? = .accepted, expires: Timestamp? = nil,
        evses: [Int]? = nil
    ) -> V2.AuthorizationData {
        V2.AuthorizationData(
            idToken: V2.IdToken(idToken: text, type: "ISO14443"),
            idTokenInfo: status.map { V2.IdTokenInfo(status: $0, cacheExpiryDateTime: expires, evseId: evses) })
    }

    private var bench = BlockBench()
    private var list = LocalList()

    private mutating func send(
        _ version: Int, _ type: V2.UpdateEnum, _ items: [V2.AuthorizationData]?
    ) -> V2.SendLocalListStatusEnum {
        list.sendLocalList(
            V2.SendLocalListRequest(versionNumber: version, updateType: type, localAuthorizationList: items),
            context: &bench.context
        ).status
    }
    private mutating func version() -> Int {
        list.getLocalListVersion(V2.GetLocalListVersionRequest(), context: &bench.context).versionNumber
    }
    private func verdict(_ text: String, evse: Int = 0) -> Core.AuthorizationStatus? {
        list.verdict(on: V2.IdToken(idToken: text, type: "ISO14443"), evse: evse, context: bench.context)?.status
    }

    @Test("point 34: a differential update changes a list of an older version only, and a full one replaces it")
    mutating func versions() {
        #expect(version() == 0)
        #expect(send(5, .full, [Self.item("a"), Self.item("b", .blocked)]) == .accepted)
        #expect(version() == 5)
        #expect(send(5, .differential, [Self.item("c")]) == .versionMismatch)
        #expect(send(4, .differential, [Self.item("c")]) == .versionMismatch)
        #expect(send(6, .differential, [Self.item("C"), Self.item("a", nil), Self.item("B")]) == .accepted)
        #expect(version() == 6)
        #expect(verdict("a") == nil && verdict("b") == .accepted && verdict("c") == .accepted)
        #expect(send(2, .full, [Self.item("x")]) == .accepted)
        #expect(version() == 2 && verdict("b") == nil && verdict("X") == .accepted)
    }

    @Test("point 34: version 0 means an empty list, and must not be sent; 1.6 says -1 for a list turned off")
    mutating func numbers() {
        for bad in [0, -1, Int.min] { #expect(send(bad, .full, [Self.item("a")]) == .failed) }
        #expect(send(7, .full, [Self.item("a")]) == .accepted)
        #expect(send(8, .full, nil) == .accepted)
        #expect(version() == 0)
        #expect(send(Int.max, .full, [Self.item("a")]) == .accepted)
        #expect(version() == Int.max)
        bench.context.deviceModel.preset("LocalAuthListCtrlr", "Enabled", to: "false")
        #expect(version() == 0 && send(9, .full, []) == .failed && verdict("a") == nil)
        bench.context.version = .v16
        #expect(version() == -1)
    }

    @Test("point 34: a list that cannot be taken as a whole changes nothing")
    mutating func atomic() {
        #expect(send(1, .full, [Self.item("a")]) == .accepted)
        #expect(send(2, .full, [Self.item("b"), Self.item("B")]) == .failed)
        #expect(send(2, .full, [Self.item("b", nil)]) == .failed)
        #expect(send(2, .full, (0...100).map { Self.item("t\($0)") }) == .failed)
        #expect(version() == 1 && verdict("a") == .accepted && verdict("b") == nil)
        for batch in 0..<10 {
            #expect(send(2 + batch, .differential, (0..<99).map { Self.item("t\(batch)-\($0)") }) == .accepted)
        }
        #expect(send(50, .differential, (0..<50).map { Self.item("more\($0)") }) == .failed)
        #expect(list.count == 991)
    }

    @Test("point 33: an entry counts until it expires and at its EVSEs")
    mutating func limits() {
        #expect(
            send(
                1, .full,
                [Self.item("a", expires: BlockBench.start.adding(seconds: 60)), Self.item("b", evses: [2])])
                == .accepted)
        #expect(verdict("a") == .accepted && verdict("b") == .notAtThisLocation && verdict("b", evse: 1) == .accepted)
        bench.wait(60)
        #expect(verdict("a") == .expired)
    }

    @Test("point 33: ClearCache is refused where the cache is turned off")
    mutating func clearCache() {
        #expect(list.clearCache(V2.ClearCacheRequest(), context: &bench.context).status == .accepted)
        #expect(bench.directives() == [.clearCache])
        bench.context.deviceModel.preset("AuthCacheCtrlr", "Enabled", to: "false")
        #expect(list.clearCache(V2.ClearCacheRequest(), context: &bench.context).status == .rejected)
        #expect(bench.directives() == [])
    }
}
