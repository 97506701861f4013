extension Timestamp {
    /// Reads what ISO 8601 allows and charging stations of 1.6 send, where RFC 3339 is stricter.
    ///
    /// A time without offset is local in `zone`, UTC where that is `nil`. The offset may lack its colon or minutes, a space may
    /// stand for the `T` and before the offset, a comma for the point of a fraction; seconds may be missing, the basic
    /// format (`20261130T205309Z`) and `24:00` are read, and a date alone is its midnight.
    /// - Source: ISO 8601-1:2019, 5.2 to 5.4; OCPP 1.6 edition 2, 3.15 "Time notations".
    public init?(lenient text: String, zone: LocalTimeZone?) {
        if let strict = Timestamp(text: text) {
            self = strict
            return
        }
        var reader = DigitReader(bytes: Array(text.utf8))
        guard let days = reader.lenientDays(), let clock = reader.lenientClock() else { return nil }
        let local = days * Self.microsecondsPerDay + clock
        if reader.isAtEnd {
            self = zone?.instant(local: local) ?? Timestamp(microseconds: local)
            return
        }
        guard let offsetMinutes = reader.lenientOffset(), reader.isAtEnd else { return nil }
        microseconds = local - offsetMinutes * 60_000_000
    }
}

extension DigitReader {
    private mutating func takeSpaces() { while take(" ") {} }

    /// Days since 1970 of `YYYY-MM-DD` or `YYYYMMDD`.
    fileprivate mutating func lenientDays() -> Int64? {
        takeSpaces()
        guard let year = number(digits: 4) else { return nil }
        let isExtended = take("-")
        guard let month = number(digits: 2), take("-") == isExtended, let day = number(digits: 2) else { return nil }
        return CalendarDay(year: year, month: month, day: day)?.daysSinceEpoch
    }

    /// Microseconds since midnight; 0 for a date alone.
    fileprivate mutating func lenientClock() -> Int64? {
        if take("T") || take("t") {} else { takeSpaces() }
        if isAtEnd { return 0 }
        guard let hour = number(digits: 2) else { return nil }
        let isExtended = take(":")
        guard let minute = number(digits: 2), hour < 24 || hour == 24 && minute == 0, minute < 60 else { return nil }
        var microseconds = (hour * 60 + minute) * 60_000_000
        guard isExtended ? take(":") : isDigitNext else { return finished(microseconds) }
        guard let second = number(digits: 2), second <= 60, hour < 24 || second == 0 else { return nil }
        microseconds += second * 1_000_000
        guard let fraction = fractionMicroseconds(allowingComma: true), hour < 24 || fraction == 0 else { return nil }
        return finished(microseconds + fraction)
    }

    private mutating func finished(_ microseconds: Int64) -> Int64 {
        takeSpaces()
        return microseconds
    }

    /// Minutes east of UTC: `Z`, `±hh`, `±hhmm` or `±hh:mm`.
    fileprivate mutating func lenientOffset() -> Int64? {
        defer { takeSpaces() }
        if take("Z") || take("z") { return 0 }
        let isWest = take("-")
        guard isWest || take("+"), let hours = number(digits: 2), hours < 24 else { return nil }
        var minutes: Int64 = 0
        if take(":") || isDigitNext {
            guard let more = number(digits: 2), more < 60 else { return nil }
            minutes = more
        }
        return (isWest ? -1 : 1) * (hours * 60 + minutes)
    }
}
