internal import OCPP

/// What a CSMS has heard of a transaction that is not booked yet.
///
/// Events may come late, twice and in any order; whatever the order, the same events lead to the same record.
struct OpenTransaction: Hashable, Sendable, BitwiseCopyable, Codable {
    let transactionID: IdentifierText
    var evse: Int32 = 0
    var idToken: Core.IdToken?
    var received = SequenceWindow()
    /// Timestamp of Started, else the earliest heard of.
    var started = Timestamp.distantFuture
    /// Timestamp of Ended, else the latest heard of.
    var ended = Timestamp.distantPast
    var hasStarted = false
    var hasEnded = false
    /// seqNo of Ended.
    var lastSequence: Int32 = 0
    /// Whether ``meterStartWh`` is the charging station's own reading at the start.
    var hasBeginReading = false
    /// Reading at the start, else the least register heard of.
    var meterStartWh: Double?
    /// Whether ``meterStopWh`` is the charging station's own reading at the end.
    var hasEndReading = false
    /// Reading at the end, else the greatest register heard of.
    var meterStopWh: Double?
    var stoppedReason = Core.StoppedReason.local
    /// Instant at which an ended transaction without a reading of its start is booked as it is.
    var bookAt = Timestamp.distantFuture

    init(transactionID: IdentifierText) { self.transactionID = transactionID }

    /// Whether both ends were told.
    var isComplete: Bool { hasStarted && hasEnded }

    /// Whether everything that makes the bill is known.
    var canClose: Bool { hasEnded && (hasStarted || hasBeginReading) }

    /// Applies one event; `false` when it had been received before and changed nothing.
    mutating func apply(_ event: Core.TransactionEventRequest) -> Bool {
        let isNew =
            switch event.eventType {
            case .started: !hasStarted
            case .ended: !hasEnded
            case .updated: received.isNew(event.seqNo)
            }
        guard isNew else { return event.eventType == .updated && applyRegister(of: event) }
        received.insert(event.seqNo)
        if let evse = event.evse { self.evse = evse.id }
        if idToken == nil { idToken = event.idToken }
        switch event.eventType {
        case .started:
            hasStarted = true
            started = event.timestamp
            if !hasEnded { ended = max(ended, event.timestamp) }
            if let reading = event.meterValue { begin(reading.energyActiveImportRegisterWh) }
        case .updated:
            if !hasStarted { started = min(started, event.timestamp) }
            if !hasEnded { ended = max(ended, event.timestamp) }
            if let reading = event.meterValue { widen(reading.energyActiveImportRegisterWh) }
        case .ended:
            hasEnded = true
            ended = event.timestamp
            lastSequence = event.seqNo
            stoppedReason = event.transactionInfo.stoppedReason ?? .local
            if !hasStarted { started = min(started, event.meterValueAtBegin?.timestamp ?? event.timestamp) }
            if let reading = event.meterValueAtBegin, !hasBeginReading { begin(reading.energyActiveImportRegisterWh) }
            if let reading = event.meterValue { end(reading.energyActiveImportRegisterWh) }
        }
        return true
    }

    /// An event whose number tells nothing, as it fell out of the window: its register counts all the same, as often as it
    /// comes. `false` when that changes nothing.
    private mutating func applyRegister(of event: Core.TransactionEventRequest) -> Bool {
        guard let reading = event.meterValue else { return false }
        let before = (meterStartWh, meterStopWh)
        widen(reading.energyActiveImportRegisterWh)
        return before != (meterStartWh, meterStopWh)
    }

    /// Registers at start and end as far as they are known, Wh.
    var registersWh: (start: Double, stop: Double) {
        let stop = meterStopWh ?? meterStartWh ?? 0
        let start = meterStartWh ?? stop
        return (start, max(start, stop))
    }

    /// Energy as far as it is known, Wh.
    var energyWh: Double { registersWh.stop - registersWh.start }

    /// The bill as far as it is known.
    func record(station: Int) -> TransactionRecord {
        TransactionRecord(
            station: station, transactionID: transactionID, evse: evse, idToken: idToken, started: started,
            ended: ended, meterStartWh: registersWh.start, meterStopWh: registersWh.stop, stoppedReason: stoppedReason,
            complete: isComplete,
            missingEvents: hasEnded ? max(0, lastSequence + 1 - received.count) : 0)
    }

    private mutating func begin(_ registerWh: Double) {
        hasBeginReading = true
        meterStartWh = registerWh
        if !hasEndReading { meterStopWh = max(meterStopWh ?? registerWh, registerWh) }
    }
    private mutating func end(_ registerWh: Double) {
        hasEndReading = true
        meterStopWh = registerWh
        if !hasBeginReading { meterStartWh = min(meterStartWh ?? registerWh, registerWh) }
    }
    private mutating func widen(_ registerWh: Double) {
        if !hasBeginReading { meterStartWh = min(meterStartWh ?? registerWh, registerWh) }
        if !hasEndReading { meterStopWh = max(meterStopWh ?? registerWh, registerWh) }
    }
}

/// Which sequence numbers of a transaction have been received: all below a base, and any of the 64 from there on.
struct SequenceWindow: Hashable, Sendable, BitwiseCopyable, Codable {
    /// Number of different ones received.
    private(set) var count: Int32 = 0
    private var base: Int32 = 0
    /// Bit n stands for base + n; bit 0 is never set.
    private var beyond: UInt64 = 0

    init() {}

    /// What ``parts`` gave; damaged ones are brought into range.
    init(count: Int32, base: Int32, beyond: UInt64) {
        self.count = min(max(0, count), TransactionBook.sequenceMax + 1)
        self.base = min(max(0, base), TransactionBook.sequenceMax + 1)
        self.beyond = beyond & ~1
    }

    /// One more than the greatest number received.
    var end: Int32 { base + Int32(64 - beyond.leadingZeroBitCount) }

    /// Everything the window is made of, to be kept in a store.
    var parts: (count: Int32, base: Int32, beyond: UInt64) { (count, base, beyond) }

    /// Numbers that fell out of the window count as received: what is older than 64 events is of no use any more.
    func isNew(_ number: Int32) -> Bool {
        if number < base { return false }
        let distance = number &- base
        return distance >= 64 || beyond & (1 << UInt64(distance)) == 0
    }

    mutating func insert(_ number: Int32) {
        guard isNew(number) else { return }
        count += 1
        if number == base {
            base += 1
            beyond >>= 1
        } else {
            if number &- base >= 64 { slide(to: number - 63) }
            beyond |= 1 << UInt64(number &- base)
        }
        let run = (~beyond).trailingZeroBitCount
        base += Int32(run)
        beyond = run == 64 ? 0 : beyond >> UInt64(run)
    }

    private mutating func slide(to newBase: Int32) {
        let distance = newBase &- base
        beyond = distance >= 64 ? 0 : beyond >> UInt64(distance)
        base = newBase
    }
}
