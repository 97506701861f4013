import PKI
import Testing

@testable import LoadTest

@Suite("Keys of simulated meters")
struct MeterKeysTests {
    @Test("each station's meter has one key of its own, with which it signs")
    func oneEach() throws {
        var keys = MeterKeys()
        let first = try keys.publicKey(of: "A")
        #expect(try keys.publicKey(of: "B") != first)
        #expect(try keys.publicKey(of: "A") == first)
        let text = #"{"FV":"1.0"}"#
        let signature = try #require(ByteText.bytes(hex: try keys.sign(text, of: "A")))
        let key = try PublicKey(der: try #require(ByteText.bytes(hex: first)))
        #expect(try key.verify(signature, of: Array(text.utf8), scheme: .ecdsa))
        let other = try #require(ByteText.bytes(hex: try keys.sign(text, of: "B")))
        #expect(try !key.verify(other, of: Array(text.utf8), scheme: .ecdsa))
    }
}
