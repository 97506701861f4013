import CSMS
import OCPP
import OCPPMessages
import Testing

/// What a driver keeps of one charging station: the effects applied, rows through their bytes.
struct DeskStore {
    var profile: StationProfile?
    var memory = DeskMemory()
    var connectors: [ConnectorState] = []
    /// Rows in the order of their booking; open ones first.
    private(set) var rows: [(bytes: [UInt8], bookedAs: Int)] = []
    var payloads: [KeptPayload] = []
    var variables: [String: String] = [:]
    var records: [String: [UInt8]] = [:]
    var diary: [DiaryEntry] = []
    private var bookings = 0

    mutating func apply(_ effect: StoreEffect) {
        switch effect {
        case .station(let profile): self.profile = profile
        case .memory(let memory): self.memory = memory
        case .connector(let state):
            connectors.removeAll { $0.evse == state.evse && $0.connector == state.connector }
            connectors.append(state)
        case .transaction(let transaction, _): put(transaction)
        case .payload(let payload): payloads.append(payload)
        case .variable(let value, _):
            if let text = value.value { variables["\(value.component)/\(value.variable)"] = text }
        case .put(let record, _): records["\(record.kind.rawValue)/\(record.key)"] = record.json
        case .forget(let kind, let pattern):
            records = records.filter { !Self.matches($0.key, "\(kind.rawValue)/\(pattern)") }
        case .diary(let entry): diary.append(entry)
        case .presence, .tokenRefused: break
        }
    }

    private mutating func put(_ transaction: StoredTransaction) {
        #expect(StoredTransaction(bytes: transaction.bytes) == transaction)
        let index = rows.firstIndex { StoredTransaction(bytes: $0.bytes)?.transactionID == transaction.transactionID }
        if let index {
            let wasBooked = rows[index].bookedAs > 0
            if transaction.isBooked, !wasBooked { bookings += 1 }
            rows[index] = (transaction.bytes, wasBooked ? rows[index].bookedAs : transaction.isBooked ? bookings : 0)
        } else {
            if transaction.isBooked { bookings += 1 }
            rows.append((transaction.bytes, transaction.isBooked ? bookings : 0))
        }
    }

    private static func matches(_ key: String, _ pattern: String) -> Bool {
        let parts = key.split(separator: "/", omittingEmptySubsequences: false)
        let wanted = pattern.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == wanted.count && zip(parts, wanted).allSatisfy { $1 == "*" || $0 == $1 }
    }

    var transactions: [StoredTransaction] { rows.compactMap { StoredTransaction(bytes: $0.bytes) } }
    var bookedWh: Double { transactions.filter(\.isBooked).reduce(0) { $0 + $1.record.energyWh } }

    func find(_ query: TransactionQuery) -> StoredTransaction? {
        transactions.first { row in
            switch query {
            case .id(let id): row.transactionID == id
            case .start(let key): row.start?.key == key
            }
        }
    }

    /// What a server hands to a desk after a restart.
    var station: StoredStation {
        let booked = rows.filter { $0.bookedAs > 0 }.sorted { $0.bookedAs < $1.bookedAs }
        return StoredStation(
            profile: profile, memory: memory, connectors: connectors, open: transactions.filter { !$0.isBooked },
            recent: booked.suffix(StationDesk.recentTransactionsMax).compactMap { StoredTransaction(bytes: $0.bytes) },
            hasOlderTransactions: booked.count > StationDesk.recentTransactionsMax)
    }
}

/// A desk with a driver around it that does everything at once.
struct DeskBench {
    static let start = Timestamp(microseconds: 1_736_150_400_000_000)

    var desk: StationDesk
    var store = DeskStore()
    let version: OCPPVersion
    let settings: DeskSettings
    var now = start
    var directory = TokenDirectory([
        TokenRecord(idToken: "A1B2", group: "fleet", chargingPriority: 3), TokenRecord(idToken: "C3D4", group: "fleet"),
        TokenRecord(idToken: "bad", status: .blocked), TokenRecord(idToken: "over", expires: start),
        TokenRecord(idToken: "master", group: "masters"), TokenRecord(contract: "DE-8AA-CA2B3C4D5-L"),
    ])
    /// Results of jobs other than look-ups, in order; failed when there is none.
    var jobResults: [JobResult] = []
    var jobs: [Job] = []
    var outputs: [StationDesk.Output] = []
    /// Own calls not answered yet.
    var calls: [(id: String, request: AnyRequest)] = []
    var outcomes: [UInt64: CommandOutcome] = [:]
    var localListOutcomes: [LocalListOutcome] = []
    private var nextBlock: Int32 = 1
    private var messages = 0

    init(_ version: OCPPVersion, settings: DeskSettings = .bench, booted: Bool = true) {
        self.version = version
        self.settings = settings
        desk = StationDesk(identity: "CS1", settings: settings)
        handle(.connected(version: version))
        if booted {
            boot()
            outputs = []
        }
    }

