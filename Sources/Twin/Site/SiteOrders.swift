internal import CSMS
internal import Models
internal import OCPP
internal import OCPPMessages
internal import Sim

/// What the CSMS orders the charging stations of a site, and what has come of it.
struct SiteOrders: Sendable, Codable {
    /// An order on its way to be given.
    struct Due: Sendable, Codable {
        /// Index in the world.
        var order: Int
        /// Index within the site; `nil` for all addressed.
        var station: Int?
        /// From 1, where an event named it.
        var evse: Int32?
        var transactionID: IdentifierText?
    }
    private struct Given: Sendable, Codable {
        var ticket: UInt64
        var record: OrderRecord
    }

    /// Remote starts as the CSMS's sessions saw them go.
    struct RemoteStarts: BitwiseCopyable, Sendable, Codable {
        var accepted: Int64 = 0
        /// Told by a transaction.
        var started: Int64 = 0
        /// No transaction came in time.
        var expired: Int64 = 0
    }

    /// Of the world; not part of a checkpoint.
    private(set) var specs: [OrderSpec] = []
    /// By order, indices of the charging stations addressed.
    let targets: [[Int]]
    var due = FlightSlab<Due>()
    private(set) var remoteStarts = RemoteStarts()
    private var given: [Given] = []
    private var tickets: UInt64 = 0
    private var lastNumber: Int32 = 0
    /// Last word on each connector, by station, EVSE and connector; looked up, never iterated.
    private var words: [Int64: String] = [:]
    /// Orders that have ended, in the order they did.
    private var records: ContiguousArray<OrderRecord> = []

    private enum CodingKeys: String, CodingKey {
        case targets, due, remoteStarts, given, tickets, lastNumber, words, records
    }

    /// - Returns: `nil` when no order addresses a charging station of the site.
    init?(_ specs: [OrderSpec], at site: SiteParameters) {
        targets = specs.map { spec in
            site.stations.indices.filter { spec.stations?.contains(site.stations[$0].entity) ?? true }
        }
        guard targets.contains(where: { !$0.isEmpty }) else { return nil }
        self.specs = specs
    }

    /// Gives what comes from a checkpoint the world's orders.
    mutating func adopt(_ specs: [OrderSpec]) { self.specs = specs }

    /// Orders that something learnt of a charging station sets off.
    mutating func setOff(by effect: StoreEffect, at station: Int) -> [(delay: SimDuration, due: Due)] {
        if case .diary(let entry) = effect, entry.kind == .remoteStart { count(entry.subject) }
        guard let (event, evse, transactionID) = meaning(of: effect, station) else { return [] }
        return specs.indices.compactMap { index in
            guard case .on(event, let delay) = specs[index].occasion, targets[index].contains(station) else {
                return nil
            }
            return (delay, Due(order: index, station: station, evse: evse, transactionID: transactionID))
        }
    }

    private mutating func count(_ word: String) {
        switch word {
        case "Accepted": remoteStarts.accepted += 1
        case "Started": remoteStarts.started += 1
        case "Expired": remoteStarts.expired += 1
        default: break
        }
    }

    private mutating func meaning(
        of effect: StoreEffect, _ station: Int
    ) -> (OrderSpec.Event, evse: Int32?, IdentifierText?)? {
        switch effect {
        case .station(let profile): return profile.registration == .accepted ? (.booted, nil, nil) : nil
        case .transaction(let stored, .opened): return (.started, Self.evse(stored), stored.transactionID)
        case .transaction(let stored, .booked): return (.ended, Self.evse(stored), stored.transactionID)
        case .connector(let state):
            let key = Int64(station) << 32 | Int64(state.evse) << 16 | Int64(state.connector)
            guard words.updateValue(state.statusText, forKey: key) != state.statusText else { return nil }
            switch state.statusText {
            case "Occupied", "Preparing": return (.plugged, state.evse, nil)
            case "Faulted": return (.faulted, state.evse > 0 ? state.evse : nil, nil)
            default: return nil
            }
        default: return nil
        }
    }

    private static func evse(_ stored: StoredTransaction) -> Int32? {
        stored.record.evse > 0 ? stored.record.evse : nil
    }

    mutating func nextNumber() -> Int32 {
        lastNumber &+= 1
        return lastNumber
    }

    /// - Returns: the ticket of a command that is given now.
    mutating func open(_ order: Int, station: Int, evse: Int32?, now: SimTime) -> UInt64 {
        tickets += 1
        given.append(
            Given(
                ticket: tickets,
                record: OrderRecord(
                    given: now, ended: now, station: UInt16(station), evse: evse ?? 0, order: UInt16(order),
                    outcome: .invalid)))
        return tickets
    }

    /// Keeps how a command has ended.
    mutating func close(_ ticket: UInt64, _ outcome: OrderOutcome, now: SimTime) -> OrderRecord? {
        guard let index = given.firstIndex(where: { $0.ticket == ticket }) else { return nil }
        var record = given.remove(at: index).record
        record.ended = now
        record.outcome = outcome
        records.append(record)
        return record
    }

    /// Orders ended since the last call.
    mutating func takeRecords() -> ContiguousArray<OrderRecord> {
        defer { records.removeAll(keepingCapacity: true) }
        return records
    }

    /// Orders that are still under way, as they are at the end of a run.
    var underWay: [OrderRecord] {
        given.map { given in
            var record = given.record
            record.outcome = .underWay
            return record
        }
    }
}
