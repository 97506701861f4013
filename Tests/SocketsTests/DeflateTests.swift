import Testing

@testable import Sockets

@Suite("Sockets: permessage-deflate")
struct DeflateTests {
    func answer(_ offers: String..., settings: DeflateSettings = DeflateSettings()) -> DeflateAgreement? {
        DeflateAgreement.answering(offers.map { ArraySlice(bytes($0)) }, with: settings)
    }

    let plain = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"

    @Test("point 11: compression is agreed on wherever a client offers it in a way that can be met")
    func answers() {
        #expect(answer("permessage-deflate")?.answer == plain)
        #expect(answer("permessage-deflate; client_max_window_bits")?.answer == plain)
        #expect(answer("x-webkit-deflate-frame", "permessage-deflate")?.answer == plain)
        let narrow = answer("permessage-deflate; server_max_window_bits=10; client_max_window_bits=9")
        #expect(narrow?.answer == plain + "; server_max_window_bits=10")
        #expect(narrow?.windowBits == 10)
        #expect(answer("permessage-deflate; server_max_window_bits=\"15\"")?.windowBits == 13)
    }

    @Test(
        "an offer that cannot be met is passed over",
        arguments: [
            "permessage-deflate; server_max_window_bits=8",  // zlib cannot
            "permessage-deflate; server_max_window_bits", "permessage-deflate; server_max_window_bits=16",
            "permessage-deflate; server_max_window_bits=010", "permessage-deflate; unknown",
            "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
            "permessage-deflate; client_max_window_bits=7", "permessage-deflate; server_no_context_takeover=1",
            "permessage-bzip2", "",
        ])
    func passesOver(offer: String) {
        #expect(answer(offer) == nil)
        #expect(answer(offer, "permessage-deflate")?.answer == plain)
    }

    @Test("a client takes answers that fit its offer and no others")
    func clientReads() {
        func agreed(_ answer: String) -> DeflateAgreement? {
            DeflateAgreement(answer: ArraySlice(bytes(answer)), to: DeflateSettings())
        }
        #expect(agreed(plain)?.windowBits == 13)
        #expect(agreed("permessage-deflate; server_no_context_takeover; client_max_window_bits=10")?.windowBits == 10)
        #expect(agreed("permessage-deflate") == nil)  // the server would keep its window
        #expect(agreed(plain + "; server_max_window_bits=12") == nil)  // not offered
        #expect(agreed(plain + "; client_max_window_bits") == nil)
    }

    let text = bytes(String(repeating: #"{"measurand":"Energy.Active.Import.Register","unit":"Wh"},"#, count: 40))

    @Test("what is compressed comes back, in any window, one message after the other", arguments: 9...15)
    func roundTrip(windowBits: Int) throws {
        let deflater = try #require(Deflater(level: 1, windowBits: windowBits))
        let inflater = try #require(Inflater())
        for length in [300, 5000, 2320, 100_000] {
            let message = (0..<length).map { text[$0 * 7 / 5 % text.count] }
            let compressed = try #require(deflater.compress(message))
            #expect(compressed.count < message.count)
            #expect(try inflater.decompress(compressed, limit: length) == message)
        }
    }

    @Test("what does not get shorter is left as it is")
    func incompressible() throws {
        let deflater = try #require(Deflater(level: 1, windowBits: 13))
        var state: UInt64 = 88_172_645_463_325_252
        let noise = (0..<50_000).map { _ in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return UInt8(truncatingIfNeeded: state >> 24)
        }
        #expect(deflater.compress(noise) == nil)
        #expect(deflater.compress([]) == nil)
        #expect(deflater.compress(text) != nil)
    }

    @Test("a small message that would grow beyond the limit is stopped there")
    func bomb() throws {
        let deflater = try #require(Deflater(level: 9, windowBits: 15))
        let inflater = try #require(Inflater())
        let bomb = try #require(deflater.compress([UInt8](repeating: 65, count: 50_000_000)))
        #expect(bomb.count < 100_000)
        #expect(throws: Inflater.Failure.tooBig) { try inflater.decompress(bomb, limit: 256 * 1024) }
        #expect(try inflater.decompress(try #require(deflater.compress(text)), limit: 10_000) == text)
    }

    @Test("bytes that are no deflate stream are refused, whatever they are")
    func corrupt() throws {
        let inflater = try #require(Inflater())
        #expect(throws: Inflater.Failure.corrupt) { try inflater.decompress([0xff, 0xff, 0xff], limit: 1000) }
        var compressed = try #require(Deflater(level: 1, windowBits: 13)?.compress(text))
        for index in compressed.indices {
            compressed[index] ^= 0x55
            _ = try? inflater.decompress(compressed, limit: 100_000)
            compressed[index] ^= 0x55
        }
        #expect(try inflater.decompress(compressed, limit: 100_000) == text)
    }

    @Test("a message that ends with a final block, as some compressors write it, is understood")
    func finalBlock() throws {
        let inflater = try #require(Inflater())
        // "Hello" as one final block of RFC 7692, 7.2.3.4 and as stored block 7.2.3.3.
        #expect(
            try inflater.decompress([0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00], limit: 100) == bytes("Hello"))
        #expect(
            try inflater.decompress(
                [0x00, 0x05, 0x00, 0xfa, 0xff, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x00], limit: 100) == bytes("Hello"))
        #expect(
            try inflater.decompress(
                [0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff, 0xca, 0xc9, 0xc9, 0x07, 0x00], limit: 100)
                == bytes("Hello"))
    }
}
