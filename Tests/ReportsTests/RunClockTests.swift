import Testing

@testable import Reports

@Suite("Run clock")
struct RunClockTests {
    private static let day: Int64 = 86_400_000_000

    @Test("dates are right across leap days and year ends")
    func dates() throws {
        let leap = try #require(RunClock(iso: "2024-02-28T18:30:00"))
        #expect(leap.text(0) == "Wed 28 Feb 2024, 18:30")
        #expect(leap.dateText(Self.day) == "Thu 29 Feb 2024")
        #expect(leap.dateText(2 * Self.day) == "Fri 1 Mar 2024")
        let year = try #require(RunClock(iso: "2025-12-31"))
        #expect(year.text(Self.day - 1_000_000) == "Wed 31 Dec 2025, 23:59")
        #expect(year.dateText(Self.day) == "Thu 1 Jan 2026")
        #expect(try #require(RunClock(iso: "1970-01-01T00:00:00")).epochMilliseconds == 0)
        #expect(try #require(RunClock(iso: "2000-03-01T00:00:00")).epochMilliseconds == 951_868_800_000)
    }

    @Test("hours of the week start on Monday, whatever time of day the run starts at")
    func hours() throws {
        let monday = try #require(RunClock(iso: "2025-01-06T00:00:00"))
        #expect(monday.hourOfWeek(0) == 0)
        #expect(monday.hourOfWeek(7 * Self.day - 1) == 167)
        let evening = try #require(RunClock(iso: "2025-01-12T22:15:00"))
        #expect(evening.hourOfWeek(0) == 6 * 24 + 22)
        #expect(evening.hourOfWeek(7_200_000_000) == 0)
        #expect(evening.day(6_300_000_000) == 1 && evening.day(6_299_999_999) == 0)
        #expect(evening.minuteOfDay(0) == 22 * 60 + 15)
    }

    @Test(
        "texts that are no date are refused",
        arguments: ["", "soon", "2025-13-01", "2025-01-06T99999999:00", "99999999999-01-01"])
    func refused(text: String) { #expect(RunClock(iso: text) == nil) }
}
