internal import Sim

/// M/M/c: Poisson arrivals, exponential service, `servers` in parallel, unlimited waiting. Rates per any time unit.
public struct MMCQueue: BitwiseCopyable, Sendable {
    public let servers: Int
    public let arrivalRate: Double
    public let meanService: Double
    public init(servers: Int, arrivalRate: Double, meanService: Double) {
        self.servers = servers
        self.arrivalRate = arrivalRate
        self.meanService = meanService
    }
    /// Load of each server; the formulas hold below 1.
    public var utilisation: Double { arrivalRate * meanService / Double(servers) }
    public var waitingProbability: Double {
        Erlang.waiting(servers: servers, offered: arrivalRate * meanService)
    }
    /// Rate at which waiting arrivals are served beyond those that come.
    private var drain: Double { Double(servers) / meanService - arrivalRate }
    public var meanWait: Double { waitingProbability / drain }
    public var meanTime: Double { meanWait + meanService }
    public var meanQueue: Double { arrivalRate * meanWait }
    public var meanPresent: Double { arrivalRate * meanTime }
    /// Chance to wait longer than `t`.
    public func probability(waitAbove t: Double) -> Double { waitingProbability * Math.exp(-drain * t) }
}

/// M/G/1 by Pollaczek and Khinchine; `cv2` is the squared coefficient of variation of service.
public struct MG1Queue: BitwiseCopyable, Sendable {
    public let arrivalRate: Double
    public let meanService: Double
    public let cv2: Double
    public init(arrivalRate: Double, meanService: Double, cv2: Double) {
        self.arrivalRate = arrivalRate
        self.meanService = meanService
        self.cv2 = cv2
    }
    public var utilisation: Double { arrivalRate * meanService }
    public var meanWait: Double { utilisation * meanService * (1 + cv2) / (2 * (1 - utilisation)) }
    public var meanQueue: Double { arrivalRate * meanWait }
}

/// Vehicles present where nobody waits (M/G/∞): Poisson, whatever the law of service.
public struct PoissonOccupancy: BitwiseCopyable, Sendable {
    public let mean: Double
    public init(arrivalRate: Double, meanService: Double) { mean = arrivalRate * meanService }

    /// Smallest number that is not exceeded with probability `p`. O(deviation).
    ///
    /// Weights are relative to the most likely number, so that no mean is too large for them.
    public func quantile(_ p: Double) -> Int {
        let mode = mean.rounded(.down)
        var lowest = mode
        var weight = 1.0
        var total = 1.0
        while lowest > 0, weight > 1e-20 {
            weight *= lowest / mean
            lowest -= 1
            total += weight
        }
        var upper = 1.0
        var k = mode
        while upper > 1e-20 {
            k += 1
            upper *= mean / k
            total += upper
        }
        k = lowest
        var sum = weight
        while sum < p * total {
            k += 1
            weight *= mean / k
            sum += weight
        }
        return Int(k)
    }
}

/// Birth-death queue of `servers` with patience and limited places: M/M/c/K, Erlang A and their like.
public struct BirthDeathQueue: Sendable {
    public let servers: Int
    public let arrivalRate: Double
    public let meanService: Double
    /// Long-run share of time with n present, n = 0 ... capacity.
    public let probabilities: [Double]

    /// - Parameters:
    ///   - capacity: most that may be present; arrivals beyond are lost.
    ///   - meanPatience: mean exponential patience of those who wait; infinite when they all stay.
    public init(
        servers: Int, capacity: Int, arrivalRate: Double, meanService: Double, meanPatience: Double = .infinity
    ) {
        self.servers = servers
        self.arrivalRate = arrivalRate
        self.meanService = meanService
        var weights = [1.0]
        for n in 1...max(1, capacity) {
            let busy = Double(min(n, servers))
            let rate = busy / meanService + Double(max(0, n - servers)) / meanPatience
            weights.append(weights[n - 1] * arrivalRate / rate)
            // Terms that no longer count end an open-ended queue.
            if n > servers, weights[n] < 1e-18 * weights[servers] { break }
        }
        let total = weights.reduce(0, +)
        probabilities = weights.map { $0 / total }
    }

    /// Share of arrivals that find every place taken.
    public var blockingProbability: Double { probabilities[probabilities.count - 1] }
    /// Share of arrivals that have to wait (of those that come, blocked ones included).
    public var waitingProbability: Double { probabilities.dropFirst(servers).reduce(0, +) }
    public var meanQueue: Double {
        probabilities.enumerated().reduce(0) { $0 + Double(max(0, $1.offset - servers)) * $1.element }
    }
    public var meanPresent: Double {
        probabilities.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element }
    }
    /// Busy servers over servers.
    public var utilisation: Double {
        probabilities.enumerated().reduce(0) { $0 + Double(min($1.offset, servers)) * $1.element } / Double(servers)
    }
    /// Mean time in the queue of those who got in.
    public var meanWaitAccepted: Double { meanQueue / (arrivalRate * (1 - blockingProbability)) }
    /// Mean time in the queue of all who came.
    public var meanWaitAll: Double { meanQueue / arrivalRate }
}

/// Battery-swap station: packs that are not full, charged by a limited number of bays.
///
/// - Source: birth-death loss system, domain reference 12; the time of the swap itself is neglected.
public struct SwapStation: Sendable {
    private let chain: BirthDeathQueue
    private let packs: Int
    /// - Parameters:
    ///   - arrivalRate: swaps asked for per time unit.
    ///   - packs: packs in the station; an arrival that finds none full is lost.
    ///   - bays: packs that charge at once.
    ///   - meanCharge: mean time to charge a pack.
    public init(arrivalRate: Double, packs: Int, bays: Int, meanCharge: Double) {
        self.packs = packs
        chain = BirthDeathQueue(servers: bays, capacity: packs, arrivalRate: arrivalRate, meanService: meanCharge)
    }
    /// Chance that no pack is full.
    public var emptyProbability: Double { chain.blockingProbability }
    public var meanNotFull: Double { chain.meanPresent }
    /// Swaps carried out per time unit.
    public var swapRate: Double { chain.arrivalRate * (1 - emptyProbability) }
}
