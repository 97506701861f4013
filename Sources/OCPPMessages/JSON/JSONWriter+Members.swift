internal import OCPP

/// What an object's `write(to:)` calls: members by their index, left out when `nil`.
extension JSONWriter {
    @inline(never) mutating func member(_ table: MemberTable, _ index: Int, _ value: String?) {
        guard let value else { return }
        name(table, index)
        append(value)
    }

    @inline(never) mutating func member(_ table: MemberTable, _ index: Int, _ value: Int?) {
        guard let value else { return }
        name(table, index)
        append(value)
    }

    @inline(never) mutating func member(_ table: MemberTable, _ index: Int, _ value: Double?) {
        guard let value else { return }
        name(table, index)
        append(value)
    }

    /// A number that was an integer before 2.1: rounded for 2.0.1.
    @inline(never) mutating func member(_ table: MemberTable, _ index: Int, integralIn201 value: Double?) {
        member(table, index, version == .v201 ? value?.rounded() : value)
    }

    /// A number of which 1.6 and 2.0.1 take one decimal: the rest is cut off for them, since a limit must not grow.
    @inline(never) mutating func member(_ table: MemberTable, _ index: Int, tenths value: Double?) {
        guard let value, version != .v21, value.magnitude < 1e14 else { return member(table, index, value) }
        let tenths = (value.magnitude * 10 + 1e-6).rounded(.down) / 10
        member(table, index, value < 0 ? -tenths : tenths)
    }

    @inline(never) mutating func member(_ table: MemberTable, _ index: Int, _ value: Bool?) {
        guard let value else { return }
        name(table, index)
        append(value)
    }

    @inline(never) mutating func member(_ table: MemberTable, _ index: Int, _ value: Timestamp?) {
        guard let value else { return }
        name(table, index)
        append(value)
    }

    @inline(never) mutating func member(_ table: MemberTable, _ index: Int, _ value: JSONText?) {
        guard let value else { return }
        name(table, index)
        append(value)
    }

    mutating func member<T: OCPPObject>(_ table: MemberTable, _ index: Int, _ value: T?) {
        guard let value else { return }
        name(table, index)
        value.write(to: &self)
    }

    /// A required word goes out even when the version does not know it: leaving it out would be no better.
    mutating func member<T: OCPPEnumeration>(_ table: MemberTable, _ index: Int, _ value: T) {
        member(table, index, word: Int(value.rawValue), of: T.names)
    }

    @inline(never)
    private mutating func member(_ table: MemberTable, _ index: Int, word: Int, of names: NameTable) {
        name(table, index)
        append(word: word, of: names)
    }

    /// An optional word is left out when the version does not know it.
    mutating func member<T: OCPPEnumeration>(_ table: MemberTable, _ index: Int, ifKnown value: T?) {
        guard let value, value.isIn(version) else { return }
        member(table, index, word: Int(value.rawValue), of: T.names)
    }

    mutating func member<T: OCPPObject>(_ table: MemberTable, _ index: Int, list: [T]?, isRequired: Bool) {
        guard let list, begin(table, index, list.count, isRequired) else { return }
        for value in list {
            separate()
            value.write(to: &self)
        }
        endArray()
    }

    mutating func member<T: OCPPEnumeration>(_ table: MemberTable, _ index: Int, words: [T]?, isRequired: Bool) {
        guard let list = words?.filter({ $0.isIn(version) }), begin(table, index, list.count, isRequired) else {
            return
        }
        for value in list {
            separate()
            append(value)
        }
        endArray()
    }

    @inline(never) mutating func member(_ table: MemberTable, _ index: Int, strings list: [String]?, isRequired: Bool) {
        guard let list, begin(table, index, list.count, isRequired) else { return }
        for value in list {
            separate()
            append(value)
        }
        endArray()
    }

    @inline(never) mutating func member(_ table: MemberTable, _ index: Int, integers list: [Int]?, isRequired: Bool) {
        guard let list, begin(table, index, list.count, isRequired) else { return }
        for value in list {
            separate()
            append(value)
        }
        endArray()
    }

    @inline(never) mutating func member(_ table: MemberTable, _ index: Int, numbers list: [Double]?, isRequired: Bool) {
        guard let list, begin(table, index, list.count, isRequired) else { return }
        for value in list {
            separate()
            append(value)
        }
        endArray()
    }

    /// Opens the array of a member; not for an empty optional one of 2.x.
    @inline(never) private mutating func begin(
        _ table: MemberTable, _ index: Int, _ count: Int, _ isRequired: Bool
    ) -> Bool {
        guard count > 0 || isRequired || version == .v16 else { return false }
        name(table, index)
        beginArray()
        return true
    }
}
