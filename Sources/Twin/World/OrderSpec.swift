public import Sim

/// What the CSMS of a simulated run orders, when, and to which charging stations.
public struct OrderSpec: Sendable, Hashable {
    public enum Occasion: Sendable, Hashable {
        case at(SimTime)
        /// After each local midnight.
        case everyDay(SimDuration)
        case on(Event, delay: SimDuration)
    }
    /// What a CSMS learns from a charging station.
    public enum Event: String, CaseIterable, Sendable, Codable {
        /// Accepted after a boot.
        case booted
        /// A vehicle is connected.
        case plugged
        /// The first message of a transaction has come.
        case started
        /// A transaction is booked.
        case ended
        /// A connector reports a fault.
        case faulted
    }
    /// What gets a message of its own.
    public enum Each: String, CaseIterable, Sendable, Codable { case station, evse, transaction }
    /// Whom an event concerns: the charging station it happened at, or all of its site.
    public enum Reach: String, CaseIterable, Sendable, Codable { case station, site }

    /// As in OCPP.
    public var action: String
    public var payload: OrderPayload
    public var occasion: Occasion
    public var each: Each
    public var reach: Reach
    /// Random-stream names of the charging stations addressed; `nil` for all.
    public var stations: Set<UInt64>?
}

extension OrderSpec.Occasion {
    /// In words: "every day at 17:00:00".
    var words: String {
        switch self {
        case .at(let time): "once, \(time.seconds.plain) s after the start"
        case .everyDay(let after):
            "every day at "
                + [after.seconds / 3600, (after.seconds / 60).truncatingRemainder(dividingBy: 60)].map {
                    ($0 < 10 ? "0" : "") + "\(Int($0))"
                }.joined(separator: ":")
        case .on(let event, .zero): "on \(event.rawValue)"
        case .on(let event, let delay): "\(delay.seconds.plain) s after \(event.rawValue)"
        }
    }
}
