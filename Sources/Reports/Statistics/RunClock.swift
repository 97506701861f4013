/// Local civil time of a run: microseconds since its start to dates, weekdays and hours.
struct RunClock: Sendable {
    static let microsecondsPerDay: Int64 = 86_400_000_000
    static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Microseconds from 1970-01-01T00:00 local time to the start of the run.
    private let epoch: Int64
    /// Hours from the year's beginning to the start; 31 December of a leap year repeats 30 December.
    private let startHourOfYear: Double

    /// - Parameter iso: `2025-01-06T00:00:00` (the time of day may be left out); nil when it is not such a text.
    init?(iso: String) {
        let fields = iso.split(whereSeparator: { "-T: ".contains($0) }).map {
            Int64($0.prefix { $0 != "." && $0 != "Z" })
        }
        guard fields.count >= 3, let year = fields[0], let month = fields[1], let day = fields[2],
            (0...9999).contains(year), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        var seconds = Self.days(year: year, month: month, day: day) * 86_400
        for (index, unit) in [Int64(3600), 60, 1].enumerated() where fields.count > 3 + index {
            guard let value = fields[3 + index], (0..<86_400).contains(value) else { return nil }
            seconds += value * unit
        }
        epoch = seconds * 1_000_000
        let dayOfYear = min(
            364, Self.days(year: year, month: month, day: day) - Self.days(year: year, month: 1, day: 1))
        let sinceMidnight = seconds - Self.days(year: year, month: month, day: day) * 86_400
        startHourOfYear = Double(dayOfYear * 24) + Double(sinceMidnight) / 3600
    }

    /// Hour of a year of 8,760 hours, 0 ..< 8760, counted on from the start.
    func hourOfYear(_ us: Int64) -> Int { Int(startHourOfYear + Double(us) / 3.6e9) % 8760 }

    /// Hour of the week, 0 ..< 168 from Monday 00:00.
    func hourOfWeek(_ us: Int64) -> Int {
        weekday(us) * 24 + Int(Self.modulo(epoch + us, Self.microsecondsPerDay) / 3_600_000_000)
    }
    /// 0 is Monday.
    func weekday(_ us: Int64) -> Int {
        // 1970-01-01 was a Thursday.
        Int(Self.modulo(Self.floorDivide(epoch + us, Self.microsecondsPerDay) + 3, 7))
    }
    /// Whole minutes since local midnight.
    func minuteOfDay(_ us: Int64) -> Int { Int(Self.modulo(epoch + us, Self.microsecondsPerDay) / 60_000_000) }
    /// Calendar days since the day of the start.
    func day(_ us: Int64) -> Int {
        Int(Self.floorDivide(epoch + us, Self.microsecondsPerDay) - Self.floorDivide(epoch, Self.microsecondsPerDay))
    }
    /// Start of the `n`-th calendar day of the run, microseconds since the start (not positive for day 0).
    func startOfDay(_ n: Int) -> Int64 {
        Int64(n) * Self.microsecondsPerDay - Self.modulo(epoch, Self.microsecondsPerDay)
    }
    /// Milliseconds since 1970-01-01T00:00 local time at the start, for scripts that do calendar arithmetic in UTC.
    var epochMilliseconds: Int64 { epoch / 1000 }

    /// `Mon 6 Jan 2025`
    func dateText(_ us: Int64) -> String {
        let (year, month, day) = Self.civil(days: Self.floorDivide(epoch + us, Self.microsecondsPerDay))
        return "\(WeekProfile.weekdays[weekday(us)]) \(day) \(Self.months[month - 1]) \(year)"
    }
    /// `Mon 6 Jan 2025, 18:15`
    func text(_ us: Int64) -> String {
        let minute = minuteOfDay(us)
        return "\(dateText(us)), \(Self.twoDigits(minute / 60)):\(Self.twoDigits(minute % 60))"
    }

    static func twoDigits(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }

    private static func modulo(_ a: Int64, _ b: Int64) -> Int64 { ((a % b) + b) % b }
    private static func floorDivide(_ a: Int64, _ b: Int64) -> Int64 { (a - modulo(a, b)) / b }

    /// Days from 1970-01-01 in the proleptic Gregorian calendar.
    /// - Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let y = month <= 2 ? year - 1 : year
        let era = floorDivide(y, 400)
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(days: Int64) -> (year: Int, month: Int, day: Int) {
        let z = days + 719_468
        let era = floorDivide(z, 146_097)
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (
            Int(yearOfEra + era * 400 + (month <= 2 ? 1 : 0)), Int(month), Int(dayOfYear - (153 * shifted + 2) / 5 + 1)
        )
    }
}
