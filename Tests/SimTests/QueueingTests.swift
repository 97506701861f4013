import Sim
import Testing

/// A waiting line with several servers, a limit and impatient customers, run on the kernel.
private struct WaitingLine {
    enum Event: BitwiseCopyable, Sendable {
        case arrival
        case departure
        case patienceOver(customer: Int32)
    }

    enum Service: Sendable {
        case exponential
        case constant
        case lognormal(cv2: Double)
    }

    let arrivalMean: Double
    let serviceMean: Double
    let servers: Int
    var capacity = Int.max
    var patienceMean = Double.infinity
    var service = Service.exponential

    private var queue = EventQueue<Event>()
    private var arrivals: RandomStream
    private var services: RandomStream
    private var patience: RandomStream
    private var waitingSince: [SimTime?] = []
    private var firstWaiting = 0
    private var waiting = 0
    private var busy = 0
    private(set) var figures = Figures()

    /// What came out, in minutes.
    struct Figures {
        var arrived = 0.0
        var served = 0.0
        var waited = 0.0
        var waitedLong = 0.0
        var blocked = 0.0
        var abandoned = 0.0
        var waitOfServed = 0.0
        var waitOfAll = 0.0
        var busyArea = 0.0
        var waitingArea = 0.0
        var minutes = 0.0
    }

    init(perMinute rate: Double, serviceMin: Double, servers: Int, seed: UInt64) {
        arrivalMean = 60 / rate
        serviceMean = 60 * serviceMin
        self.servers = servers
        arrivals = RandomStream(seed: seed, purpose: 1, entity: 0)
        services = RandomStream(seed: seed, purpose: 2, entity: 0)
        patience = RandomStream(seed: seed, purpose: 3, entity: 0)
    }

    mutating func run(warmUp: Int, customers: Int) {
        var last = SimTime.zero
        queue.schedule(.arrival, at: last + .rounding(seconds: arrivals.exponential(mean: arrivalMean)))
        var seen = 0
        while let (now, event) = queue.pop() {
            let minutes = (now - last).seconds / 60
            figures.minutes += minutes
            figures.busyArea += minutes * Double(busy)
            figures.waitingArea += minutes * Double(waiting)
            last = now
            switch event {
            case .arrival:
                seen += 1
                if seen == warmUp { figures = Figures() }
                if seen > warmUp + customers { return }
                queue.schedule(.arrival, at: now + .rounding(seconds: arrivals.exponential(mean: arrivalMean)))
                arrive(now)
            case .departure:
                busy -= 1
                serveNext(now)
            case .patienceOver(let customer):
                guard let since = waitingSince[Int(customer)] else { continue }
                waitingSince[Int(customer)] = nil
                waiting -= 1
                figures.abandoned += 1
                figures.waitOfAll += (now - since).seconds / 60
            }
        }
    }

    private mutating func arrive(_ now: SimTime) {
        figures.arrived += 1
        if busy < servers { return serve(now, since: now) }
        guard busy + waiting < capacity else {
            figures.blocked += 1
            return
        }
        figures.waited += 1
        waiting += 1
        waitingSince.append(now)
        guard patienceMean.isFinite else { return }
        let limit = SimDuration.rounding(seconds: patience.exponential(mean: 60 * patienceMean))
        queue.schedule(.patienceOver(customer: Int32(waitingSince.count - 1)), at: now + limit)
    }

    private mutating func serveNext(_ now: SimTime) {
        while firstWaiting < waitingSince.count {
            let since = waitingSince[firstWaiting]
            waitingSince[firstWaiting] = nil
            firstWaiting += 1
            if let since {
                waiting -= 1
                return serve(now, since: since)
            }
        }
    }

    private mutating func serve(_ now: SimTime, since: SimTime) {
        busy += 1
        let wait = (now - since).seconds / 60
        figures.served += 1
        figures.waitOfServed += wait
        figures.waitOfAll += wait
        if wait > 10 { figures.waitedLong += 1 }
        let time: Double
        switch service {
        case .exponential: time = services.exponential(mean: serviceMean)
        case .constant: time = serviceMean
        case .lognormal(let cv2):
            let sigma2 = Math.log1p(cv2)
            time = services.lognormal(mu: Math.log(serviceMean) - sigma2 / 2, sigma: sigma2.squareRoot())
        }
        queue.schedule(.departure, at: now + .rounding(seconds: time))
    }
}

