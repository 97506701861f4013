internal import Sim

/// What can happen between a site's simulated stations and the CSMS.
enum LinkEvent: BitwiseCopyable, Hashable, Sendable, Codable {
    /// The firmware timer of a station may be due; it is re-armed lazily.
    case stationTimer(station: UInt16)
    /// A connection asked for is there.
    case connected(station: UInt16, connection: UInt32)
    /// The station's link goes down or comes back.
    case linkChange(station: UInt16)
    /// A frame reaches the CSMS: `slot` of the link's slab.
    case callArrives(slot: UInt32)
    /// An answer reaches its station.
    case answerArrives(slot: UInt32)
    /// A message of a plain station that is no everyday one reaches the CSMS, or its answer the station.
    case otherArrives(slot: UInt32)
    /// The CSMS's session of a station asked to be woken.
    case sessionTimer(station: UInt16)
    /// A station has done some work: `slot` of the pairs' work.
    case workDone(slot: UInt32)
    /// An order of the CSMS is due: `slot` of the site's orders.
    case order(slot: UInt32)
    /// The CSMS asked to be woken.
    case csmsTimer

    /// Whether something travels, and not only a timer is due.
    var isTraffic: Bool {
        switch self {
        case .connected, .linkChange, .callArrives, .answerArrives, .otherArrives: true
        case .stationTimer, .sessionTimer, .workDone, .order, .csmsTimer: false
        }
    }
}
