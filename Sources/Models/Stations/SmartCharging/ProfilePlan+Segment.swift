internal import OCPP

extension ProfilePlan {
    /// What a profile says from an instant on, and until when it says so.
    struct Segment: Hashable, Sendable, BitwiseCopyable {
        /// Index of the period in force; `nil` when the profile defines none.
        var period: Int?
        /// First later instant at which this may be different; `distantFuture` for never.
        var end: Timestamp
    }

    /// The segment that holds `now`.
    ///
    /// O(log periods), whatever the number of recurrences that have passed.
    /// - Parameter chargingStart: when charging starts, the origin of relative schedules.
    /// - Source: OCPP 2.0.1 part 2, section K.3.5; OCPP 1.6 edition 2, section 3.13.2 and its errata 3.79.
    func segment(at now: Timestamp, chargingStart: Timestamp) -> Segment {
        if let validFrom, now < validFrom { return Segment(period: nil, end: validFrom) }
        let never = Timestamp.distantFuture
        let limit = validTo ?? never
        guard now < limit else { return Segment(period: nil, end: never) }
        let origin = kind == .relative ? chargingStart : start ?? chargingStart
        guard now >= origin else { return Segment(period: nil, end: min(origin, limit)) }

        var elapsed = now.microseconds - origin.microseconds
        var length = duration
        if let recurrence = kind.recurrence {
            elapsed %= recurrence
            length = min(duration ?? recurrence, recurrence)
        }
        let turn = now.adding(microseconds: -elapsed)  // start of the present recurrence
        let index = lastPeriod(startingBy: elapsed)
        if let length, elapsed >= length {
            guard let recurrence = kind.recurrence else { return Segment(period: nil, end: never) }
            return Segment(period: nil, end: min(turn.adding(microseconds: recurrence), limit))
        }
        let next = (index ?? -1) + 1
        var end = next < periods.count ? turn.adding(microseconds: periods[next].start) : never
        if let length { end = min(end, turn.adding(microseconds: length)) }
        return Segment(period: index, end: min(end, limit))
    }

    /// Index of the last period that starts at or before `elapsed`; `nil` before the first.
    private func lastPeriod(startingBy elapsed: Int64) -> Int? {
        var low = 0
        var high = periods.count
        while low < high {
            let middle = (low + high) / 2
            if periods[middle].start <= elapsed { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? low - 1 : nil
    }
}
