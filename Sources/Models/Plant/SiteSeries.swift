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
    mutating func takeMeans(
        over interval: SimDuration, now: SimTime
    )
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

/// The variables of a site's series, in file order.
public enum SeriesVariable: Int, CaseIterable, Sendable {
    case evPower, sitePower, topOil, hotSpot, ageing, occupied, charging, waiting, outOfService, delivered
}

/// One interval of a site; means over it unless a field says otherwise, NaN where not modelled.
public struct SiteSample: BitwiseCopyable, Sendable, Codable {
    /// Import of charging, and of the whole site, W.
    public var evPowerW: Float = .nan
    public var sitePowerW: Float = .nan
    /// At the end of the interval, and the highest in it, °C.
    public var topOilC: Float = .nan
    public var hotSpotMaxC: Float = .nan
    /// Insulation life used in the interval, h.
    public var ageingH: Float = .nan
    public var occupied: Float = 0
    public var charging: Float = 0
    public var waiting: Float = 0
    public var outOfService: Float = 0
    /// Power at the connectors' meters, W.
    public var deliveredW: Float = 0
}

/// Samples that the run has not yet taken to the telemetry file.
public struct SiteSeries: Sendable, Codable {
    public internal(set) var samples: ContiguousArray<SiteSample> = []
    /// `[sample since firstSample][evse]`, W; empty unless asked for.
    public internal(set) var evsePowerW: ContiguousArray<Float> = []
    /// Samples already taken away.
    public internal(set) var firstSample = 0
    /// End of the running interval.
    var boundary: SimTime
    /// Energy of charging in the running interval, at the grid side and at the connectors' meters, Wh.
    var gridWh = 0.0
    var meterWh = 0.0

    init(interval: SimDuration) { boundary = SimTime.zero + interval }

    /// Forgets what has been written.
    public mutating func removeTaken() {
        firstSample += samples.count
        samples.removeAll(keepingCapacity: true)
        evsePowerW.removeAll(keepingCapacity: true)
    }
}
