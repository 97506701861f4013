/// What a local clock shows: offsets from UTC and when they change.
///
/// A class, so that whoever reads times carries one pointer to an immutable table, or none for UTC.
public final class LocalTimeZone: Sendable {
    /// From `start` on (microseconds since 1970, UTC) the clock is `offset` microseconds ahead of UTC.
    private struct Period: Sendable {
        var start: Int64
        var offset: Int64
    }

    private let periods: [Period]

    /// - Parameters:
    ///   - offsetS: seconds east of UTC before the first change.
    ///   - changes: instants in ascending order, and the offset from then on.
    public init(offsetS: Int, changes: [(at: Timestamp, offsetS: Int)] = []) {
        periods =
            [Period(start: .min, offset: Int64(offsetS) * 1_000_000)]
            + changes.map { Period(start: $0.at.microseconds, offset: Int64($0.offsetS) * 1_000_000) }
    }

    /// The instant at which the local clock shows `local`, microseconds since 1970-01-01T00:00:00 by that clock.
    ///
    /// A time that comes twice is the first of the two; one that is skipped counts by the offset before.
    func instant(local: Int64) -> Timestamp {
        for (index, period) in periods.enumerated() {
            let instant = local - period.offset
            let end = index + 1 < periods.count ? periods[index + 1].start : .max
            if instant < end { return Timestamp(microseconds: max(instant, skipped(period, index, instant))) }
        }
        return Timestamp(microseconds: local)
    }

    /// Before the period begins there is only the hour that its beginning skips: it counts by the offset before.
    private func skipped(_ period: Period, _ index: Int, _ instant: Int64) -> Int64 {
        guard index > 0, instant < period.start else { return instant }
        return instant + period.offset - periods[index - 1].offset
    }
}
