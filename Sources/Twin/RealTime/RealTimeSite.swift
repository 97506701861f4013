public import Models
public import OCPP
public import Sim

/// A site of a world whose stations speak to a CSMS outside the simulation.
///
/// The same runtime as in a ``TwinRun``, but the frames of its stations leave as outputs, and time goes on as the owner
/// says: ``run(until:)`` follows the wall clock, frames of the CSMS are handed in when they arrive. Nothing here waits,
/// opens or reads anything, and nothing is kept that nobody takes: rows for a telemetry file are dropped.
///
/// Transactions are counted with the plant's truth, so that a CSMS's books can be compared with it.
public struct RealTimeSite: Sendable {
    /// One thing the owner has to do for a station.
    public struct Output: Sendable {
        /// Index within the site.
        public var station: Int
        public var order: Order
    }
    public enum Order: Sendable {
        case client(StationClient.Output)
        /// The station's modem has broken, or works again.
        case linkFault(Bool)
    }

    /// Stable names of the site's stations, in order.
    public let stationIDs: [String]
    var runtime: SiteRuntime<ClientStations>

    init(
        plant: SitePlant, clients: ContiguousArray<StationClient>, stationIDs: [String], epoch: Timestamp,
        surroundings: ContiguousArray<StationSurroundings> = []
    ) {
        self.stationIDs = stationIDs
        runtime = SiteRuntime(
            plant: plant,
            stations: ClientStations(clients, clock: SiteClock(epoch: epoch), surroundings: surroundings))
    }

    var plant: SitePlant { runtime.plant }
    public var clients: ContiguousArray<StationClient> { runtime.stations.clients }
    public var totals: SiteTotals { runtime.plant.totals }
    public var stationCount: Int { stationIDs.count }
    /// Number of the site among the world's, by which ``takeMessages()`` names receivers.
    public var index: UInt32 { runtime.plant.parameters.index }
    public func timestamp(_ t: SimTime) -> Timestamp { runtime.stations.clock.timestamp(t) }

    /// When ``run(until:)`` has something to do next; `distantFuture` for nothing.
    public var nextTime: SimTime { runtime.nextTime }

    /// What is to be done, in order, since the last call.
    public mutating func takeOutputs() -> [Output] {
        defer { runtime.stations.toDo.removeAll(keepingCapacity: true) }
        return runtime.stations.toDo
    }

    /// Transactions as they really were, in the order they ended, since the last call.
    public mutating func takeTruth() -> [TrueTransaction] {
        defer { runtime.stations.truth.removeAll(keepingCapacity: true) }
        return runtime.stations.truth
    }

    /// What is to be delivered to the world's sites, this one included, since the last call.
    public mutating func takeMessages() -> [OutgoingMessage] {
        guard !runtime.plant.outgoing.isEmpty else { return [] }
        defer { runtime.plant.outgoing.removeAll(keepingCapacity: true) }
        return Array(runtime.plant.outgoing)
    }

    /// Takes a message of a site of the world; one that comes after its time is delivered at once.
    public mutating func deliver(_ message: OutgoingMessage, now: SimTime) {
        runtime.plant.accept(message.message, at: max(message.deliverAt, now))
    }

    /// Switches a station on.
    public mutating func powerUp(_ station: Int, reason: Core.BootReason = .powerUp, now: SimTime) {
        runtime.hand(.everyday(.powerUp(reason: reason)), to: station, now: now)
        let surroundings = runtime.stations.surroundings
        guard surroundings.indices.contains(station), let plugs = surroundings[station].cabinet?.plugs() else { return }
        for plug in plugs { runtime.hand(StationClient.Input(plug), to: station, now: now) }
    }

    /// Something came from the connection or the driver's jobs.
    public mutating func handle(_ input: StationClient.Input, station: Int, now: SimTime) {
        runtime.hand(input, to: station, now: now)
    }

    /// Runs everything that is due before `end`.
    public mutating func run(until end: SimTime) {
        runtime.run(until: end)
        runtime.plant.forgetRows()
    }
}