    /// One input with everything that follows from it inside the driver.
    mutating func handle(_ input: StationDesk.Input) {
        var pending = [input]
        while !pending.isEmpty {
            var new: [StationDesk.Output] = []
            desk.handle(pending.removeFirst(), now: now, directory: directory, outputs: &new)
            outputs += new
            for output in new {
                switch output {
                case .effect(let effect): store.apply(effect)
                case .call(let id, let request): calls.append((id, request))
                case .commandDone(let ticket, let outcome): outcomes[ticket] = outcome
                case .localListDone(let outcome): localListOutcomes.append(outcome)
                case .needTransactionIDs:
                    pending.append(.granted(ids: nextBlock..<nextBlock + 16))
                    nextBlock += 16
                case .job(let id, .findTransaction(let query)):
                    jobs.append(.findTransaction(query))
                    pending.append(.jobDone(id: id, .transaction(store.find(query))))
                case .job(let id, let job):
                    jobs.append(job)
                    let result = jobResults.isEmpty ? JobResult.failed("no such job") : jobResults.removeFirst()
                    pending.append(.jobDone(id: id, result))
                case .answer, .refuse, .close: break
                }
            }
        }
    }

    /// Sends a request and returns the answer, or the code it was refused with; `nil` for none.
    @discardableResult
    mutating func ask(_ request: AnyRequest, id: String? = nil) -> DeskAnswer? {
        messages += 1
        let id = id ?? "m\(messages)"
        let first = outputs.count
        handle(.request(id: id, request))
        for output in outputs[first...] {
            switch output {
            case .answer(id, let response, let durable): return .response(response, durable: durable)
            case .refuse(id, let code, _, _): return .refused(code)
            default: continue
            }
        }
        return nil
    }
    @discardableResult
    mutating func ask(_ request: V2.Request) -> V2.Response? {
        guard case .response(.v2(let response), _) = ask(.v2(request)) else { return nil }
        return response
    }
    @discardableResult
    mutating func ask16(_ request: V16.Request) -> V16.Response? {
        guard case .response(.v16(let response), _) = ask(.v16(request)) else { return nil }
        return response
    }

    /// Answers the oldest open call.
    mutating func answer(_ response: V2.Response) { reply(.v2(response)) }
    mutating func answer16(_ response: V16.Response) { reply(.v16(response)) }
    mutating func reply(_ response: AnyResponse) {
        guard !calls.isEmpty else {
            Issue.record("no call to answer with \(response)")
            return
        }
        handle(.response(id: calls.removeFirst().id, response))
    }
    mutating func fail(_ failure: CallFailure) {
        guard !calls.isEmpty else {
            Issue.record("no call to fail")
            return
        }
        handle(.failed(id: calls.removeFirst().id, failure))
    }

    @discardableResult
    mutating func boot(firmware: String? = "1.0") -> Core.RegistrationStatus? {
        if version == .v16 {
            let request = V16.BootNotificationRequest(
                chargePointVendor: "V", chargePointModel: "M", firmwareVersion: firmware)
            guard case .bootNotification(let answer) = ask16(.bootNotification(request)) else { return nil }
            return Core.RegistrationStatus(rawValue: answer.status.wireText)
        }
        let request = V2.BootNotificationRequest(
            chargingStation: .init(model: "M", vendorName: "V", firmwareVersion: firmware), reason: .powerUp)
        guard case .bootNotification(let answer) = ask(V2.Request.bootNotification(request)) as V2.Response? else {
            return nil
        }
        return Core.RegistrationStatus(rawValue: answer.status.wireText)
    }

    /// Time passes; due timers run.
    mutating func wait(seconds: Int64) {
        now = now.adding(seconds: seconds)
        handle(.timer)
    }

    /// The process is killed and started again; the charging station connects again.
    mutating func restart() {
        desk = StationDesk(identity: "CS1", settings: settings, restored: store.station)
        calls = []
        handle(.connected(version: version))
    }

    var callActions: [String] { calls.map(\.request.actionText) }
}

enum DeskAnswer: Equatable {
    case response(AnyResponse, durable: Bool)
    case refused(RPCErrorCode)
}

extension DeskSettings {
    /// Without questions of its own, so that tests see only what they ask for.
    static let bench = DeskSettings(inventory: .none)
}

extension V2.Request {
    /// An event of a charging station; its register is the only reading.
    static func event(
        _ kind: V2.TransactionEventEnum, _ id: String, seqNo: Int, wh: Double?, at seconds: Int64 = 0, evse: Int? = nil,
        token: String? = nil, remoteStartID: Int? = nil, beginWh: Double? = nil
    ) -> V2.Request {
        let instant = DeskBench.start.adding(seconds: seconds)
        var values: [V2.MeterValue] = []
        if let beginWh {
            values.append(
                .init(sampledValue: [.init(value: beginWh, context: .transactionBegin)], timestamp: instant))
        }
        if let wh {
            let context: V2.ReadingContextEnum =
                kind == .started ? .transactionBegin : kind == .ended ? .transactionEnd : .samplePeriodic
            values.append(.init(sampledValue: [.init(value: wh, context: context)], timestamp: instant))
        }
        return .transactionEvent(
            .init(
                eventType: kind, timestamp: instant, triggerReason: .chargingStateChanged, seqNo: seqNo,
                transactionInfo: .init(transactionId: id, remoteStartId: remoteStartID),
                meterValue: values.isEmpty ? nil : values, evse: evse.map { .init(id: $0, connectorId: 1) },
                idToken: token.map { .init(idToken: $0, type: "ISO14443") }))
    }
}
