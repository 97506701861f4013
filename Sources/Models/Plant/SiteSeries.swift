public import Sim

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
        -> (occupied: Double, charging: Double, waiting: Double, outOfService: Double, outOfServiceUS: Int64)
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
            Double(occupiedTime) / d, Double(chargingTime) / d, Double(waitingTime) / d, Double(outOfServiceTime) / d,
            outOfServiceTime
        )
    }
}

/// Sums over the whole run of one site.
public struct SiteTotals: BitwiseCopyable, Sendable, Codable {
    public var arrivals: UInt64 = 0
    public var sessions: UInt64 = 0
    /// Energy of charging at the meters and from the grid, millionths of a Wh.
    public var meterMicroWh: Int64 = 0
    public var gridMicroWh: Int64 = 0
    public var lostDrivers: UInt64 = 0
    /// Highest mean import of a quarter of an hour by the site's meter, W, and when that quarter ended.
    public var billPeakW = 0.0
    public var billPeakEnd: SimTime = .zero

    public var energyWh: Double { Double(meterMicroWh) / 1e6 }
    public var gridEnergyWh: Double { Double(gridMicroWh) / 1e6 }
    public var failedAttempts: UInt64 = 0
    /// Time out of service in the finished sampling intervals, summed over the EVSEs, microseconds.
    public var outOfServiceUS: Int64 = 0

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
    /// End of the running interval, and the next instant that ``SitePlant/sample(upTo:)`` must stop at.
    var boundary: SimTime
    var next: SimTime
    private let interval: SimDuration
    /// What charging (from the grid, through the meters), building and idle stations had taken when the running interval
    /// began.
    var startMicroWh: Int64 = 0
    var startMeterMicroWh: Int64 = 0
    var startBuildingWh = 0.0
    var startStandbyWh = 0.0
    /// Samples at the end of the list whose thermal values are not known before the transformer's next step.
    var pending = 0

    init(interval: SimDuration) {
        self.interval = interval
        boundary = SimTime.zero + interval
        next = boundary
    }

    /// When the interval of a sample in the list ended.
    func end(ofSample i: Int) -> SimTime {
        SimTime(microseconds: interval.microseconds * Int64(firstSample + i + 1))
    }
    mutating func fill(_ i: Int, topOilC: Double, hotSpotMaxC: Double, ageingH: Double) {
        samples[i].topOilC = Float(topOilC)
        samples[i].hotSpotMaxC = Float(hotSpotMaxC)
        samples[i].ageingH = Float(ageingH)
    }

    /// Forgets what has been written.
    public mutating func removeTaken() {
        firstSample += samples.count
        samples.removeAll(keepingCapacity: true)
        evsePowerW.removeAll(keepingCapacity: true)
    }
}
