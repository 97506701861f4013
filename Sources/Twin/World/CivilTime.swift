public import Sim

/// A local civil date and time, whole seconds, proleptic Gregorian calendar, no time zone and no daylight saving.
///
/// A world's `start` is one of these; simulated local time is `start` plus ``SimTime``.
public struct CivilTime: Hashable, Sendable, Codable {
    public var year: Int
    /// 1 ... 12.
    public var month: Int
    /// 1 ... 31.
    public var day: Int
    /// 0 ... 23.
    public var hour: Int
    /// 0 ... 59.
    public var minute: Int
    /// 0 ... 59.
    public var second: Int

    /// - Returns: `nil` when the fields name no instant of the calendar.
    public init?(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
        guard (1...9999).contains(year), (1...12).contains(month), (0..<24).contains(hour), (0..<60).contains(minute),
            (0..<60).contains(second), day >= 1, day <= Self.daysIn(month: month, year: year)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    /// Reads `2025-01-06`, `2025-01-06T08:30` or `2025-01-06T08:30:00` (a space may stand for the `T`).
    public init?(isoText: String) {
        let halves = isoText.split(whereSeparator: { $0 == "T" || $0 == " " })
        guard let dateText = halves.first, halves.count <= 2 else { return nil }
        let date = dateText.split(separator: "-", omittingEmptySubsequences: false).map { Self.digits($0) }
        let clock =
            halves.count == 2
            ? halves[1].split(separator: ":", omittingEmptySubsequences: false).map { Self.digits($0) } : []
        guard date.count == 3, clock.count <= 3, clock.count != 1, dateText.utf8.count == 10,
            !date.contains(-1), !clock.contains(-1)
        else { return nil }
        self.init(
            year: date[0], month: date[1], day: date[2], hour: clock.first ?? 0, minute: clock.count > 1 ? clock[1] : 0,
            second: clock.count > 2 ? clock[2] : 0)
    }

    /// The instant `seconds` after 1970-01-01T00:00:00 on the same wall clock.
    public init(secondsSince1970 seconds: Int64) {
        let days = Int((Double(seconds) / 86_400).rounded(.down))
        let rest = Int(seconds - Int64(days) * 86_400)
        // Howard Hinnant's civil_from_days, in eras of 400 years.
        let z = days + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfShiftedYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfShiftedYear + 2) / 153
        day = dayOfShiftedYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        hour = rest / 3600
        minute = rest / 60 % 60
        second = rest % 60
    }

    /// Days from 1970-01-01 to this date.
    public var daysSince1970: Int {
        let y = month <= 2 ? year - 1 : year
        let era = (y >= 0 ? y : y - 399) / 400
        let yearOfEra = y - era * 400
        let shiftedMonth = month > 2 ? month - 3 : month + 9
        let dayOfYear = (153 * shiftedMonth + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// Seconds from 1970-01-01T00:00:00 on the same wall clock.
    public var secondsSince1970: Int64 { Int64(daysSince1970) * 86_400 + Int64(secondOfDay) }

    /// 0 ..< 86,400.
    public var secondOfDay: Int { hour * 3600 + minute * 60 + second }

    /// 0 = Monday ... 6 = Sunday.
    public var weekday: Int { ((daysSince1970 + 3) % 7 + 7) % 7 }

    /// 1 = 1 January ... 365 or 366.
    public var dayOfYear: Int {
        (1..<month).reduce(day) { $0 + Self.daysIn(month: $1, year: year) }
    }

    /// Hour of the year 0 ..< 8,760, the index into hourly tables; 31 December of a leap year repeats 30 December.
    public var hourOfYear: Int { (min(dayOfYear, 365) - 1) * 24 + hour }

    /// `2025-01-06T00:00:00`.
    public var isoText: String {
        func padded(_ n: Int, _ width: Int = 2) -> String {
            let text = String(n)
            return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
        }
        return "\(padded(year, 4))-\(padded(month))-\(padded(day))T\(padded(hour)):\(padded(minute)):\(padded(second))"
    }

    /// The wall clock `time` after this instant, cut to the whole second.
    public func advanced(by time: SimTime) -> CivilTime {
        CivilTime(secondsSince1970: secondsSince1970 + Int64((Double(time.microseconds) / 1e6).rounded(.down)))
    }

    /// Days in a month of the Gregorian calendar.
    public static func daysIn(month: Int, year: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The number of a run of one to four digits, -1 for anything else.
    private static func digits(_ text: Substring) -> Int {
        guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return -1 }
        return Int(text) ?? -1
    }
}
