import Models
import Sim

extension WorldSpec {
    /// What is in order but may surprise, each with what to do: sessions of a list that a run does not reach.
    /// - Parameter days: length of the run; `nil`: the world's.
    public func notices(days: Double? = nil) -> [String] {
        let length = days ?? self.days
        let end = SimTime.zero + .rounding(seconds: length * 86_400)
        var notices: [String] = []
        func add(_ notice: String) { if !notices.contains(notice) { notices.append(notice) } }
        for site in sites {
            if let before = site.sessionsBefore {
                add(
                    "\(before.table):\(before.line): \(before.count) of \(before.count + site.fixedSessions.count) sessions "
                        + "begin before the world's start \(start.isoText): left out\n"
                        + "  fix: write start: \(before.first.isoText.prefix(10))T00:00:00 to replay them")
            }
            let after = site.fixedSessions.count { $0.arrival >= end }
            if after > 0, let last = site.fixedSessions.last {
                let needed = (last.arrival.seconds / 86_400).rounded(.down) + 1
                add(
                    "site \(site.id): \(after) of \(site.fixedSessions.count) sessions begin after the run's end "
                        + "\(start.advanced(by: end).isoText): not replayed\n"
                        + "  fix: write days: \(needed.plain) (or --days \(needed.plain)) to replay them")
            }
        }
        return notices
    }
}
