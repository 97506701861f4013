internal import OCPP

/// Names of an object's members or words of an enumeration, found by their bytes without making a string.
public struct NameTable: Sendable {
    /// `"name":` of every name, one after the other.
    let quoted: [UInt8]
    /// Where each name's text begins in ``quoted``, behind its quote; one more for the end.
    let starts: [UInt16]
    /// Open-addressed: index + 1 of the name with that hash; 0 for none.
    private let slots: [UInt8]

    /// - Precondition: at most 200 names, none empty.
    init(_ names: [String]) {
        precondition(names.count <= 200, "a slot is a byte, and a quarter of them stays free")
        var quoted: [UInt8] = []
        var starts: [UInt16] = []
        var slots = [UInt8](repeating: 0, count: 256)
        for (index, name) in names.enumerated() {
            quoted.append(UInt8(ascii: "\""))
            starts.append(UInt16(quoted.count))
            let text = Array(name.utf8)
            quoted += text
            quoted += [UInt8(ascii: "\""), UInt8(ascii: ":")]
            var slot = Self.hash(text, 0, text.count)
            while slots[slot] != 0 { slot = (slot + 1) & 255 }
            slots[slot] = UInt8(index + 1)
        }
        starts.append(UInt16(quoted.count + 1))
        self.quoted = quoted
        self.starts = starts
        self.slots = slots
    }

    /// How many names there are.
    public var count: Int { starts.count - 1 }

    /// The name at `index`.
    public subscript(index: Int) -> String {
        String(decoding: quoted[Int(starts[index])..<Int(starts[index + 1]) - 3], as: UTF8.self)
    }

    /// Index of the name equal to `bytes[from..<to]`, looking at `hint` first.
    func index(of bytes: [UInt8], from: Int, to: Int, hint: Int) -> Int? {
        if hint < count, equals(hint, bytes, from, to) { return hint }
        guard to > from else { return nil }
        var slot = Self.hash(bytes, from, to)
        while slots[slot] != 0 {
            let index = Int(slots[slot]) - 1
            if equals(index, bytes, from, to) { return index }
            slot = (slot + 1) & 255
        }
        return nil
    }

    /// Index of the name equal to `text`.
    public func index(of text: String) -> Int? {
        let bytes = Array(text.utf8)
        return index(of: bytes, from: 0, to: bytes.count, hint: count)
    }

    private static func hash(_ bytes: [UInt8], _ from: Int, _ to: Int) -> Int {
        let length = to - from
        let ends = Int(bytes[from]) &* 7 &+ Int(bytes[to - 1]) &* 131
        return (length &* 31 &+ ends &+ Int(bytes[from + length / 2]) &* 17 &+ Int(bytes[from + length / 3]) &* 61)
            & 255
    }

    private func equals(_ index: Int, _ bytes: [UInt8], _ from: Int, _ to: Int) -> Bool {
        let start = Int(starts[index])
        let length = to - from
        guard Int(starts[index + 1]) - 3 - start == length else { return false }
        var offset = 0
        while offset < length {
            guard quoted[start + offset] == bytes[from + offset] else { return false }
            offset += 1
        }
        return true
    }
}

/// Names of an object's members, with those that each version knows and requires as bit sets.
struct MemberTable: Sendable {
    let names: NameTable
    /// Members of 2.0.1 (of 1.6 for its own types).
    private let old: UInt64
    private let requiredOld: UInt64
    private let requiredNew: UInt64

    /// A type whose members are the same in every version of its family.
    init(_ names: [String], required: UInt64) {
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
