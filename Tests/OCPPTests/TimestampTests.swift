import OCPP
import Testing

@Suite("Timestamp")
struct TimestampTests {
    @Test(
        "RFC 3339 text is read as the instant it names",
        arguments: [
            ("1970-01-01T00:00:00Z", 0),
            ("2025-01-06T17:03:09Z", 1_736_182_989_000_000),
            ("2025-01-06T18:03:09.25+01:00", 1_736_182_989_250_000),
            ("2025-01-06t12:33:09.250999999-04:30", 1_736_182_989_250_999),
            ("2000-02-29T23:59:60Z", 951_868_800_000_000),
            ("1969-12-31T23:59:59.999Z", -1000),
            ("0000-01-01T00:00:00Z", -62_167_219_200_000_000),
            ("9999-12-31T23:59:59Z", 253_402_300_799_000_000),
        ])
    func reads(text: String, microseconds: Int64) {
        #expect(Timestamp(text: text)?.microseconds == microseconds)
    }

    @Test(
        "text that is no RFC 3339 date-time is refused",
        arguments: [
            "", "2025-01-06", "2025-01-06T17:03:09", "2025-13-06T17:03:09Z", "2025-02-29T17:03:09Z",
            "2025-01-06T24:03:09Z", "2025-01-06T17:60:09Z", "2025-01-06T17:03:61Z", "2025-01-06T17:03:09.Z",
            "2025-01-06T17:03:09+25:00", "2025-01-06T17:03:09Z ", "2025-01-06T17:03:0９Z", "+025-01-06T17:03:09Z",
        ])
    func refuses(text: String) { #expect(Timestamp(text: text) == nil) }

    @Test("every whole millisecond survives writing and reading, over four centuries")
    func roundTrip() {
        var instant = Timestamp(microseconds: -6_106_017_600_000_000)  // 1776-07-04
        while instant < Timestamp(microseconds: 6_500_000_000_000_000) {
            #expect(Timestamp(text: instant.text) == instant, "\(instant.text)")
            instant = instant.adding(microseconds: 86_399_999_000 * 13)
        }
    }

    @Test("at most three fraction digits are written, and none where there are none")
    func fractions() {
        #expect(Timestamp(microseconds: 1_736_182_989_250_999).text == "2025-01-06T17:03:09.250Z")
        #expect(Timestamp(microseconds: 1_736_182_989_000_999).text == "2025-01-06T17:03:09Z")
        #expect(Timestamp(microseconds: -1).text == "1969-12-31T23:59:59.999Z")
        #expect(Timestamp.distantFuture.text == "9999-12-31T23:59:59.999Z")
        #expect(Timestamp.distantPast.text == "0000-01-01T00:00:00Z")
    }

    @Test("cutting to milliseconds goes back in time, also before 1970", arguments: [-1500, -1, 0, 1, 999, 1000, 1999])
    func wholeMilliseconds(microseconds: Int64) {
        let cut = Timestamp(microseconds: microseconds).wholeMilliseconds.microseconds
        #expect(cut % 1000 == 0)
        #expect(cut <= microseconds && microseconds - cut < 1000)
    }
}
