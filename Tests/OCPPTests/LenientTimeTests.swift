import OCPP
import Testing

@Suite("Times of the field")
struct LenientTimeTests {
    /// Berlin around 2026: an hour ahead, two from 2026-03-29T01:00Z to 2026-10-25T01:00Z.
    private static let berlin = LocalTimeZone(
        offsetS: 3600,
        changes: [
            (Timestamp(microseconds: 1_774_746_000_000_000), 7200),
            (Timestamp(microseconds: 1_792_890_000_000_000), 3600),
        ])

    @Test(
        "point 6: what ISO 8601 allows is read as the instant that it means",
        arguments: [
            ("2026-11-30T20:53:09", "2026-11-30T20:53:09Z"), ("2026-11-30T20:53:09+02", "2026-11-30T18:53:09Z"),
            ("2026-11-30T20:53:09+0230", "2026-11-30T18:23:09Z"), ("2026-11-30T20:53:09-05:00", "2026-12-01T01:53:09Z"),
            ("2026-11-30 20:53:09", "2026-11-30T20:53:09Z"), ("2026-11-30 20:53:09 +02:00", "2026-11-30T18:53:09Z"),
            ("2026-11-30T20:53:09,250Z", "2026-11-30T20:53:09.250Z"), ("2026-11-30T20:53Z", "2026-11-30T20:53:00Z"),
            ("2026-11-30T20:53", "2026-11-30T20:53:00Z"), ("2026-11-30T20:53+01", "2026-11-30T19:53:00Z"),
            ("20261130T205309Z", "2026-11-30T20:53:09Z"), ("20261130T205309", "2026-11-30T20:53:09Z"),
            ("2026-11-30T24:00:00Z", "2026-12-01T00:00:00Z"), ("2026-11-30", "2026-11-30T00:00:00Z"),
            ("2026-11-30t20:53:09z", "2026-11-30T20:53:09Z"),
            ("2026-11-30T20:53:09.1234567+0100", "2026-11-30T19:53:09.123Z"),
        ])
    func forms(text: String, instant: String) {
        #expect(Timestamp(lenient: text, zone: nil)?.wholeMilliseconds == Timestamp(text: instant))
    }

    @Test("an offset in the text counts before the zone; a time without one is that of the zone, in summer and winter")
    func zones() {
        for (text, instant) in [
            ("2026-07-01T12:00:00", "2026-07-01T10:00:00Z"), ("2026-12-01T12:00:00", "2026-12-01T11:00:00Z"),
            ("2026-07-01T12:00:00Z", "2026-07-01T12:00:00Z"), ("2026-07-01T12:00:00+05", "2026-07-01T07:00:00Z"),
            // The hour that comes twice is the first of the two; the one that is skipped counts by the offset before.
            ("2026-10-25T02:30:00", "2026-10-25T00:30:00Z"), ("2026-10-25T03:00:00", "2026-10-25T02:00:00Z"),
            ("2026-03-29T01:59:59", "2026-03-29T00:59:59Z"), ("2026-03-29T02:30:00", "2026-03-29T01:30:00Z"),
            ("2026-03-29T03:00:00", "2026-03-29T01:00:00Z"),
        ] {
            #expect(Timestamp(lenient: text, zone: Self.berlin) == Timestamp(text: instant), "\(text)")
        }
    }

    @Test(
        "what is no time stays none",
        arguments: [
            "", "yesterday", "2026-02-29T00:00:00", "2026-11-30T25:00:00", "2026-11-30T24:00:01", "2026-11-30T20:60:00",
            "2026-11-30T20:53:09+", "2026-11-30T20:53:09+2", "2026-11-30T20:53:09+02:", "2026-11-30T20:53:09+25:00",
            "2026-1130",
            "2026-11-30T20:53:09Zulu", "2026-11-30T", "30.11.2026 20:53", "2026-11-30T20:53:09,", "1764535989",
        ])
    func wrong(text: String) {
        // A date with nothing behind its T is its midnight.
        #expect((Timestamp(lenient: text, zone: nil) == nil) == (text != "2026-11-30T"))
    }
}
