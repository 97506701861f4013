import Models

/// The holidays of the regions, and on which days they fall.
///
/// - Source: North America: factors of a county's public stations in 2023 and 2024 (`holidays_us` of
///   `reference/arrivals_by_market.json`, middle of the range) for town; trunk roads and the weekend after Thanksgiving:
///   1.24 and 1.21 of a mean day (Paren, 2024). Europe: 25 December 0.16 to 0.54 of a normal day (domain reference 6.1a).
///   Where people work, the weekend's share; everything else is an estimate.
enum Holidays {
    static func days(of market: Market) -> [HolidaySpec] {
        switch market {
        case .northAmerica: northAmerica
        case .europe: europe
        }
    }

    private static func date(_ month: Int, _ day: Int) -> HolidaySpec.Day { .date(year: nil, month: month, day: day) }

    private static let northAmerica: [HolidaySpec] = [
        HolidaySpec(day: date(1, 1), work: 0.15, town: 0.37, travel: 1),
        HolidaySpec(day: .weekday(0, number: 3, month: 1, plus: 0), work: 0.6, town: 1, travel: 1),
        HolidaySpec(day: .weekday(0, number: 3, month: 2, plus: 0), work: 0.6, town: 1, travel: 1),
        HolidaySpec(day: .weekday(0, number: -1, month: 5, plus: 0), work: 0.15, town: 0.57, travel: 1.1),
        HolidaySpec(day: date(6, 19), work: 0.6, town: 1, travel: 1),
        HolidaySpec(day: date(7, 4), work: 0.15, town: 0.4, travel: 1),
        HolidaySpec(day: .weekday(0, number: 1, month: 9, plus: 0), work: 0.15, town: 0.51, travel: 1.1),
        HolidaySpec(day: .weekday(0, number: 2, month: 10, plus: 0), work: 0.8, town: 1, travel: 1),
        HolidaySpec(day: date(11, 11), work: 0.8, town: 1, travel: 1),
        HolidaySpec(day: .weekday(3, number: 4, month: 11, plus: 0), work: 0.1, town: 0.35, travel: 0.9),
        HolidaySpec(day: .weekday(3, number: 4, month: 11, plus: 1), work: 0.25, town: 0.58, travel: 1.1),
        HolidaySpec(day: .weekday(3, number: 4, month: 11, plus: 2), work: 1, town: 1, travel: 1.24),
        HolidaySpec(day: .weekday(3, number: 4, month: 11, plus: 3), work: 1, town: 1, travel: 1.21),
        HolidaySpec(day: date(12, 24), work: 0.4, town: 0.7, travel: 1),
        HolidaySpec(day: date(12, 25), work: 0.1, town: 0.34, travel: 0.6),
    ]

    private static let europe: [HolidaySpec] = [
        HolidaySpec(day: date(1, 1), work: 0.1, town: 0.5, travel: 0.8),
        HolidaySpec(day: .easter(-2), work: 0.15, town: 0.8, travel: 1.1),
        HolidaySpec(day: .easter(1), work: 0.1, town: 0.8, travel: 1.1),
        HolidaySpec(day: date(5, 1), work: 0.15, town: 0.8, travel: 1),
        HolidaySpec(day: .easter(39), work: 0.4, town: 0.9, travel: 1),
        HolidaySpec(day: .easter(50), work: 0.15, town: 0.8, travel: 1.1),
        HolidaySpec(day: date(12, 24), work: 0.3, town: 0.7, travel: 1),
        HolidaySpec(day: date(12, 25), work: 0.1, town: 0.35, travel: 0.55),
        HolidaySpec(day: date(12, 26), work: 0.1, town: 0.6, travel: 0.9),
        HolidaySpec(day: date(12, 31), work: 0.4, town: 0.7, travel: 0.8),
    ]

    /// For each day from the world's start, its row: 0 for none, else 1 + its index among `holidays`, the last that
    /// falls on the day.
    static func rows(_ holidays: [HolidaySpec], from start: CivilTime, days: Int) -> ContiguousArray<UInt8> {
        var rows = ContiguousArray<UInt8>(repeating: 0, count: days)
        let first = start.daysSince1970
        let lastYear = CivilTime(secondsSince1970: Int64(first + days) * 86_400).year
        for year in start.year...max(start.year, lastYear) {
            for (index, holiday) in holidays.enumerated() {
                guard let date = date(of: holiday.day, in: year) else { continue }
                let day = date.daysSince1970 - first
                if rows.indices.contains(day) { rows[day] = UInt8(index + 1) }
            }
        }
        return rows
    }

    /// The day in a year; `nil` when it has none.
    static func date(of day: HolidaySpec.Day, in year: Int) -> CivilTime? {
        switch day {
        case .date(let only, let month, let day):
            return only == nil || only == year ? CivilTime(year: year, month: month, day: day) : nil
        case .easter(let plus):
            return easter(year).map { moved($0, by: plus) }
        case .weekday(let weekday, let number, let month, let plus):
            let length = CivilTime.daysIn(month: month, year: year)
            guard let first = CivilTime(year: year, month: month, day: 1) else { return nil }
            let offset = (weekday - first.weekday + 7) % 7
            let day = number > 0 ? 1 + offset + 7 * (number - 1) : 1 + offset + 7 * ((length - 1 - offset) / 7)
            return moved(first, by: day - 1 + plus)
        }
    }

    private static func moved(_ date: CivilTime, by days: Int) -> CivilTime {
        CivilTime(secondsSince1970: Int64(date.daysSince1970 + days) * 86_400)
    }

    /// Easter Sunday.
    ///
    /// - Source: the anonymous Gregorian algorithm (Meeus, "Astronomical Algorithms", chapter 8).
    static func easter(_ year: Int) -> CivilTime? {
        let (a, b, c) = (year % 19, year / 100, year % 100)
        let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30
        let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7
        let m = (a + 11 * h + 22 * l) / 451
        let n = h + l - 7 * m + 114
        return CivilTime(year: year, month: n / 31, day: n % 31 + 1)
    }
}
