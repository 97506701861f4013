public import Sim

/// One component of one station that can fail.
struct ComponentClock: BitwiseCopyable, Sendable, Codable {
    var station: UInt16
    /// The EVSE it belongs to, `UInt16.max` for the whole station.
    var evse: UInt16
    /// Index in ``ReliabilityTable/components``.
    var component: UInt8
    var stream: RandomStream
    /// When it was new or as good as new, and when it fails next.
    var renewed: SimTime
    var fails: SimTime
    /// An outage of it is running; no other can start.
    var isDown = false
}

/// A running outage.
struct Outage: BitwiseCopyable, Sendable, Codable {
    var clock: UInt32
    var start: SimTime
    var remote: Bool
    /// What it takes out: station, one EVSE, the payment terminal or the link.
    var effect: Effect

    enum Effect: UInt8, BitwiseCopyable, Sendable, Codable {
        /// Nothing charges.
        case service
        /// Cards are refused.
        case payment
        /// The station loses its CSMS.
        case link
        /// The station works on; the repair is for comfort.
        case cosmetic
    }
}

/// Failures of a site: every component's clock, and the outages that run.
struct FailureState: Sendable, Codable {
    var clocks: ContiguousArray<ComponentClock> = []
    var outages = Slab<Outage>()
    /// Running outages of the payment terminal and of the link, by station.
    var paymentDown: ContiguousArray<UInt16> = []
    var linkDown: ContiguousArray<UInt16> = []
    /// Incident outages (trips, resets) that end by themselves; `evse` of each slot.
    var trips = Slab<Trip>()

    struct Trip: BitwiseCopyable, Sendable, Codable {
        var evse: UInt16
        var start: SimTime
    }
}

extension ComponentClock {
    /// Draws the age at the next failure: Weibull, new after a replacement, else given the age it has reached.
    mutating func drawFailure(now: SimTime, scaleH: Double, shape: Double) {
        let ageH = max(0, (now - renewed).seconds / 3600)
        let u = stream.unit()
        let consumed = ageH > 0 ? Math.pow(ageH / scaleH, shape) : 0
        let lifeH = scaleH * Math.pow(consumed - Math.log(u), 1 / shape)
        fails = renewed + .roundingUp(seconds: min(lifeH * 3600, 1e11))
        if fails <= now { fails = now + .seconds(1) }
    }
}

/// A fault that needs a visit.
public struct RepairTicket: BitwiseCopyable, Sendable, Codable {
    public var site: UInt32
    /// Slot of the outage at its site, handed back when the crew is done.
    public var outage: UInt32
    /// Work before which no crew can start: parts, planning.
    public var readyAt: SimTime
    public var handsOn: SimDuration
    public var latitude: Float
    public var longitude: Float
}

/// The operations desk: a finite pool of crews that drive from fault to fault for the whole network.
///
/// It stands at one site and hears of faults by message. A crew takes the ticket that has been ready longest, drives
/// there in a straight line, and is free again when the work is done.
/// - Source: domain.md section 5.3 (dispatch); travel speed 50 km/h and 15 min set-up are engineering estimates.
public struct OperationsDesk: Sendable, Codable {
    struct Crew: BitwiseCopyable, Sendable, Codable {
        var freeAt: SimTime
        var latitude: Float
        var longitude: Float
    }
    struct Waiting: BitwiseCopyable, Sendable, Codable {
        var ticket: RepairTicket
        var number: UInt64
    }
    private var crews: ContiguousArray<Crew>
    private var waiting: ContiguousArray<Waiting> = []
    private var count: UInt64 = 0

    public init(crews: Int, latitude: Double, longitude: Double) {
        let home = Crew(
            freeAt: .zero, latitude: Float(latitude.isNaN ? 0 : latitude),
            longitude: Float(longitude.isNaN ? 0 : longitude))
        self.crews = ContiguousArray(repeating: home, count: max(1, crews))
    }

    mutating func file(_ ticket: RepairTicket) {
        waiting.append(Waiting(ticket: ticket, number: count))
        count += 1
    }

    /// Sends out crews for every ticket that can be served now; returns jobs with their end, and when to look again.
    mutating func dispatch(now: SimTime) -> (jobs: [(ticket: RepairTicket, done: SimTime)], wake: SimTime?) {
        var jobs: [(ticket: RepairTicket, done: SimTime)] = []
        while let next = nextReady(now: now), let crew = nextFree(now: now) {
            let ticket = waiting.remove(at: next).ticket
            let km = Self.distanceKm(crews[crew], ticket)
            let travel = SimDuration.rounding(seconds: 900 + km / 50 * 3600)
            let done = now + travel + ticket.handsOn
            crews[crew] = Crew(freeAt: done, latitude: ticket.latitude, longitude: ticket.longitude)
            jobs.append((ticket, done))
        }
        guard !waiting.isEmpty else { return (jobs, nil) }
        let ready = waiting.map(\.ticket.readyAt).min() ?? now
        let free = crews.map(\.freeAt).min() ?? now
        return (jobs, max(ready, free, now + .minutes(1)))
    }

    private func nextReady(now: SimTime) -> Int? {
        var best: Int?
        for i in waiting.indices where waiting[i].ticket.readyAt <= now {
            guard let b = best else {
                best = i
                continue
            }
            let (a, c) = (waiting[i], waiting[b])
            if (a.ticket.readyAt, a.number) < (c.ticket.readyAt, c.number) { best = i }
        }
        return best
    }
    private func nextFree(now: SimTime) -> Int? { crews.firstIndex { $0.freeAt <= now } }

    private static func distanceKm(_ crew: Crew, _ ticket: RepairTicket) -> Double {
        guard !crew.latitude.isNaN, !ticket.latitude.isNaN else { return 10 }
        return Geography.distanceKm(
            Double(crew.latitude), Double(crew.longitude), Double(ticket.latitude), Double(ticket.longitude))
    }
}

/// Distances on the sphere, good enough for driving in a region.
public enum Geography {
    /// Equirectangular distance, km; arguments in degrees.
    public static func distanceKm(_ lat1: Double, _ lon1: Double, _ lat2: Double, _ lon2: Double) -> Double {
        let radians = Double.pi / 180
        let x = (lon2 - lon1) * radians * Math.cos(0.5 * (lat1 + lat2) * radians)
        let y = (lat2 - lat1) * radians
        return 6371 * (x * x + y * y).squareRoot()
    }
}
