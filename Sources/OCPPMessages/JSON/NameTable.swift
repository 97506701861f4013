internal import OCPP

/// Names of an object's members or words of an enumeration, found by their bytes without making a string.
///
/// A class, so that what every generated method passes around is one pointer to an immutable table.
public final class NameTable: Sendable {
    /// `"name":` of every name, one after the other, with eight bytes of padding for word-wise loads.
    private let text: [UInt8]
    /// Where each name's opening quote is in ``text``; one more for the end.
    private let starts: [Int]
    /// Open-addressed: index + 1 of the name with that hash; 0 for none.
    private let slots: [UInt8]
    /// `"name":` and `,"name":` of every name, ready to be appended.
    private let first: [[UInt8]]
    private let following: [[UInt8]]
    /// `"name"` of every name.
    private let words: [[UInt8]]

    /// How many names there are.
    public let count: Int

    /// - Precondition: at most 200 names, none empty.
    init(_ names: [String]) {
        precondition(names.count <= 200, "a slot is a byte, and a quarter of them stays free")
        var starts = [0]
        var slots = [UInt8](repeating: 0, count: 256)
        words = names.map { [UInt8(ascii: "\"")] + Array($0.utf8) + [UInt8(ascii: "\"")] }
        first = words.map { $0 + [UInt8(ascii: ":")] }
        following = first.map { [UInt8(ascii: ",")] + $0 }
        for (index, name) in names.enumerated() {
            let name = Array(name.utf8)
            starts.append(starts[index] + first[index].count)
            let span = name.span
            var slot = Self.hash(span.bytes, 0, name.count)
            while slots[slot] != 0 { slot = (slot + 1) & 255 }
            slots[slot] = UInt8(index + 1)
        }
        text = first.flatMap { $0 } + [UInt8](repeating: 0, count: 8)
        count = names.count
        self.starts = starts
        self.slots = slots
    }

    /// The name at `index`.
    public subscript(index: Int) -> String {
        String(decoding: words[index].dropFirst().dropLast(), as: UTF8.self)
    }

    /// Index of the name equal to `name`.
    public func index(of name: String) -> Int? {
        let bytes = Array(name.utf8)
        return index(of: bytes, from: 0, to: bytes.count)
    }

    /// Index of the name equal to `bytes[from..<to]`.
    func index(of bytes: [UInt8], from: Int, to: Int) -> Int? {
        let length = to - from
        guard length > 0 else { return nil }
        let inputSpan = bytes.span
        let text = text
        let tableSpan = text.span
        let input = inputSpan.bytes
        let table = tableSpan.bytes
        var slot = Self.hash(input, from, length)
        while slots[slot] != 0 {
            let index = Int(slots[slot]) - 1
            let start = starts[index]
            if starts[index + 1] - start - 3 == length, Self.areEqual(table, start + 1, input, from, length) {
                return index
            }
            slot = (slot + 1) & 255
        }
        return nil
    }

    /// Where the value begins when `"name":` of the name at `index` lies at `offset`; `nil` when something else does.
    func match(_ index: Int, _ bytes: [UInt8], at offset: Int, end: Int) -> Int? {
        guard index < count else { return nil }
        let start = starts[index]
        let length = starts[index + 1] - start
        guard end - offset >= length else { return nil }
        let text = text
        let tableSpan = text.span
        let inputSpan = bytes.span
        let table = tableSpan.bytes
        let input = inputSpan.bytes
        return Self.areEqual(table, start, input, offset, length) ? offset + length : nil
    }

    // MARK: - Writing

    func appendName(_ index: Int, isFirst: Bool, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: isFirst ? first[index] : following[index])
    }

    func appendWord(_ index: Int, to bytes: inout [UInt8]) { bytes.append(contentsOf: words[index]) }

    // MARK: - Eight bytes at a time

    /// A function of the length and of the first and last eight bytes.
    private static func hash(_ bytes: RawSpan, _ from: Int, _ length: Int) -> Int {
        var mixed: UInt64 = 0
        if length >= 8 {
            mixed = bytes.word(at: from) ^ (bytes.word(at: from + length - 8) &* 0x9E37_79B9_7F4A_7C15)
        } else if from + 8 <= bytes.byteCount {
            mixed = bytes.word(at: from) & (1 << UInt64(8 * length) - 1)
        } else {
            for offset in 0..<length { mixed |= UInt64(bytes.byte(at: from + offset)) << UInt64(8 * offset) }
        }
        return Int(truncatingIfNeeded: ((mixed ^ UInt64(length)) &* 0xD6E8_FEB8_6659_FD93) >> 56)
    }

    private static func areEqual(_ a: RawSpan, _ i: Int, _ b: RawSpan, _ j: Int, _ length: Int) -> Bool {
        guard length >= 8 else {
            for offset in 0..<length where a.byte(at: i + offset) != b.byte(at: j + offset) { return false }
            return true
        }
        var offset = 0
        while offset < length - 8 {
            guard a.word(at: i + offset) == b.word(at: j + offset) else { return false }
            offset += 8
        }
        return a.word(at: i + length - 8) == b.word(at: j + length - 8)
    }
}

extension RawSpan {
    /// The eight bytes from `offset` on, the first one lowest.
    @inline(__always) func word(at offset: Int) -> UInt64 {
        UInt64(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    @inline(__always) func byte(at offset: Int) -> UInt8 {
        unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }
}

/// Names of an object's members, with those that each version knows and requires as bit sets.
final class MemberTable: Sendable {
    let names: NameTable
    /// Members of 2.0.1 (of 1.6 for its own types).
    private let old: UInt64
    private let requiredOld: UInt64
    private let requiredNew: UInt64

    /// A type whose members are the same in every version of its family.
    convenience init(_ names: [String], required: UInt64) {
        self.init(names, v201: .max, required201: required, required21: required)
    }

    /// A type of the 2.x family.
    init(_ names: [String], v201: UInt64, required201: UInt64, required21: UInt64) {
        precondition(names.count <= 64, "one bit a member")
        self.names = NameTable(names)
        old = v201
        requiredOld = required201
        requiredNew = required21
    }

    func allowed(in version: OCPPVersion) -> UInt64 { version == .v21 ? .max : old }

    func required(in version: OCPPVersion, isStored: Bool) -> UInt64 {
        isStored ? requiredOld & requiredNew : version == .v21 ? requiredNew : requiredOld
    }
}
