/// A vehicle in a depot: when it is there, what it needs, how fast it charges.
public struct DepotJob: BitwiseCopyable, Sendable {
    /// Arrival and departure, h.
    public var arrivalH: Double
    public var departureH: Double
    /// Energy needed, Wh, and charger limit, W, on the same side of the charger.
    public var energyWh: Double
    public var maximumW: Double
    public init(arrivalH: Double, departureH: Double, energyWh: Double, maximumW: Double) {
        self.arrivalH = arrivalH
        self.departureH = departureH
        self.energyWh = energyWh
        self.maximumW = maximumW
    }
}

/// The least constant power that serves a depot's vehicles.
public enum DepotPlan {
    /// Equal vehicles in one common window: what charging at once and charging evenly draw from the grid.
    public struct UniformFleet: BitwiseCopyable, Sendable {
        /// Least constant grid power, W: energy over window and efficiency.
        public let lowerBoundW: Double
        /// Grid power when all charge at once, W, and for how long, h.
        public let unmanagedPeakW: Double
        public let unmanagedH: Double
        /// Whether the chargers manage in the window.
        public let isFeasible: Bool
        /// What managing saves of the peak, 0 ... 1.
        public var peakReduction: Double { 1 - lowerBoundW / unmanagedPeakW }

        /// `energyWh` and `chargerW` are on the battery's side, per vehicle.
        public init(vehicles: Int, energyWh: Double, windowH: Double, efficiency: Double, chargerW: Double) {
            lowerBoundW = Double(vehicles) * energyWh / (efficiency * windowH)
            unmanagedPeakW = Double(vehicles) * chargerW / efficiency
            unmanagedH = energyWh / chargerW
            isFeasible = energyWh <= chargerW * windowH
        }
    }

    /// Critical-interval bound: the interval whose inner jobs need the most power. Exact when charger limits do not
    /// bind. O(n³) in the number of jobs.
    public static func criticalInterval(_ jobs: [DepotJob]) -> (powerW: Double, fromH: Double, toH: Double) {
        var best = (powerW: 0.0, fromH: 0.0, toH: 0.0)
        for from in jobs {
            for to in jobs where to.departureH > from.arrivalH {
                var energy = 0.0
                for job in jobs where job.arrivalH >= from.arrivalH && job.departureH <= to.departureH {
                    energy += job.energyWh
                }
                let power = energy / (to.departureH - from.arrivalH)
                if power > best.powerW * (1 + 1e-12) { best = (power, from.arrivalH, to.departureH) }
            }
        }
        return best
    }

    /// Least peak that serves every job within its charger's limit, W; `nil` when a charger is too slow for its window.
    ///
    /// Between arrivals and departures power may be constant, so the question is a flow of energy from jobs to slots;
    /// the peak rises to what the present minimum cut asks for until all energy flows (discrete Newton, exact).
    public static func minimumPeakW(_ jobs: [DepotJob]) -> Double? {
        for job in jobs where job.energyWh > job.maximumW * (job.departureH - job.arrivalH) * (1 + 1e-12) { return nil }
        var times: [Double] = []
        for time in jobs.flatMap({ [$0.arrivalH, $0.departureH] }).sorted() where times.last != time {
            times.append(time)
        }
        guard times.count > 1 else { return 0 }
        let hours = zip(times, times.dropFirst()).map { $1 - $0 }
        var peak = criticalInterval(jobs).powerW
        while true {
            var flow = DepotFlow(jobs: jobs, starts: Array(times.dropLast()), hours: hours, peakW: peak)
            flow.saturate()
            guard flow.shortfallWh > 1e-9 * max(1, flow.demandWh) else { return peak }
            let slotHours = flow.hoursInCut
            guard slotHours > 0 else { return nil }
            peak += flow.shortfallWh / slotHours
        }
    }
}

/// Largest flow of energy from jobs to time slots under a common peak.
private struct DepotFlow {
    let jobs: [DepotJob]
    let hours: [Double]
    let peakW: Double
    /// Slot capacity of each job, and what flows: `[job][slot]` flattened, Wh.
    private let room: [Double]
    private var flow: [Double]
    private var jobLeft: [Double]
    private var slotLeft: [Double]
    private var slotReached: [Bool]

    init(jobs: [DepotJob], starts: [Double], hours: [Double], peakW: Double) {
        self.jobs = jobs
        self.hours = hours
        self.peakW = peakW
        var room: [Double] = []
        for job in jobs {
            for (start, length) in zip(starts, hours) {
                let isThere = start >= job.arrivalH && start + length <= job.departureH + 1e-12
                room.append(isThere ? job.maximumW * length : 0)
            }
        }
        self.room = room
        flow = [Double](repeating: 0, count: room.count)
        jobLeft = jobs.map(\.energyWh)
        slotLeft = hours.map { $0 * peakW }
        slotReached = [Bool](repeating: false, count: hours.count)
    }

    var demandWh: Double { jobs.reduce(0) { $0 + $1.energyWh } }
    var shortfallWh: Double { jobLeft.reduce(0, +) }
    /// Hours of the slots on the jobs' side of the minimum cut: those that more peak would help.
    var hoursInCut: Double { zip(hours, slotReached).reduce(0) { $0 + ($1.1 ? $1.0 : 0) } }

    /// Augments along shortest paths until no job with energy left reaches a slot with room left.
    mutating func saturate() {
        while augment() {}
    }

    private mutating func augment() -> Bool {
        let tiny = 1e-9 * max(1, demandWh)
        let slots = hours.count
        var slotFrom = [Int](repeating: -1, count: slots)
        var jobFrom = [Int](repeating: -1, count: jobs.count)
        var isJobReached = jobLeft.map { $0 > tiny * 1e-3 }
        var queue = jobs.indices.filter { isJobReached[$0] }
        slotReached = [Bool](repeating: false, count: slots)
        var next = 0
        while next < queue.count {
            let job = queue[next]
            next += 1
            for slot in 0..<slots
            where !slotReached[slot] && room[job * slots + slot] - flow[job * slots + slot] > tiny * 1e-3 {
                slotReached[slot] = true
                slotFrom[slot] = job
                if slotLeft[slot] > tiny * 1e-3 {
                    push(to: slot, slotFrom: slotFrom, jobFrom: jobFrom)
                    return true
                }
                for other in jobs.indices where !isJobReached[other] && flow[other * slots + slot] > tiny * 1e-3 {
                    isJobReached[other] = true
                    jobFrom[other] = slot
                    queue.append(other)
                }
            }
        }
        return false
    }

    private mutating func push(to end: Int, slotFrom: [Int], jobFrom: [Int]) {
        let slots = hours.count
        var amount = slotLeft[end]
        var slot = end
        while true {
            let job = slotFrom[slot]
            amount = min(amount, room[job * slots + slot] - flow[job * slots + slot])
            guard jobFrom[job] >= 0 else {
                amount = min(amount, jobLeft[job])
                break
            }
            amount = min(amount, flow[job * slots + jobFrom[job]])
            slot = jobFrom[job]
        }
        slotLeft[end] -= amount
        slot = end
        while true {
            let job = slotFrom[slot]
            flow[job * slots + slot] += amount
            guard jobFrom[job] >= 0 else {
                jobLeft[job] -= amount
                return
            }
            flow[job * slots + jobFrom[job]] -= amount
            slot = jobFrom[job]
        }
    }
}
