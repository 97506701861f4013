internal import Foundation
internal import OCPP
internal import Synchronization

/// Time zones by name, for times that come without an offset.
enum TimeZones {
    /// Years for which changes of a zone's offset are looked up; before and after them the nearest offset counts.
    private static let years = 2015...2045
    private static let known = Mutex<[String: LocalTimeZone]>([:])
    /// Zones kept; there are some 600 names.
    private static let knownMax = 1000

    /// Whether `name` is an IANA name or an offset (`+02:00`).
    static func isKnown(_ name: String) -> Bool { offsetS(name) != nil || TimeZone(identifier: name) != nil }

    /// The zone of that name; `nil`, which means UTC, for UTC and names that are none.
    static func zone(_ name: String?) -> LocalTimeZone? {
        guard let name, name != "UTC" else { return nil }
        if let zone = known.withLock({ $0[name] }) { return zone }
        guard let zone = made(name) else { return nil }
        known.withLock { zones in
            if zones.count >= knownMax { zones.removeAll() }
            zones[name] = zone
        }
        return zone
    }

    private static func made(_ name: String) -> LocalTimeZone? {
        if let offsetS = offsetS(name) { return LocalTimeZone(offsetS: offsetS) }
        guard let zone = TimeZone(identifier: name) else { return nil }
        var instant = Date(timeIntervalSince1970: Double(years.lowerBound - 1970) * 365.25 * 86_400)
        let end = Date(timeIntervalSince1970: Double(years.upperBound - 1970) * 365.25 * 86_400)
        let first = zone.secondsFromGMT(for: instant)
        var changes: [(at: Timestamp, offsetS: Int)] = []
        while let next = zone.nextDaylightSavingTimeTransition(after: instant), next < end, next > instant {
            changes.append(
                (Timestamp(microseconds: Int64(next.timeIntervalSince1970) * 1_000_000), zone.secondsFromGMT(for: next))
            )
            instant = next
        }
        return LocalTimeZone(offsetS: first, changes: changes)
    }

    /// Seconds east of UTC of `±hh:mm`.
    private static func offsetS(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count == 6, bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-"),
            bytes[3] == UInt8(ascii: ":"), let hours = Int(text.dropFirst().prefix(2)),
            let minutes = Int(text.suffix(2)),
            (0...14).contains(hours), (0...59).contains(minutes)
        else { return nil }
        return (bytes[0] == UInt8(ascii: "-") ? -1 : 1) * (hours * 3600 + minutes * 60)
    }
}