/// Values of reference/vectors/queueing.json, met by independent runs within four standard errors.
@Suite("Queueing theory")
struct QueueingTests {
    private func replicate(_ make: (UInt64) -> WaitingLine) -> [WaitingLine.Figures] {
        (UInt64(1)...40).map { seed in
            var line = make(seed)
            line.run(warmUp: 4000, customers: 20_000)
            return line.figures
        }
    }

    private func check(
        _ runs: [WaitingLine.Figures], _ name: String, _ expected: Double,
        _ figure: (WaitingLine.Figures) -> Double
    ) {
        let sample = runs.map(figure)
        let distance = standardErrors(sample, mean: expected)
        let mean = sample.reduce(0, +) / Double(sample.count)
        #expect(distance < 4, "\(name): \(mean) instead of \(expected), \(distance) standard errors")
    }

    @Test(
        "M/M/c: waiting, time in line and lengths (mmc_*)",
        arguments: [
            (1, 0.026666667, 30.0, 0.8, 120.0, 0.74840559), (2, 0.05, 30, 0.64285714, 38.571429, 0.54416682),
            (4, 0.12, 25, 0.50943396, 12.735849, 0.3414838), (4, 0.144, 25, 0.78775326, 49.234579, 0.67127905),
        ])
    func multiServer(servers: Int, rate: Double, service: Double, waits: Double, mean: Double, long: Double) {
        let runs = replicate { WaitingLine(perMinute: rate, serviceMin: service, servers: servers, seed: $0) }
        check(runs, "P_wait", waits) { $0.waited / $0.arrived }
        check(runs, "Wq_min", mean) { $0.waitOfServed / $0.served }
        check(runs, "P_wait_gt_10min", long) { $0.waitedLong / $0.served }
        check(runs, "Lq", rate * mean) { $0.waitingArea / $0.minutes }
        check(runs, "rho", rate * service / Double(servers)) { $0.busyArea / $0.minutes / Double(servers) }
    }

    @Test(
        "M/G/1: constant, exponential and lognormal service (mg1_*)", arguments: [(0.0, 22.5), (1, 45), (0.25, 28.125)])
    func generalService(cv2: Double, mean: Double) {
        let runs = replicate { seed in
            var line = WaitingLine(perMinute: 0.02, serviceMin: 30, servers: 1, seed: seed)
            line.service = cv2 == 0 ? .constant : cv2 == 1 ? .exponential : .lognormal(cv2: cv2)
            return line
        }
        check(runs, "Wq_min", mean) { $0.waitOfServed / $0.served }
        check(runs, "Lq", 0.02 * mean) { $0.waitingArea / $0.minutes }
    }

    @Test(
        "M/M/c/K: blocking, length and utilisation (mmck_*)",
        arguments: [(6, 0.29354299, 0.8219204, 5.8172, 0.88307126), (4, 0.39834289, 0, 0, 0.75207138)])
    func limited(capacity: Int, blocked: Double, length: Double, wait: Double, utilisation: Double) {
        let runs = replicate { seed in
            var line = WaitingLine(perMinute: 0.2, serviceMin: 25, servers: 4, seed: seed)
            line.capacity = capacity
            return line
        }
        check(runs, "P_block", blocked) { $0.blocked / $0.arrived }
        check(runs, "utilisation", utilisation) { $0.busyArea / $0.minutes / 4 }
        if length > 0 {
            check(runs, "Lq", length) { $0.waitingArea / $0.minutes }
            check(runs, "Wq_accepted_min", wait) { $0.waitOfServed / $0.served }
        }
    }

    @Test(
        "Erlang A: impatient customers (erlangA_*)",
        arguments: [
            (0.2, 4, 15.0, 0.67032594, 0.30868069, 4.63021, 0.86414914),
            (0.16, 4, 10, 0.47649216, 0.2359472, 2.359472, 0.7640528),
            (0.4, 8, 20, 0.7485134, 0.25257096, 5.051419, 0.9342863),
        ])
    func impatient(
        rate: Double, servers: Int, patience: Double, waits: Double, abandons: Double, wait: Double, utilisation: Double
    ) {
        let runs = replicate { seed in
            var line = WaitingLine(perMinute: rate, serviceMin: 25, servers: servers, seed: seed)
            line.patienceMean = patience
            return line
        }
        check(runs, "P_wait", waits) { $0.waited / $0.arrived }
        check(runs, "P_abandon", abandons) { $0.abandoned / $0.arrived }
        check(runs, "mean_time_in_queue_all_min", wait) { $0.waitOfAll / $0.arrived }
        check(runs, "utilisation", utilisation) { $0.busyArea / $0.minutes / Double(servers) }
    }
}
