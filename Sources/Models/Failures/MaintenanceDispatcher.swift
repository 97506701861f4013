public import Sim

/// A fault that needs a visit.
public struct WorkOrder: BitwiseCopyable, Sendable, Codable {
    public var site: UInt32
    /// Slot of the outage at its site, handed back when the crew is done.
    public var outage: UInt32
    /// Before that no crew can start: parts, planning.
    public var readyAt: SimTime
    public var handsOn: SimDuration
    public var latitude: Float
    public var longitude: Float

    public init(
        site: UInt32, outage: UInt32, readyAt: SimTime, handsOn: SimDuration, latitude: Float, longitude: Float
    ) {
        self.site = site
        self.outage = outage
        self.readyAt = readyAt
        self.handsOn = handsOn
        self.latitude = latitude
        self.longitude = longitude
    }
}

/// A crew on its way: when it set off, arrives and is done.
public struct CrewJob: BitwiseCopyable, Sendable, Codable {
    public var order: WorkOrder
    public var dispatched: SimTime
    public var arrives: SimTime
    public var done: SimTime
}

/// A finite pool of crews that drive from fault to fault for the whole network.
///
/// It is at one site and learns of faults by message. The order that has been ready longest gets the nearest free crew; when
/// no crew is free it waits, first come, first served. A crew drives in a straight line and is free again when the work is
/// done.
/// - Source: domain.md section 5.3 (dispatch); travel speed and set-up are engineering estimates.
public struct MaintenanceDispatcher: Sendable, Codable {
    struct Crew: BitwiseCopyable, Sendable, Codable {
        var freeAt: SimTime
        var latitude: Float
        var longitude: Float
    }
    struct Waiting: BitwiseCopyable, Sendable, Codable {
        var order: WorkOrder
        var number: UInt64
    }
    private var crews: ContiguousArray<Crew>
    private var waiting: ContiguousArray<Waiting> = []
    private var count: UInt64 = 0
    private let setUpS: Double
    private let speedKmh: Double
    /// When it is to look again, `distantFuture` for not at all; an event with an older generation is disowned.
    private(set) var wakesAt: SimTime = .distantFuture
    private(set) var generation: UInt32 = 0

    /// - Parameters:
    ///   - setUpS: added to every drive, seconds.
    ///   - speedKmh: in a straight line, positive.
    public init(
        crews: Int, latitude: Double, longitude: Double, setUpS: Double = 900, speedKmh: Double = 50
    ) {
        let home = Crew(
            freeAt: .zero, latitude: Float(latitude.isNaN ? 0 : latitude),
            longitude: Float(longitude.isNaN ? 0 : longitude))
        self.crews = ContiguousArray(repeating: home, count: max(1, crews))
        self.setUpS = setUpS
        self.speedKmh = speedKmh
    }

    /// Orders that no crew has been sent to yet.
    public var waitingCount: Int { waiting.count }

    public mutating func receive(_ order: WorkOrder) {
        waiting.append(Waiting(order: order, number: count))
        count += 1
    }

    /// Sends out crews for every order that can be served now.
    public mutating func dispatch(now: SimTime) -> [CrewJob] {
        var jobs: [CrewJob] = []
        while let next = nextReady(now: now), let crew = nearestFree(to: waiting[next].order, now: now) {
            let order = waiting.remove(at: next).order
            let hours = Self.distanceKm(crews[crew], order) / speedKmh
            let arrives = now + .rounding(seconds: setUpS + hours * 3600)
            let done = arrives + order.handsOn
            crews[crew] = Crew(freeAt: done, latitude: order.latitude, longitude: order.longitude)
            jobs.append(CrewJob(order: order, dispatched: now, arrives: arrives, done: done))
        }
        return jobs
    }

    /// When an order is ready and a crew free, should it be earlier than what is pending: the one event to schedule.
    public mutating func nextWake(now: SimTime) -> (at: SimTime, generation: UInt32)? {
        guard !waiting.isEmpty else { return nil }
        let ready = waiting.map(\.order.readyAt).min() ?? now
        let free = crews.map(\.freeAt).min() ?? now
        let at = max(ready, free, now)
        guard at < wakesAt else { return nil }
        wakesAt = at
        generation &+= 1
        return (at, generation)
    }

    /// Whether an event is the one pending, which it then no longer is.
    public mutating func wakes(_ generation: UInt32) -> Bool {
        guard generation == self.generation, wakesAt < .distantFuture else { return false }
        wakesAt = .distantFuture
        return true
    }

    private func nextReady(now: SimTime) -> Int? {
        var best: Int?
        for i in waiting.indices where waiting[i].order.readyAt <= now {
            guard let b = best else {
                best = i
                continue
            }
            let (a, c) = (waiting[i], waiting[b])
            if (a.order.readyAt, a.number) < (c.order.readyAt, c.number) { best = i }
        }
        return best
    }

    /// The nearest free crew, the first of equals.
    private func nearestFree(to order: WorkOrder, now: SimTime) -> Int? {
        var best: Int?
        var bestKm = Double.infinity
        for i in crews.indices where crews[i].freeAt <= now {
            let km = Self.distanceKm(crews[i], order)
            if best == nil || km < bestKm {
                best = i
                bestKm = km
            }
        }
        return best
    }

    private static func distanceKm(_ crew: Crew, _ order: WorkOrder) -> Double {
        guard !crew.latitude.isNaN, !order.latitude.isNaN else { return 10 }
        return Geography.distanceKm(
            Double(crew.latitude), Double(crew.longitude), Double(order.latitude), Double(order.longitude))
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
