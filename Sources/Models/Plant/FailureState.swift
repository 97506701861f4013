internal import Sim

/// One component of one station that can fail.
struct ComponentClock: BitwiseCopyable, Sendable, Codable {
    var station: UInt16
    /// The EVSE it belongs to, `UInt16.max` for the whole station.
    var evse: UInt16
    /// Index in ``ReliabilityTable/components``.
    var component: UInt8
    /// Disowns a failure that was scheduled under an earlier draw.
    var generation: UInt16 = 0
    /// Slot of its running outage; `UInt32.max` while it works.
    var outage = UInt32.max
    var stream: RandomStream
    /// When it was new or as good as new, and when it fails next.
    var renewed: SimTime
    var fails: SimTime

    /// An outage of it is running; no other can start.
    var isDown: Bool { outage != .max }

    /// Draws the age at the next failure: Weibull, new after a replacement, else given the age it has reached.
    mutating func drawFailure(now: SimTime, scaleH: Double, shape: Double) {
        let ageH = max(0, (now - renewed).seconds / 3600)
        let u = stream.unit()
        let consumed = ageH > 0 ? Math.pow(ageH / scaleH, shape) : 0
        let lifeH = scaleH * Math.pow(consumed - Math.log(u), 1 / shape)
        fails = renewed + .roundingUp(seconds: min(lifeH * 3600, 1e11))
        if fails <= now { fails = now + .seconds(1) }
        generation &+= 1
    }
}

/// A running outage of a component or a port.
struct Outage: BitwiseCopyable, Sendable, Codable {
    /// Index in ``FailureState/clocks``, `UInt32.max` for a hidden condition that was found.
    var clock: UInt32
    /// What failed, as in ``OutageRecord/cause``.
    var cause: UInt8
    var station: UInt16
    /// `UInt16.max` for the whole station.
    var evse: UInt16
    var start: SimTime
    /// When it was noticed, told to the dispatcher, and ready for a crew.
    var detected: SimTime
    var reported: SimTime
    var ready: SimTime
    var remote: Bool
    var effect: OutageEffect
}

/// Failures of a site: every component's clock, every port's condition, the supply, and the outages that run.
struct FailureState: Sendable, Codable {
    var clocks: ContiguousArray<ComponentClock> = []
    var outages = Slab<Outage>()
    /// By EVSE; empty where there are no hidden conditions.
    var ports: ContiguousArray<PortState> = []
    /// Running outages of the payment terminal, of the link and of the station's supply, by station.
    var paymentDown: ContiguousArray<UInt16> = []
    var linkDown: ContiguousArray<UInt16> = []
    var powerDown: ContiguousArray<UInt16> = []
    /// Start of the protective trip of each EVSE, which ends by itself; `distantFuture` for none.
    var trips: ContiguousArray<SimTime> = []
    var supply = SupplyState()
}

/// The site's connection to the grid.
struct SupplyState: BitwiseCopyable, Sendable, Codable {
    var stream = RandomStream(seed: 0, purpose: 0, entity: 0)
    /// Start of the interruption that is running.
    private(set) var downSince: SimTime = .distantFuture
    private var darkBefore: SimDuration = .zero
    /// Time without supply when the running sampling interval began.
    private var sampledDark: SimDuration = .zero

    var isDown: Bool { downSince < .distantFuture }

    /// Time without supply from the start of the run until `now`.
    func dark(until now: SimTime) -> SimDuration { isDown ? darkBefore + (now - downSince) : darkBefore }

    mutating func fail(now: SimTime) { downSince = now }

    mutating func restore(now: SimTime) {
        darkBefore = dark(until: now)
        downSince = .distantFuture
    }

    /// Share of the sampling interval ending now in which there was no supply; starts the next one.
    mutating func takeDarkShare(over interval: SimDuration, now: SimTime) -> Double {
        let dark = dark(until: now)
        defer { sampledDark = dark }
        return Double((dark - sampledDark).microseconds) / Double(interval.microseconds)
    }
}
