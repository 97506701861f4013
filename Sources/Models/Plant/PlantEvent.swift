public import Sim

/// What can happen at a site. Cases carry dense indices only; `generation` disowns events whose cause has changed.
public enum PlantEvent: BitwiseCopyable, Hashable, Sendable, Codable {
    // Drivers and vehicles
    /// The next drawn arrival of a population is due.
    case arrival(population: UInt8)
    /// The next row of a replayed session list is due.
    case replayedArrival
    /// A fleet vehicle comes home.
    case fleetReturn(vehicle: UInt16)
    /// A message from another site is delivered: `slot` of the inbox.
    case delivery(slot: UInt32)
    /// A waiting driver's patience is over.
    case patienceOver(ticket: UInt32)
    /// The driver has parked and the cable is in.
    case plugIn(evse: UInt16, generation: UInt16)
    /// The driver presents a token (or pays) at the station.
    case tokenPresented(evse: UInt16, generation: UInt16)
    /// The driver pulls the cable and leaves.
    case departure(evse: UInt16, generation: UInt16)

    // Energy
    /// The start sequence is through and current may flow.
    case energyStart(evse: UInt16, generation: UInt16)
    /// The piece of the charge curve in use ends, or the target is reached.
    case segmentEnd(evse: UInt16, generation: UInt16)
    /// The pack's temperature leaves its band.
    case bandEdge(evse: UInt16, generation: UInt16)
    /// The site's load manager shares the limit anew.
    case allocation

    // Failures
    /// A component fails: index of its clock.
    case componentFailure(clock: UInt32, generation: UInt16)
    /// A port turns flaky or dead without anybody knowing.
    case conditionOnset(evse: UInt16, generation: UInt16)
    /// An inspection finds a port that only looks well.
    case conditionFound(evse: UInt16, generation: UInt16)
    /// The site loses its supply from the grid, or has it back.
    case supplyLost
    case supplyRestored
    /// An outage that is settled without a visit ends: `slot` of the outage list.
    case outageEnd(slot: UInt32)
    /// Something goes wrong under load.
    case incident(evse: UInt16, generation: UInt16)
    /// A protective trip is reset.
    case tripReset(evse: UInt16)
    /// The maintenance dispatcher may have a free crew.
    case dispatcherWakes(generation: UInt32)
}

/// What travels between sites. Least delays: a driver takes the world's least drive, a work order fifteen minutes of detection and
/// triage, a repaired station the fifteen minutes that a crew needs to get there.
public enum SiteMessage: BitwiseCopyable, Sendable, Codable {
    /// A driver who found no place drives on to the receiver.
    case driver(Driver)
    /// A fault that needs a visit, sent to the maintenance dispatcher.
    case workOrder(WorkOrder)
    /// The crew, which had set off and arrived then, is done at the receiver's station.
    case repaired(outage: UInt32, dispatched: SimTime, arrived: SimTime)
}
