internal import CSMS
internal import Models
internal import OCPP
internal import OCPPMessages
internal import OCPPWire
internal import Sim

/// Both ends of the connections of a site's stations: the whole client of each charging station, and the very session of
/// the CSMS that a server runs.
struct StationPairs: Sendable, Codable {
    typealias Client = StationEnd<InProcessWire>
    typealias Session = StationSession<InProcessWire>

    /// A frame under way.
    struct Flight: Sendable, Codable {
        var station: UInt16
        var connection: UInt32
        /// When the call that it carries or answers was sent.
        var sent: SimTime
        var frame: InProcessWire.Frame
    }

    let version: OCPPVersion
    var clients: ContiguousArray<Client>
    var sessions: ContiguousArray<Session>
    var flights = FlightSlab<Flight>()
    /// Work that stations have begun.
    var work = FlightSlab<StationWork>()
    /// What a server would have in its store: the last booked transactions of each station.
    private var booked: ContiguousArray<ContiguousArray<StoredTransaction>>
    /// The next transaction id of 1.6 that nobody has been given.
    private var nextTransactionID: Int32 = 1
    /// Results of jobs and frames for the clients, which inputs name by index; empty between events.
    var inputs: [Client.Input] = []
    /// What the client that had the last input wants done.
    var outputs: [Client.Output] = []

    private enum CodingKeys: String, CodingKey {
        case version, clients, sessions, flights, work, booked, nextTransactionID
    }

    init(_ parameters: SiteParameters, surroundings: SurroundingsSpec, settings: VirtualStations.Settings) {
        let version = settings.version
        self.version = version
        var maker = ClientMaker(version: version, seed: parameters.seed)
        maker.firmware = settings.firmware
        maker.surroundings = surroundings
        maker.monitors = false  // plain stations have none
        clients = ContiguousArray(
            parameters.stations.indices.map {
                let wire = InProcessWire(settings.wire, version: version, role: .chargingStation)
                return maker.client($0, of: parameters, wire: wire)
            })
        let desk = Self.desk(settings)
        booked = ContiguousArray(repeating: [], count: parameters.stations.count)
        sessions = ContiguousArray(
            parameters.stations.map { station in
                Session(
                    desk: StationDesk(identity: "\(station.entity)", settings: desk),
                    wire: InProcessWire(settings.wire, version: version, role: .csms))
            })
    }

    private static func desk(_ settings: VirtualStations.Settings) -> DeskSettings {
        DeskSettings(everyday: settings.csms, inventory: .none, transactionStatusDelayS: never)
    }

    /// Gives what comes from a checkpoint the world's settings.
    mutating func adopt(_ settings: VirtualStations.Settings) {
        for s in sessions.indices { sessions[s].desk.adopt(Self.desk(settings)) }
    }

    /// Seconds: what is missing is not asked for, as by the CSMS of plain stations.
    private static let never: Int64 = 100 * 366 * 86_400

    /// Keeps an input for a client.
    mutating func put(_ input: Client.Input, station: Int) -> StationInput<StationFirmware.Input> {
        inputs.append(input)
        return StationInput(station: station, kept: Int32(inputs.count - 1), input: .lookAgain)
    }

    /// Hands an input to a client, whose ``outputs`` are then to be carried out.
    /// - Returns: when the client wants its timer.
    mutating func handle(_ input: StationFirmware.Input, kept: Int32, station s: Int, now: Timestamp) -> Timestamp {
        outputs.removeAll(keepingCapacity: true)
        clients[s].handle(kept >= 0 ? inputs[Int(kept)] : meaning(of: input), now: now, outputs: &outputs)
        return clients[s].nextDeadline
    }

    private func meaning(of input: StationFirmware.Input) -> Client.Input {
        switch input {
        case .linkUp: .opened
        case .linkDown: .closed
        case .timer: .timer
        default: .everyday(input)
        }
    }

    /// Keeps a booked transaction, or what has become of it.
    mutating func keep(_ transaction: StoredTransaction, of s: Int) {
        if let index = booked[s].lastIndex(where: { $0.transactionID == transaction.transactionID }) {
            booked[s][index] = transaction
        } else {
            if booked[s].count == Self.bookedMax { booked[s].removeFirst() }
            booked[s].append(transaction)
        }
    }

    func find(_ query: TransactionQuery, of s: Int) -> StoredTransaction? {
        booked[s].last { row in
            switch query {
            case .id(let id): row.transactionID == id
            case .start(let key): row.start?.key == key
            }
        }
    }

    /// More transactions than a station can have messages of in its queue.
    private static let bookedMax = 256

    /// Transactions that run at the site, as the CSMS knows.
    var runningCount: Int { sessions.reduce(0) { $0 + $1.desk.everyday.book.openCount } }

    /// Numbers of a station's EVSEs.
    func evses(of s: Int) -> Range<Int32> { 1..<Int32(clients[s].controller.firmware.evseCount) + 1 }

    /// A block of transaction ids of 1.6.
    mutating func grantIDs() -> Range<Int32> {
        defer { nextTransactionID += 16 }
        return nextTransactionID..<nextTransactionID + 16
    }

    /// The transaction under the charging station's own name; in 1.6 the CSMS has another.
    func stationID(of transactionID: IdentifierText, at s: Int) -> IdentifierText {
        guard version == .v16, let number = Int(transactionID.description) else { return transactionID }
        return clients[s].transactionID(of: number) ?? transactionID
    }
}

/// Flights of any kind, by small indices that are used again.
struct FlightSlab<Flight: Sendable & Codable>: Sendable, Codable {
    private var flights: [Flight?] = []
    private var free: [UInt32] = []

    mutating func insert(_ flight: Flight) -> UInt32 {
        guard let slot = free.popLast() else {
            flights.append(flight)
            return UInt32(flights.count - 1)
        }
        flights[Int(slot)] = flight
        return slot
    }

    /// `nil` when nothing lies there.
    mutating func remove(_ slot: UInt32) -> Flight? {
        guard flights.indices.contains(Int(slot)), let flight = flights[Int(slot)] else { return nil }
        flights[Int(slot)] = nil
        free.append(slot)
        return flight
    }
}
