/// An instant on the wire: whole microseconds since 1970-01-01T00:00:00Z.
///
/// Frames carry at most three fraction digits, so whatever goes into a frame is first cut to ``wholeMilliseconds``:
/// then a typed and an encoded run see the same instants.
/// - Source: RFC 3339; OCPP 2.0.1 part 4, "date-time: at most 3 decimal places".
@frozen
public struct Timestamp: Hashable, Comparable, Sendable, BitwiseCopyable, Codable {
    public var microseconds: Int64

    @inlinable public init(microseconds: Int64) { self.microseconds = microseconds }
    /// Later than every instant that can be written; the deadline of a timer that does not run.
    @inlinable public static var distantFuture: Timestamp { Timestamp(microseconds: .max) }
    /// Earlier than every instant that can be written.
    @inlinable public static var distantPast: Timestamp { Timestamp(microseconds: .min) }

    @inlinable public static func < (a: Timestamp, b: Timestamp) -> Bool { a.microseconds < b.microseconds }

    /// This instant `seconds` later; earlier when negative.
    @inlinable public func adding(seconds: Int64) -> Timestamp {
        Timestamp(microseconds: microseconds + seconds * 1_000_000)
    }
    /// This instant `microseconds` later; earlier when negative.
    @inlinable public func adding(microseconds more: Int64) -> Timestamp {
        Timestamp(microseconds: microseconds + more)
    }

    /// The instant as a frame can say it: cut, not rounded, to a whole millisecond.
    @inlinable public var wholeMilliseconds: Timestamp {
        let rest = microseconds % 1000
        return Timestamp(microseconds: microseconds - (rest < 0 ? rest + 1000 : rest))
    }
}

// MARK: - Text

extension Timestamp {
    static let microsecondsPerDay: Int64 = 86_400_000_000
    /// 0000-01-01T00:00:00Z and the first instant of year 10000, between which RFC 3339 can write.
    private static let writable: Range<Int64> = -62_167_219_200_000_000..<253_402_300_800_000_000

    /// RFC 3339 text in UTC, whole seconds or three fraction digits: `2025-01-06T17:03:09.250Z`.
    ///
    /// Instants outside the years 0 to 9999, which the format cannot say, are written as its nearest end.
    public var text: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24)
        appendText(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends ``text``.
    public func appendText(to bytes: inout [UInt8]) {
        let clamped = min(max(microseconds, Self.writable.lowerBound), Self.writable.upperBound - 1)
        var days = clamped / Self.microsecondsPerDay
        var rest = clamped % Self.microsecondsPerDay
        if rest < 0 {
            days -= 1
            rest += Self.microsecondsPerDay
        }
        let date = CalendarDay(daysSinceEpoch: days)
        let second = rest / 1_000_000
        let millisecond = rest % 1_000_000 / 1000
        Self.appendPair(date.year / 100, to: &bytes)
        Self.appendPair(date.year % 100, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        Self.appendPair(date.month, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        Self.appendPair(date.day, to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        Self.appendPair(second / 3600, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        Self.appendPair(second / 60 % 60, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        Self.appendPair(second % 60, to: &bytes)
        if millisecond > 0 {
            bytes.append(UInt8(ascii: "."))
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: millisecond / 100))
            Self.appendPair(millisecond % 100, to: &bytes)
        }
        bytes.append(UInt8(ascii: "Z"))
    }

    /// Reads RFC 3339 text with any offset and any number of fraction digits (those beyond microseconds are cut).
    ///
    /// A leap second (`:60`) is read as the first instant of the next minute, as POSIX time has it.
    /// `nil` when the text is not a valid RFC 3339 date-time.
    public init?(text: String) {
        var reader = DigitReader(bytes: Array(text.utf8))
        guard let year = reader.number(digits: 4), reader.take("-"), let month = reader.number(digits: 2),
            reader.take("-"), let day = reader.number(digits: 2),
            reader.take("T") || reader.take("t") || reader.take(" "),
            let hour = reader.number(digits: 2), reader.take(":"), let minute = reader.number(digits: 2),
            reader.take(":"), let second = reader.number(digits: 2), hour < 24, minute < 60, second <= 60,
            let date = CalendarDay(year: year, month: month, day: day), let fraction = reader.fractionMicroseconds(),
            let offsetMinutes = reader.offsetMinutes(), reader.isAtEnd
        else { return nil }
        let seconds = hour * 3600 + (minute - offsetMinutes) * 60 + second
        microseconds = date.daysSinceEpoch * Self.microsecondsPerDay + seconds * 1_000_000 + fraction
    }

    /// Appends a number below 100 with two digits.
    private static func appendPair(_ value: Int64, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / 10))
        bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10))
    }
}

/// A day of the proleptic Gregorian calendar.
/// - Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil and its inverse.
struct CalendarDay {
    var year: Int64
    var month: Int64
    var day: Int64

    init(daysSinceEpoch: Int64) {
        let shifted = daysSinceEpoch + 719_468  // days since 0000-03-01
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// `nil` when the calendar has no such day.
    init?(year: Int64, month: Int64, day: Int64) {
        guard (1...12).contains(month), day >= 1 else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let length: Int64 =
            switch month {
            case 2: isLeap ? 29 : 28
            case 4, 6, 9, 11: 30
            default: 31
            }
        guard day <= length else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    var daysSinceEpoch: Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}

/// Reads the fields of a date-time from ASCII, left to right.
struct DigitReader {
    let bytes: [UInt8]
    var position = 0

    var isAtEnd: Bool { position == bytes.count }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// Exactly `digits` decimal digits.
    mutating func number(digits: Int) -> Int64? {
        guard position + digits <= bytes.count else { return nil }
        var value: Int64 = 0
        for byte in bytes[position..<position + digits] {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        position += digits
        return value
    }

    var isDigitNext: Bool {
        position < bytes.count && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position])
    }

    /// The optional fraction of a second, in microseconds; `nil` when a point is not followed by a digit.
    mutating func fractionMicroseconds(allowingComma: Bool = false) -> Int64? {
        guard take(".") || allowingComma && take(",") else { return 0 }
        var value: Int64 = 0
        var weight: Int64 = 100_000
        var count = 0
        while let digit = number(digits: 1) {
            value += digit * weight
            weight /= 10
            count += 1
        }
        return count > 0 ? value : nil
    }

    /// Minutes east of UTC: `Z` or `±hh:mm`.
    mutating func offsetMinutes() -> Int64? {
        if take("Z") || take("z") { return 0 }
        let isWest = take("-")
        guard isWest || take("+"), let hours = number(digits: 2), take(":"), let minutes = number(digits: 2),
            hours < 24, minutes < 60
        else { return nil }
        return (isWest ? -1 : 1) * (hours * 60 + minutes)
    }
}
