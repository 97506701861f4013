public import OCPP

extension JSONReader {
    /// A date-time of RFC 3339; in 1.6 whatever ISO 8601 allows, in ``zone`` where it has no offset.
    @inline(never) public mutating func timestamp() throws(SchemaViolation) -> Timestamp {
        let at = try stringToken()
        if !lastHasEscapes, let value = canonicalTimestamp() { return onOwnClock(value) }
        let text = lastString
        let value = version == .v16 ? Timestamp(lenient: text, zone: zone) : Timestamp(text: text)
        guard let value else {
            throw violation(
                .formatViolation, at: at, version == .v16 ? "not a date-time" : "not a date-time of RFC 3339")
        }
        return onOwnClock(value)
    }

    private func onOwnClock(_ value: Timestamp) -> Timestamp {
        let (own, overflow) = value.microseconds.subtractingReportingOverflow(clockOffset)
        return overflow ? value : Timestamp(microseconds: own)
    }

    /// The string read last when it is a date-time as most peers write it: `2025-01-06T17:03:09Z` or with
    /// milliseconds, `2025-01-06T17:03:09.250Z`. `nil` for any other form, right or wrong.
    private func canonicalTimestamp() -> Timestamp? {
        let length = lastEnd - lastStart
        guard length == 20 || length == 24 else { return nil }
        let span = bytes.span
        let text = span.bytes
        let first = text.word(at: lastStart)  // YYYY-MM-
        let middle = text.word(at: lastStart + 8)  // DDTHH:MM
        guard first & 0xFF00_00FF_0000_0000 == 0x2D00_002D_0000_0000,
            middle & 0x0000_FF00_00FF_0000 == 0x0000_3A00_0054_0000,
            text.byte(at: lastStart + 16) == UInt8(ascii: ":"), text.byte(at: lastEnd - 1) == UInt8(ascii: "Z"),
            let century = digits(0), let yearOfCentury = digits(2), let month = digits(5), let day = digits(8),
            let hour = digits(11), let minute = digits(14), let second = digits(17)
        else { return nil }
        var microseconds: Int64 = 0
        if length == 24 {
            guard text.byte(at: lastStart + 19) == UInt8(ascii: "."), let tens = digits(20), let ones = digits(21)
            else {
                return nil
            }
            microseconds = (tens * 10 + ones % 10) * 1000
        }
        let year = century * 100 + yearOfCentury
        guard 1...12 ~= month, 1...(month == 2 ? 28 : 30) ~= day, hour < 24, minute < 60, second < 60 else {
            return nil
        }
        let shiftedYear = month <= 2 ? year - 1 : year
        guard shiftedYear >= 0 else { return nil }
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let days = shiftedYear * 365 + shiftedYear / 4 - shiftedYear / 100 + shiftedYear / 400 + dayOfYear - 719_468
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second
        return Timestamp(microseconds: seconds * 1_000_000 + microseconds)
    }

    /// The number of two digits at `offset` of the string read last.
    private func digits(_ offset: Int) -> Int64? {
        let tens = bytes[lastStart + offset] &- UInt8(ascii: "0")
        let ones = bytes[lastStart + offset + 1] &- UInt8(ascii: "0")
        guard tens < 10, ones < 10 else { return nil }
        return Int64(tens) * 10 + Int64(ones)
    }
}
