import Sim

/// M/M/c on the event queue, the same work as `mmc.cpp`: arrivals until all customers have come, then run empty.
struct MultiServer {
    enum Event: UInt8, BitwiseCopyable, Sendable {
        case arrival
        case departure
    }

    /// Clock ticks of a unit of time.
    static let unitS = 1000.0

    let customers: Int
    let arrivalRate: Double
    let serviceRate: Double
    let servers: Int
    let seed: UInt64

    private var queue = EventQueue<Event>()
    private var stream: RandomStream
    private var waiting = Waiting()
    private var busy = 0
    private var arrived = 0
    private var served = 0
    private var totalWaitS = 0.0
    private var busyAreaS = 0.0

    init(customers: Int, arrivalRate: Double, serviceRate: Double, servers: Int, seed: UInt64) {
        self.customers = customers
        self.arrivalRate = arrivalRate
        self.serviceRate = serviceRate
        self.servers = servers
        self.seed = seed
        stream = RandomStream(seed: seed, purpose: 2, entity: 0)
    }

    mutating func run() {
        let watch = Stopwatch()
        var last = SimTime.zero
        schedule(.arrival, after: last, rate: arrivalRate)
        while let (now, event) = queue.pop() {
            busyAreaS += (now - last).seconds * Double(busy)
            last = now
            switch event {
            case .arrival:
                arrived += 1
                if arrived < customers { schedule(.arrival, after: now, rate: arrivalRate) }
                if busy < servers {
                    busy += 1
                    served += 1
                    schedule(.departure, after: now, rate: serviceRate)
                } else {
                    waiting.append(now)
                }
            case .departure:
                if let since = waiting.removeFirst() {
                    totalWaitS += (now - since).seconds
                    served += 1
                    schedule(.departure, after: now, rate: serviceRate)
                } else {
                    busy -= 1
                }
            }
        }
        report(watch, end: last)
    }

    @inline(__always)
    private mutating func schedule(_ event: Event, after now: SimTime, rate: Double) {
        queue.schedule(event, at: now + .rounding(seconds: stream.exponential(mean: Self.unitS / rate)))
    }

    private func report(_ watch: Stopwatch, end: SimTime) {
        let (cpuS, wallS) = (watch.cpuS, watch.wallS)
        let offered = arrivalRate / serviceRate
        var blocking = 1.0
        for k in 1...servers { blocking = offered * blocking / (Double(k) + offered * blocking) }
        let utilisation = offered / Double(servers)
        let waits = blocking / (1 - utilisation * (1 - blocking))
        emit([
            ("kernel", "evtwin"), ("model", "M/M/\(servers)"), ("lam", arrivalRate), ("mu", serviceRate),
            ("customers", served), ("wall_s", wallS), ("cpu_s", cpuS),
            ("cust_per_s", (Double(served) / wallS).rounded()),
            ("cust_per_cpu_s", (Double(served) / cpuS).rounded()),
            ("mean_wait", totalWaitS / Self.unitS / Double(served)),
            ("analytic_wait", waits / (Double(servers) * serviceRate - arrivalRate)),
            ("utilisation", busyAreaS / end.seconds / Double(servers)),
        ])
    }
}

/// Customers in line: a ring that doubles when full.
private struct Waiting {
    private var ring = ContiguousArray<SimTime>(repeating: .zero, count: 64)
    private var head = 0
    private var count = 0

    @inline(__always)
    mutating func append(_ time: SimTime) {
        if count == ring.count { grow() }
        ring[(head + count) & (ring.count - 1)] = time
        count += 1
    }

    @inline(__always)
    mutating func removeFirst() -> SimTime? {
        guard count > 0 else { return nil }
        let first = ring[head]
        head = (head + 1) & (ring.count - 1)
        count -= 1
        return first
    }

    private mutating func grow() {
        let ordered = (0..<count).map { ring[(head + $0) & (ring.count - 1)] }
        ring = ContiguousArray(ordered + ordered)
        head = 0
    }
}
