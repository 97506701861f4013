internal import OCPP

extension Timestamp {
    /// This instant `seconds` later, however many that are: the distant future where time would run over.
    func after(seconds: Int) -> Timestamp {
        let (span, isTooLong) = Int64(clamping: seconds).multipliedReportingOverflow(by: 1_000_000)
        let (sum, runsOver) = microseconds.addingReportingOverflow(span)
        return isTooLong || runsOver ? (seconds < 0 ? .distantPast : .distantFuture) : Timestamp(microseconds: sum)
    }

    /// The first whole multiple of `seconds` since midnight UTC that lies after this instant; midnight itself is one.
    /// - Parameter seconds: at least 1.
    func nextAligned(seconds: Int) -> Timestamp {
        let day: Int64 = 86_400_000_000
        let interval = Int64(min(max(seconds, 1), 86_400)) * 1_000_000
        let sinceMidnight = (microseconds % day + day) % day
        let next = min((sinceMidnight / interval + 1) * interval, day)
        let (sum, runsOver) = microseconds.addingReportingOverflow(next - sinceMidnight)
        return runsOver ? .distantFuture : Timestamp(microseconds: sum)
    }

    /// Seconds from `other` to this instant; saturates.
    func seconds(since other: Timestamp) -> Double {
        let (span, runsOver) = microseconds.subtractingReportingOverflow(other.microseconds)
        return runsOver ? (self < other ? -9e12 : 9e12) : Double(span) / 1_000_000
    }
}
