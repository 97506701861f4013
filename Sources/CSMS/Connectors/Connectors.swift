public import OCPP

/// What a charging station has told of its connectors: their states, and registers outside transactions.
///
/// - Source: OCPP 2.0.1 part 2, use cases G01, J01.
public struct Connectors: Sendable, Codable {
    struct Entry: Hashable, Sendable, BitwiseCopyable, Codable {
        var evse: Int32
        var connector: Int32
        var status: Core.ConnectorStatus
        var timestamp: Timestamp
        /// Last register told by MeterValues for the EVSE, Wh; kept with its first connector. `nil` before.
        var registerWh: Double?
    }
    /// What came of a StatusNotification.
    enum Change {
        case changed, unchanged
        /// The numbers cannot be, or there are too many connectors already.
        case refused
    }

    /// Connectors kept of one charging station; notifications of more are refused.
    public static let entriesMax = 256

    private(set) var entries: ContiguousArray<Entry> = []

    init() {}

    /// What a store kept.
    init(_ states: some Sequence<ConnectorState>) {
        entries = ContiguousArray(
            states.prefix(Self.entriesMax).map {
                Entry(evse: $0.evse, connector: $0.connector, status: $0.status, timestamp: $0.changedAt)
            })
    }

    /// Applies a state. What arrives last is so: a charging station's clock may run back, or ahead for years.
    mutating func apply(_ told: Core.StatusNotificationRequest, now: Timestamp) -> Change {
        guard told.evseId >= 0, told.connectorId >= 0 else { return .refused }
        guard let index = entries.firstIndex(where: { $0.evse == told.evseId && $0.connector == told.connectorId })
        else {
            guard entries.count < Self.entriesMax else { return .refused }
            entries.append(
                Entry(
                    evse: told.evseId, connector: told.connectorId, status: told.connectorStatus,
                    timestamp: min(told.timestamp, now)))
            return .changed
        }
        entries[index].timestamp = min(told.timestamp, now)
        guard entries[index].status != told.connectorStatus else { return .unchanged }
        entries[index].status = told.connectorStatus
        return .changed
    }

    /// Applies a register outside a transaction; `false` when it cannot be one.
    mutating func apply(_ told: Core.MeterValuesRequest) -> Bool {
        guard told.evseId >= 0, told.meterValue.isPlausible else { return false }
        if let index = entries.firstIndex(where: { $0.evse == told.evseId }) {
            entries[index].registerWh = told.meterValue.energyActiveImportRegisterWh
        }
        return true
    }

    /// State of a connector as last told; `evse` and `connector` count from 1. `nil` when never told.
    public func status(evse: Int32, connector: Int32) -> Core.ConnectorStatus? {
        entries.first { $0.evse == evse && $0.connector == connector }?.status
    }

    /// The last energy register told for an EVSE, Wh; `nil` when never told outside a transaction.
    public func idleRegisterWh(evse: Int32) -> Double? { entries.first { $0.evse == evse }?.registerWh }
}

extension Core.MeterValue {
    /// Whether the register can be one: beyond a petawatt-hour, or below nothing, it is damaged.
    var isPlausible: Bool { (0...1e15).contains(energyActiveImportRegisterWh) }
}
