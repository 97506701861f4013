import OCPP
import Testing

@Suite("IdentifierText")
struct IdentifierTextTests {
    @Test(
        "a text of up to 36 bytes comes back as it was",
        arguments: [
            "", "a", "DEADBEEF", "é€😀", "0123456789012345678901234567890123456", "01234567890123456789012345678901234",
        ])
    func keepsText(text: String) {
        let kept = IdentifierText(text)
        if text.utf8.count > 36 {
            #expect(kept == nil)
        } else {
            #expect(kept?.description == text)
            #expect(kept?.count == text.utf8.count)
        }
    }

    @Test("texts that differ in one byte or in length differ")
    func differences() {
        let base: IdentifierText = "abcdefghijklmnopqrstuvwxyz0123456789"
        for index in 0..<36 {
            var bytes = Array(base.description.utf8)
            bytes[index] ^= 1
            let changed = IdentifierText(utf8: bytes)
            #expect(changed != base)
            #expect(changed?.mixed != base.mixed)
            #expect(base.prefix(index) != base.prefix(index + 1))
            #expect(base.prefix(index).description == String(base.description.prefix(index)))
        }
    }

    @Test("lower case touches A to Z and nothing else")
    func lowercase() {
        for byte in UInt8.min...UInt8.max {
            let expected = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 32 : byte
            for position in [0, 7, 31, 35] {
                let text = IdentifierText(utf8: [UInt8](repeating: UInt8(ascii: "0"), count: position) + [byte])
                #expect(text?.lowercased[position] == expected, "byte \(byte) at \(position)")
                #expect(text?.lowercased.count == position + 1)
            }
        }
    }

    @Test("numbers are written as the standard library writes them")
    func hexadecimal() {
        for number: UInt64 in [0, 1, 9, 10, 15, 16, 0xDEAD_BEEF, 0x0123_4567_89AB_CDEF, .max] {
            let digits = String(number, radix: 16)
            let expected = String(repeating: "0", count: 16 - digits.count) + digits
            #expect(IdentifierText(hexadecimal: number).description == expected)
        }
    }

    @Test("a number appended to a text of any length is read back")
    func appending() {
        let base: IdentifierText = "abcdefghijklmnopqrstuvwxyz01"
        for length in 0...28 {
            for number: UInt32 in [0, 1, 0x89AB_CDEF, .max] {
                let text = base.prefix(length).appending(hexadecimal: number)
                #expect(text.count == length + 8)
                #expect(text.trailingHexadecimal == number)
                #expect(text.prefix(length) == base.prefix(length))
            }
        }
        #expect(base.prefix(28).trailingHexadecimal == nil)
        #expect(base.prefix(7).trailingHexadecimal == nil)
    }

    @Test("order is that of the bytes")
    func order() {
        let texts: [IdentifierText] = ["", "0", "00", "A", "a", "aa", "abcdefgh", "abcdefghi", "abcdefgi", "b"]
        for (index, text) in texts.enumerated() {
            for other in texts[(index + 1)...] { #expect(text < other, "\(text) before \(other)") }
        }
    }
}
