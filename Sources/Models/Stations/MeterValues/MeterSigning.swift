internal import OCPP

/// Records of readings between the meter's clerk and the CSMS: written, given to the driver to be signed, kept until
/// the event that carries them is answered.
///
/// Survives restarts like the queue of events: what was at the driver then is asked for again. Bounded by the events in
/// the queue and ``slack``.
/// - Source: Open Charge Alliance, application note "Signed Meter Values in OCPP", version 1.0.
struct MeterSigning: Sendable, Codable {
    /// Seconds after which a signature comes too late; meters have been seen to take thirty (section 2.3.1).
    static let patienceS: Int64 = 60
    /// Records kept beyond those of events in the queue before the superfluous ones are looked for.
    static let slack = 64

    struct Record: Sendable, Codable {
        var event: EventReference
        var evse: Int
        var value: SignedMeterValue
        /// Whether the public key goes along.
        var carriesKey: Bool
        /// At the driver; `nil` when it is lost with the controller's memory.
        var job: Int?
        var giveUpAt: Timestamp
        /// Base64 of the signed record, once there is one.
        var data: String?
    }

    private(set) var records: ContiguousArray<Record> = []
    /// The job that asks for the meter's public key.
    var keyJob: Int?
    /// Records written so far for each EVSE's meter.
    private var pages: [Int] = []
    /// Transaction of each EVSE whose first reading carries the public key; 0 for none.
    private var keyGiven: [UInt32] = []
    /// Microseconds that the CSMS's clock is ahead: records tell the time that messages tell.
    var clockOffset: Int64 = 0

    init(evses: Int) {
        pages = Array(repeating: 0, count: evses)
        keyGiven = Array(repeating: 0, count: evses)
    }

    var isEmpty: Bool { records.isEmpty }

    /// When the first signature is given up; `distantFuture` when none is awaited.
    var nextDeadline: Timestamp {
        records.reduce(.distantFuture) { $1.data == nil ? min($0, $1.giveUpAt) : $0 }
    }

    /// The number of the next record of an EVSE's meter.
    mutating func nextPage(evse: Int) -> Int {
        guard pages.indices.contains(evse) else { return 0 }
        pages[evse] += 1
        return pages[evse]
    }

    /// Whether the public key goes along with a reading.
    ///
    /// Once in a transaction means: with the first of the two that are never dropped from the queue, begin and end.
    mutating func carriesKey(
        _ policy: String, context: Core.ReadingContext, transaction: UInt32, evse: Int
    ) -> Bool {
        switch policy {
        case "EveryMeterValue": return true
        case "OncePerTransaction":
            guard keyGiven.indices.contains(evse) else { return false }
            switch context {
            case .transactionBegin:
                keyGiven[evse] = transaction
                return true
            case .transactionEnd: return keyGiven[evse] != transaction
            default: return false
            }
        default: return false
        }
    }

    mutating func append(_ record: Record) { records.append(record) }

    /// The record that `job` was to sign; `nil` for somebody else's job.
    func record(ofJob job: Int) -> Record? { records.first { $0.job == job && $0.data == nil } }

    /// What is signed of an event's reading.
    func signed(_ event: EventReference) -> Record? { records.first { $0.event == event && $0.data != nil } }

    mutating func sign(_ event: EventReference, data: String) {
        guard let index = records.firstIndex(where: { $0.event == event }) else { return }
        records[index].data = data
        records[index].job = nil
    }

    /// The reading goes unsigned; where it was to bring the public key, the transaction's last does.
    mutating func giveUp(_ event: EventReference) {
        guard let index = records.firstIndex(where: { $0.event == event }) else { return }
        let record = records.remove(at: index)
        if record.carriesKey, keyGiven.indices.contains(record.evse),
            keyGiven[record.evse] == event.transactionNumber
        {
            keyGiven[record.evse] = 0
        }
    }

    /// Events whose signature has not come in time.
    func overdue(now: Timestamp) -> [EventReference] {
        records.filter { $0.data == nil && $0.giveUpAt <= now }.map(\.event)
    }

    /// What the driver was doing is lost.
    mutating func loseJobs() {
        keyJob = nil
        for index in records.indices where records[index].data == nil {
            records[index].job = nil
            records[index].giveUpAt = .distantFuture
        }
    }

    /// What is to be signed and in nobody's hands.
    var idle: [(event: EventReference, payload: String)] {
        records.filter { $0.data == nil && $0.job == nil }.map { ($0.event, $0.value.payload) }
    }
    /// A job signs the record of an event.
    mutating func start(_ job: Int, for event: EventReference, now: Timestamp) {
        guard let index = records.firstIndex(where: { $0.event == event }) else { return }
        records[index].job = job
        records[index].giveUpAt = now.adding(seconds: Self.patienceS)
    }

    /// An event has left the queue; earlier ones of its transaction are gone too.
    mutating func forget(_ event: EventReference) {
        records.removeAll {
            $0.event.transactionNumber == event.transactionNumber && $0.event.seqNo <= event.seqNo
        }
    }

    /// Drops the records of all other events.
    mutating func keep(_ events: Set<EventReference>) { records.removeAll { !events.contains($0.event) } }
}
