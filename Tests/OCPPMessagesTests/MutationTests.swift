import Foundation
import OCPP
import OCPPMessages
import Testing

@Suite("Hostile bytes")
struct MutationTests {
    /// Inputs per version and seed; with the arguments below a million in all.
    static let inputs = 84_000

    @Test(
        "a million mutated messages are read or refused, and what is read is written so that it reads the same",
        .timeLimit(.minutes(5)), arguments: OCPPVersion.allCases, [UInt64(1), 2, 3, 4])
    func mutations(version: OCPPVersion, seed: UInt64) throws {
        let all = try Instance.all(version).filter { $0.code == nil && $0.json.count < 4000 }
        var random = SplitMix(state: seed)
        var readable = 0
        for round in 0..<Self.inputs {
            let instance = all[random.below(all.count)]
            var bytes = instance.json
            for _ in 0...random.below(3) {
                Self.mutate(&bytes, other: all[random.below(all.count)].json, &random)
            }
            do throws(SchemaViolation) {
                let message = try Message(instance, bytes)
                readable += 1
                let written = message.json(version)
                let again = try Message(instance, written)
                if again.json(version) != written {
                    Issue.record("seed \(seed), round \(round): \(String(decoding: bytes, as: UTF8.self))")
                }
            } catch {
                if error.path.utf8.count > 600 || error.problem.isEmpty {
                    Issue.record("seed \(seed), round \(round): path of \(error.path.utf8.count) bytes")
                }
                if let written = try? Message(instance, bytes).json(version) {  // reading was not what failed
                    Issue.record(
                        "seed \(seed), round \(round): \(error): \(String(decoding: written, as: UTF8.self))")
                }
            }
        }
        #expect(readable > Self.inputs / 100, "seed \(seed)")
    }

    /// One change of the kinds that break parsers.
    private static func mutate(_ bytes: inout [UInt8], other: [UInt8], _ random: inout SplitMix) {
        guard !bytes.isEmpty, bytes.count < 100_000 else {
            bytes = Array("{}".utf8)
            return
        }
        let at = random.below(bytes.count)
        let length = min(bytes.count - at, 1 + random.below(24))
        switch random.below(14) {
        case 0, 1: bytes[at] ^= 1 << UInt8(random.below(8))
        case 2, 3: bytes[at] = pick(Array("{}[]\",:\\0123456789-+.eEtfnu \n\u{0}".utf8), &random)
        case 4: bytes.removeSubrange(at...)
        case 5: bytes.removeSubrange(at..<at + length)
        case 6: bytes.insert(contentsOf: bytes[at..<at + length], at: random.below(bytes.count))
        case 7:
            guard !other.isEmpty else { return }
            bytes = Array(bytes[..<at] + other[random.below(other.count)...])
        case 8:
            bytes.insert(
                contentsOf: repeatElement(pick(Array("[{\"".utf8), &random), count: 1 + random.below(2000)), at: at)
        case 9:
            let digits = Array(repeating: pick(Array("019.e-".utf8), &random), count: 1 + random.below(500))
            bytes.replaceSubrange(at..<at + min(length, 3), with: digits)
        case 10:
            let invalid: [[UInt8]] = [
                [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF], [0xE2, 0x82], [0x80],
                [0xF0, 0x9F, 0x98, 0x80], [0xEF, 0xBB, 0xBF],
            ]
            bytes.insert(contentsOf: pick(invalid, &random), at: at)
        case 11:
            let escapes = [
                "\\u0000", "\\uD83D\\uDE00", "\\uD800", "\\uDC00", "\\u12", "\\x", "\\\"", "\\/", "\\ud83d\\u0041",
            ]
            bytes.insert(contentsOf: pick(escapes, &random).utf8, at: at)
        case 12:
            let words = [
                "null", "true", "false", "1e999", "-0", "1.0", "16.50e1", "9223372036854775808", "{}", "[]", "\"\"",
            ]
            bytes.replaceSubrange(at..<at + length, with: pick(words, &random).utf8)
        default: replaceValue(in: &bytes, from: at, &random)
        }
    }

    /// Puts another value behind the next colon, up to the next comma: most results are still JSON.
    private static func replaceValue(in bytes: inout [UInt8], from at: Int, _ random: inout SplitMix) {
        guard let colon = bytes[at...].firstIndex(of: UInt8(ascii: ":")),
            let end = bytes[colon...].firstIndex(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "}") })
        else { return }
        let values = [
            "null", "true", "0", "-1", "1.5", "1e2", "1e-320", "123456789012345678901234567890", "\"\"", "\"Accepted\"",
            "\"2025-01-06T17:03:09.123456789+05:30\"", "\"9999-12-31T23:59:59-23:59\"", "\"0000-01-01T00:00:00Z\"",
            "[]",
            "{}", "[1]", "\"\\u0041ccepted\"", "\"é😀\"", "0.1", "-0.0", "1.7976931348623157e308",
        ]
        bytes.replaceSubrange(colon + 1..<end, with: pick(values, &random).utf8)
    }

    private static func pick<T>(_ values: [T], _ random: inout SplitMix) -> T { values[random.below(values.count)] }
}

/// Pseudo-random numbers that are the same on every machine.
/// - Source: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014.
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// 0 ..< `limit`, which must be positive.
    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}
