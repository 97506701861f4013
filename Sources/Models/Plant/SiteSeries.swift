internal import Sim

/// How many EVSEs and drivers are in which state, with exact time integrals for interval means.
struct SiteCounts: BitwiseCopyable, Sendable, Codable {
    private(set) var occupied: Int32 = 0
    private(set) var charging: Int32 = 0
    private(set) var waiting: Int32 = 0
    private(set) var outOfService: Int32 = 0
    /// Integrals since the last sample, EVSE-microseconds.
    private var occupiedTime: Int64 = 0
    private var chargingTime: Int64 = 0
    private var waitingTime: Int64 = 0
    private var outOfServiceTime: Int64 = 0
    private var since: SimTime = .zero

    mutating func advance(to now: SimTime) {
        let d = (now - since).microseconds
        occupiedTime += Int64(occupied) * d
        chargingTime += Int64(charging) * d
        waitingTime += Int64(waiting) * d
        outOfServiceTime += Int64(outOfService) * d
        since = now
    }
    mutating func change(
        now: SimTime, occupied o: Int32 = 0, charging c: Int32 = 0, waiting w: Int32 = 0, outOfService f: Int32 = 0
    ) {
        advance(to: now)
        occupied += o
        charging += c
        waiting += w
        outOfService += f
    }
    /// Means over the interval that ends now, and starts the next one.
    mutating func takeMeans(over interval: SimDuration, now: SimTime)
        -> (occupied: Double, charging: Double, waiting: Double, outOfService: Double)
    {
        advance(to: now)
        let d = Double(interval.microseconds)
        defer {
            occupiedTime = 0
            chargingTime = 0
            waitingTime = 0
            outOfServiceTime = 0
        }
        return (
            Double(occupiedTime) / d, Double(chargingTime) / d, Double(waitingTime) / d, Double(outOfServiceTime) / d
        )
    }
}

/// Sums over the whole run of one site.
public struct SiteTotals: BitwiseCopyable, Sendable, Codable {
    public var arrivals: UInt64 = 0
    public var sessions: UInt64 = 0
    public var energyWh = 0.0
    public var gridEnergyWh = 0.0
    public var lostDrivers: UInt64 = 0

    public init() {}
}

/// The variables of a site's series, in file order. All are means over the interval unless they say otherwise.
public enum SeriesVariable: Int, CaseIterable, Sendable {
    case evPower, sitePower, topOil, hotSpot, ageing, occupied, charging, waiting, outOfService
}

/// Samples that the run has not yet taken to the telemetry file.
public struct SiteSeries: Sendable, Codable {
    /// `[variable][sample since firstSample]`.
    public internal(set) var columns: ContiguousArray<ContiguousArray<Float>>
    /// `[sample since firstSample][evse]`, W; empty unless asked for.
    public internal(set) var evsePowerW: ContiguousArray<Float> = []
    /// Samples already taken away.
    public internal(set) var firstSample = 0
    /// End of the running interval.
    var boundary: SimTime
    /// Grid-side energy of charging in the running interval, Wh.
    var gridWh = 0.0

    init(interval: SimDuration) {
        columns = ContiguousArray(repeating: [], count: SeriesVariable.allCases.count)
        boundary = SimTime.zero + interval
    }
    public var sampleCount: Int { columns[0].count }
    /// Forgets what has been written.
    public mutating func removeTaken() {
        firstSample += sampleCount
        for i in columns.indices { columns[i].removeAll(keepingCapacity: true) }
        evsePowerW.removeAll(keepingCapacity: true)
    }
    mutating func append(_ variable: SeriesVariable, _ value: Double) {
        columns[variable.rawValue].append(Float(value))
    }
}
