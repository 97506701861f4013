internal import CSMS
internal import Models
internal import OCPP
internal import Sim
internal import Telemetry

/// One logical process: everything that stands at one site, its stations' firmware, its links and its part of the CSMS.
///
/// Nothing of it is shared; between sites only ``Models/SiteMessage``s travel. A site is plain data: what
/// is not in a checkpoint (parameters, settings) is compiled from the world again.
struct Site: LogicalProcess, Codable {
    typealias Message = SiteMessage

    var plant: SitePlant
    var office: StationOffice?
    private var sent: UInt32 = 0

    private enum CodingKeys: String, CodingKey { case plant, office, sent }

    init(_ parameters: SiteParameters, office settings: StationOffice.Settings?) {
        plant = SitePlant(parameters)
        guard let settings else { return }
        office = StationOffice(plant: &plant, settings: settings)
    }

    var nextTime: SimTime { plant.nextTime }

    mutating func run(until end: SimTime, outbox: inout [Envelope<SiteMessage>]) {
        while let (now, event) = plant.queue.pop(before: end) {
            plant.sample(upTo: now)
            let link = plant.handle(event, now: now)
            if office != nil {
                if let link { office?.handle(link, now: now, plant: &plant) }
                if !plant.signals.isEmpty { office?.pump(now: now, plant: &plant) }
            }
        }
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

    /// Takes over what a checkpoint does not hold.
    mutating func adopt(_ parameters: SiteParameters, office settings: StationOffice.Settings?) {
        plant.parameters = parameters
        if let settings { office?.settings = settings }
    }

    func auditTotals() -> AuditTotals { office?.auditTotals() ?? AuditTotals() }

    /// OCPP messages logged since the last call.
    mutating func takeMessages() -> ContiguousArray<MessageRecord> { office?.takeMessages() ?? [] }

    mutating func deliver(_ message: SiteMessage, at time: SimTime) { plant.accept(message, at: time) }
}
