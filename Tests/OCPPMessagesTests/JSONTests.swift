import OCPP
import Testing

@testable import OCPPMessages

@Suite("JSON text")
struct JSONTests {
    @Test(
        "what RFC 8259 allows is read",
        arguments: [
            "0", "-0", "1e5", "1E+5", "0.5e-3", "\"\"", "\"\\u00e9\\uD83D\\uDE00\"", "\"é😀\"", "[]", "{}",
            " [ 1 , 2 ] ",
            "{\"a\":{\"b\":[]},\"\":null}", "\t\r\n true", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\u{7F}\"",
        ])
    func valid(text: String) { #expect(JSONText(text) != nil) }

    @Test(
        "what RFC 8259 does not allow is refused",
        arguments: [
            "", " ", "01", "1.", ".5", "+1", "1e", "1e+", "-", "--1", "0x1", "NaN", "Infinity", "nul", "True", "'a'",
            "\"a", "\"\\u12\"", "\"\\uD800\"", "\"\\uDC00\"", "\"\\uD800\\u0041\"", "\"\\x\"", "\"\t\"", "[1,]", "[,1]",
            "[1 2]", "{,}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{1:1}", "{\"a\":1 \"b\":2}", "[1",
            "{\"a\":1",
            "1 2", "[]]", "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}", "{:1}", "\u{FEFF}1", "1,", "{\"a\"::1}",
        ])
    func invalid(text: String) { #expect(JSONText(text) == nil) }

    @Test(
        "byte sequences that are not UTF-8 are refused",
        arguments: [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0xC3], [0xFF],
        ] as [[UInt8]])
    func invalidUTF8(bytes: [UInt8]) {
        let quote = [UInt8(ascii: "\"")]
        #expect(JSONText(bytes: quote + bytes + quote) == nil)
        #expect(JSONText(bytes: quote + Array("1234567".utf8) + bytes + Array("1234567".utf8) + quote) == nil)
    }

    @Test("values may nest as deep as the limit and no deeper")
    func depth() {
        let limit = JSONReader.depthLimit
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(JSONText(nested(limit)) != nil)
        #expect(JSONText(nested(limit + 1)) == nil)
        #expect(JSONText(String(repeating: "{\"a\":", count: 1_000_000)) == nil)
    }

    @Test("a number is the double nearest to its text, and is written so that it reads back the same")
    func doubles() throws {
        let hard = [
            "0.1", "1.7976931348623157e308", "5e-324", "2.2250738585072011e-308", "9007199254740993",
            "123456789012345678",
            "0.30000000000000004", "1e22", "1e23", "8.5e-5", "123456.789e-10", "4.35", "1e-400", "-0.0", "100e-2",
            "0.000000000000000000000000000000000001", "340282346638528859811704183484516925440",
        ]
        for text in hard {
            var reader = JSONReader(Array(text.utf8), version: .v21)
            #expect(try reader.number() == Double(text), "\(text)")
        }
        var random = SplitMix(state: 7)
        for _ in 0..<50_000 {
            let value = Double(bitPattern: random.next())
            guard value.isFinite else { continue }
            var writer = JSONWriter(version: .v21)
            writer.append(value)
            #expect(!writer.bytes.contains(UInt8(ascii: "e")))
            var reader = JSONReader(writer.bytes, version: .v21)
            #expect(try reader.number() == value)
            reader = JSONReader(Array("\(value)".utf8), version: .v21)
            #expect(try reader.number() == value)
        }
    }

    @Test("numbers too large to be said are refused, not rounded to infinity or cut")
    func tooLarge() {
        for text in ["1e309", "-1e309", "1" + String(repeating: "0", count: 400)] {
            var reader = JSONReader(Array(text.utf8), version: .v201)
            do throws(SchemaViolation) {
                let value = try reader.number()
                Issue.record("\(text) was read as \(value)")
            } catch {
                #expect(error.code == .propertyConstraintViolation)
            }
        }
        for text in ["9223372036854775808", "-9223372036854775809", "1e19", "1e1000"] {
            var reader = JSONReader(Array(text.utf8), version: .v201)
            #expect(throws: SchemaViolation.self) { try reader.integer() }
        }
        var reader = JSONReader(Array("[9223372036854775807,-9223372036854775808,0e9999]".utf8), version: .v201)
        #expect((try? reader.integers()) == [.max, .min, 0])
    }

    @Test("strings are written with the least of escapes")
    func escapes() {
        var writer = JSONWriter(version: .v21)
        writer.append("a\"\\/\u{0}\u{1F}\u{8}\u{C}\n\r\t\u{7F}é😀")
        #expect(String(decoding: writer.bytes, as: UTF8.self) == #""a\"\\/\u0000\u001f\b\f\n\r\t\#u{7F}é😀""#)
    }

    @Test("a part of a frame is read without what lies around it")
    func range() throws {
        let frame = Array(#"[2,"1","Heartbeat",{}]"#.utf8)
        var reader = JSONReader(frame, range: 19..<21, version: .v16)
        #expect(try AnyRequest(action: "Heartbeat", reading: &reader) == .v16(.heartbeat(V16.HeartbeatRequest())))
        try reader.finish()
        var beyond = JSONReader(frame, range: 19..<900, version: .v16)
        _ = try beyond.skipValue()
        #expect(throws: SchemaViolation.self) { try beyond.finish() }
    }
}
