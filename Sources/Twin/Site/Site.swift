internal import Models
internal import OCPP
internal import Sim

/// A simulated site: one logical process.
///
/// Nothing of it is shared; between sites only ``Models/SiteMessage``s travel. A site is plain data: what
/// is not in a checkpoint (parameters, settings) is compiled from the world again.
typealias Site = SiteRuntime<VirtualStations>

extension SiteRuntime: LogicalProcess where Stations == VirtualStations {
    typealias Message = SiteMessage

    /// - Parameter settings: of stations, links and CSMS; `nil` for a site without a CSMS, whose stations charge whoever comes.
    init(
        _ parameters: SiteParameters, surroundings: SurroundingsSpec = SurroundingsSpec(),
        csms settings: VirtualStations.Settings?
    ) {
        let stations =
            settings.map { VirtualStations(parameters, surroundings: surroundings, settings: $0) } ?? VirtualStations()
        self.init(plant: SitePlant(parameters), stations: stations)
        for station in stations.link.lines.indices { receive(.powerUp(reason: .powerUp), station) }
        for s in self.stations.surroundings.indices {
            for plug in self.stations.surroundings[s].cabinet?.plugs() ?? [] {
                receive(self.stations.input(plug, station: s))
            }
        }
        settle(now: .zero)
    }

    mutating func run(until end: SimTime, outbox: inout [Envelope<SiteMessage>]) {
        run(until: end)
        guard !plant.outgoing.isEmpty else { return }
        for message in plant.outgoing {
            outbox.append(
                Envelope(
                    deliverAt: message.deliverAt, source: plant.parameters.index, sequence: sent,
                    destination: message.destination, message: message.message))
            sent &+= 1
        }
        plant.outgoing.removeAll(keepingCapacity: true)
    }

    mutating func deliver(_ message: SiteMessage, at time: SimTime) { plant.accept(message, at: time) }

    /// Takes over what a checkpoint does not hold.
    mutating func adopt(_ parameters: SiteParameters, csms settings: VirtualStations.Settings?) {
        plant.parameters = parameters
        if let settings { stations.adopt(settings) }
    }

    /// Events of the plant, the links and the stations' timers.
    var eventCount: UInt64 { plant.eventCount + stations.eventCount }
}
