public import OCPP
public import OCPPMessages

// What the driver of a charging station asks.
extension StationController {
    /// What EVSE index `evse` may draw by its charging profiles, W; infinite where none limits.
    public mutating func limitW(evse: Int, now: Timestamp) -> Double {
        context.now = now
        refreshContext()
        guard let rate = blocks.smartCharging.rate(evse: evse, unit: .watts, context: context) else { return .infinity }
        return rate.setpoint.map { min(max(0, $0), rate.limit) } ?? rate.limit
    }

    /// Nominal figures of EVSE index `evse`.
    public func rating(evse: Int) -> EVSERating { context.ratings[evse] }

    /// Id of the schedule that the CSMS offers the vehicle of the running transaction first; `nil` for none.
    public func offeredSchedule(evse: Int) -> Int? {
        blocks.smartCharging.offeredSchedule(
            evse: evse, transactionID: firmware.view(ofEVSE: evse, rating: context.ratings[evse]).transactionID)
    }

    /// What the display shows now: the CSMS's messages and, unless one of them is to be alone in front, what the drivers
    /// at the EVSEs are told of price and cost. The latter have ids below 0.
    public mutating func displayedMessages(now: Timestamp) -> [V2.MessageInfo] {
        context.now = now
        refreshContext()
        let messages = blocks.displayMessages.displayed(now: now, evses: context.evses)
        guard messages.first?.priority != .alwaysFront else { return messages }
        return messages + blocks.driverDisplay.texts(tariffs: blocks.tariffs, context: context)
    }

    /// How to make the next connection.
    /// - Parameter attempt: counted from 0 since the last connection; beyond the attempts of one network profile the next
    ///   is taken.
    public func connectionSettings(attempt: Int) -> ConnectionSettings {
        guard let slot = context.deviceModel.networkProfile(attempt: attempt) else {
            return ConnectionSettings(slot: nil, csmsURL: nil, password: nil, pingIntervalS: 0)
        }
        let password = context.deviceModel.password(for: slot)
        return ConnectionSettings(
            slot: slot.number, csmsURL: slot.profile.ocppCsmsUrl,
            password: password.map { Self.passwordBytes($0, version: version) },
            pingIntervalS: context.deviceModel.int("OCPPCommCtrlr", "WebSocketPingInterval"))
    }

    /// The password as it is sent: text in 2.x; in 1.6, where a key is hexadecimal, a byte a scalar.
    private static func passwordBytes(_ password: String, version: OCPPVersion) -> [UInt8] {
        let scalars = password.unicodeScalars
        guard version == .v16, scalars.allSatisfy({ $0.value < 256 }) else { return Array(password.utf8) }
        return scalars.map { UInt8($0.value) }
    }

    /// How far ahead the CSMS's clock was at its last word about it, microseconds; 0 from then on until the next.
    mutating func takeClockDifference() -> Int64 {
        defer { firmware.clockOffset = 0 }
        return firmware.clockOffset
    }
    /// A change of the clock from which on it is a security event, microseconds.
    var clockReportThreshold: Int64 {
        Int64(clamping: context.deviceModel.int("ClockCtrlr", "TimeAdjustmentReportingThreshold")) * 1_000_000
    }

    /// The CSMS refused the password. Returns whether an earlier one is left to try.
    public mutating func passwordRefused() -> Bool { context.deviceModel.passwordRefused() }
    /// A connection was made with the settings of this slot.
    public mutating func connected(slot: Int?) {
        if let slot { context.deviceModel.connected(slot: slot) }
    }
}

/// How a charging station reaches its CSMS.
public struct ConnectionSettings: Hashable, Sendable {
    /// Network configuration slot; `nil` for none.
    public var slot: Int?
    /// Endpoint without the identity; `nil` for the driver's own.
    public var csmsURL: String?
    /// For basic authentication.
    public var password: [UInt8]?
    /// Seconds between pings; 0 for none.
    public var pingIntervalS: Int
}
