internal import OCPP

/// Readings of transactions that the meter signs before they are told, by what they were taken for.
public struct SignedReadings: OptionSet, Hashable, Sendable, BitwiseCopyable, Codable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    public static let begin = SignedReadings(rawValue: 1)
    public static let end = SignedReadings(rawValue: 2)
    /// Every reading in between but the clock-aligned ones.
    public static let updated = SignedReadings(rawValue: 4)
    public static let aligned = SignedReadings(rawValue: 8)

    func contains(_ context: Core.ReadingContext) -> Bool {
        switch context {
        case .transactionBegin: contains(.begin)
        case .transactionEnd: contains(.end)
        case .sampleClock: contains(.aligned)
        case .samplePeriodic, .trigger, .other, .interruptionBegin, .interruptionEnd: contains(.updated)
        }
    }
}

/// Names an event of this charging station's queue.
struct EventReference: Hashable, Sendable, BitwiseCopyable, Codable {
    var transactionNumber: UInt32
    var seqNo: Int32
}

/// An event whose reading is at the meter to be signed.
struct UnsignedReading: Hashable, Sendable, BitwiseCopyable, Codable {
    var event: EventReference
    var evse: Int32
}

// Events whose readings have to be signed wait in the queue until they are, and those behind them with them: the order
// of transaction messages is kept, and everything else that a charging station says goes on.

extension StationFirmware {
    /// Readings at the meter at a time. One too many is told unsigned.
    static let unsignedMax = 64

    /// Notes that the event about to be queued has to wait for its signature.
    mutating func awaitSignature(at evse: Int) {
        guard unsigned.count < Self.unsignedMax else { return }
        unsigned.append(
            UnsignedReading(
                event: EventReference(
                    transactionNumber: evses[evse].transactionNumber, seqNo: evses[evse].nextSeqNo),
                evse: Int32(evse)))
    }

    /// The reading is signed, or will not be: its event may go. Look again afterwards.
    mutating func settleSignature(_ event: EventReference) { unsigned.removeAll { $0.event == event } }

    /// Whether the oldest message has to wait.
    var isHeadUnsigned: Bool {
        guard !unsigned.isEmpty, let head = headOfQueue else { return false }
        return unsigned.contains { $0.event == head }
    }

    /// The oldest message; `nil` when there is none.
    var headOfQueue: EventReference? { queue.isEmpty ? nil : Self.reference(to: queue[0]) }

    static func reference(to event: Core.TransactionEventRequest) -> EventReference? {
        transactionNumber(of: event.transactionInfo.transactionId).map {
            EventReference(transactionNumber: $0, seqNo: event.seqNo)
        }
    }

    /// A message that waits, the youngest first looked at; `nil` when it has been dropped. O(messages).
    func queuedEvent(_ reference: EventReference) -> Core.TransactionEventRequest? {
        let transactionID = transactionIdentity.text(number: reference.transactionNumber)
        for index in (0..<queue.count).reversed() {
            let event = queue[index]
            if event.seqNo == reference.seqNo, event.transactionInfo.transactionId == transactionID { return event }
        }
        return nil
    }

    /// All messages that wait. O(messages).
    var queuedEvents: Set<EventReference> {
        Set((0..<queue.count).compactMap { Self.reference(to: queue[$0]) })
    }
}
