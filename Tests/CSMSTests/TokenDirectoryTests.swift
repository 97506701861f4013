import CSMS
import OCPP
import Testing

@Suite("TokenDirectory")
struct TokenDirectoryTests {
    static let now = Timestamp(microseconds: 1_736_182_989_000_000)

    @Test("each of many tokens is found, in any case, and no other is")
    func finds() {
        var directory = TokenDirectory()
        for number: UInt64 in 0..<5000 {
            directory.insert(TokenRecord(idToken: IdentifierText(hexadecimal: number &* 0x9E37_79B9_7F4A_7C15)))
        }
        #expect(directory.records.count == 5000)
        for record in directory.records {
            let upper = IdentifierText(record.idToken.description.uppercased())
            #expect(upper.flatMap { directory.record(of: $0) } == record)
        }
        #expect(directory.record(of: "no such token") == nil)
        #expect(directory.record(of: "") == nil)
    }

    @Test("the last record of a token counts")
    func replaces() {
        let directory = TokenDirectory([
            TokenRecord(idToken: "AB12"), TokenRecord(idToken: "CD34"), TokenRecord(idToken: "ab12", status: .blocked),
        ])
        #expect(directory.records.count == 2)
        #expect(directory.record(of: "AB12")?.status == .blocked)
    }

    @Test("accepted turns into expired at the instant of expiry, other verdicts stay")
    func expiry() {
        let directory = TokenDirectory([
            TokenRecord(idToken: "soon", expires: Self.now.adding(seconds: 1), group: "G"),
            TokenRecord(idToken: "over", expires: Self.now),
            TokenRecord(idToken: "bad", status: .blocked, expires: Self.now),
        ])
        func info(_ text: IdentifierText) -> Core.IdTokenInfo {
            directory.info(for: Core.IdToken(idToken: text, type: .iso14443), now: Self.now, unknown: .unknown)
        }
        #expect(info("soon").status == .accepted)
        #expect(info("soon").groupIdToken?.idToken == "G")
        #expect(info("over").status == .expired)
        #expect(info("bad").status == .blocked)
        #expect(info("never seen").status == .unknown)
        #expect(directory.info(for: .noAuthorization, now: Self.now, unknown: .unknown).status == .accepted)
    }
}
