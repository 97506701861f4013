internal import Sim

/// The site's transformer as built.
public struct TransformerParameters: Sendable {
    public var ratingVA: Double
    /// Power factor of the site's load, 0 ..< 1.
    public var powerFactor: Double
    /// Added to the outdoor temperature (kiosk or indoor installation), K.
    public var ambientOffsetK: Double
    public var thermal: TransformerThermal
    public var start: Start

    /// How warm it is when the run begins.
    public enum Start: Sendable, Hashable {
        /// In the steady state of the first load.
        case settled
        /// At the outdoor temperature, as after a long time without voltage.
        case cold
        /// Top oil at this temperature, °C, without gradient.
        case at(Double)
    }

    public init(
        ratingVA: Double, powerFactor: Double, ambientOffsetK: Double, thermal: TransformerThermal,
        start: Start = .settled
    ) {
        self.ratingVA = ratingVA
        self.powerFactor = powerFactor
        self.ambientOffsetK = ambientOffsetK
        self.thermal = thermal
        self.start = start
    }

    /// Load over rating at a site load in W.
    func loadK(_ watts: Double) -> Double { watts / (powerFactor * ratingVA) }
}

/// The building beside the chargers: a course over the year, with noise from its own stream.
public struct BuildingParameters: Sendable {
    /// Mean load as a share of `peakW`.
    public var course: TimeCourse
    public var peakW: Double
    /// Adds ``BuildingNoise``.
    public var isNoisy: Bool

    public init(course: TimeCourse, peakW: Double, isNoisy: Bool) {
        self.course = course
        self.peakW = peakW
        self.isNoisy = isNoisy
    }
}

/// State of the grid side of a site: its clock, building load, meter and transformer.
///
/// Everything here moves at the site's own quarters of an hour (``SiteParameters/gridStep``), at charges that begin or end
/// and at limits that change: never because somebody samples.
struct SiteGrid: BitwiseCopyable, Sendable, Codable {
    var thermal: TransformerThermal?
    /// Up to when the transformer has been brought, and the grid energy of charging then.
    var updatedAt: SimTime = .zero
    var updatedMicroWh: Int64 = 0
    /// Length of a step of the clock (``SiteParameters/gridStep``).
    private(set) var step: SimDuration
    /// End of the running step of the clock, and of the running quarter of an hour of the meter.
    var stepEnd: SimTime = .zero
    var meterEnd: SimTime = .zero
    /// What charging and building had taken when the meter's quarter began.
    var meterMicroWh: Int64 = 0
    var meterBaseWh = 0.0
    var meterStart: SimTime = .zero
    /// What the building asks for in the running step, W; it gets it while there is supply.
    var buildingDemandW = 0.0
    /// What building and idle stations draw, W, since when, and their energy before, Wh.
    private(set) var buildingW = 0.0
    private(set) var standbyW = 0.0
    private var heldSince: SimTime = .zero
    private var buildingBeforeWh = 0.0
    private var standbyBeforeWh = 0.0
    var noise: BuildingNoise
    /// Insulation life used at the last sample, h.
    var agedAtSampleH = 0.0
    /// Alarms that are standing, so that each is told once.
    var standing: UInt8 = 0

    init(noise: BuildingNoise, step: SimDuration) {
        self.noise = noise
        self.step = step
    }

    /// Energy of the building from the start until `now`, Wh.
    func buildingWh(_ now: SimTime) -> Double {
        buildingBeforeWh + buildingW * (now - heldSince).seconds / 3600
    }
    /// Energy of the idle stations from the start until `now`, Wh.
    func standbyWh(_ now: SimTime) -> Double {
        standbyBeforeWh + standbyW * (now - heldSince).seconds / 3600
    }
    /// What is drawn besides charging from `now` on.
    mutating func hold(buildingW: Double, standbyW: Double, now: SimTime) {
        buildingBeforeWh = buildingWh(now)
        standbyBeforeWh = standbyWh(now)
        heldSince = now
        self.buildingW = buildingW
        self.standbyW = standbyW
    }
}

extension SitePlant {
    /// Starts the clock at the world's quarters of an hour, which need not be those of the run.
    mutating func startGridClock() {
        let step = grid.step.microseconds
        let quarter = BuildingNoise.interval.microseconds
        let since = parameters.calendar.startSecondOfYear * 1_000_000
        grid.stepEnd = SimTime(microseconds: step - since % step)
        grid.meterEnd = SimTime(microseconds: quarter - since % quarter)
        setBuildingLoad(at: .zero, isQuarter: true)
        holdBaseLoad(now: .zero)
        startTransformer()
    }

    /// The end of a step: what has been held since its start is counted, and the next values begin.
    mutating func closeGridStep(at now: SimTime) {
        if parameters.transformer != nil { stepTransformer(to: now) }
        let isQuarter = now == grid.meterEnd
        if isQuarter { closeMeterInterval(at: now) }
        setBuildingLoad(at: now, isQuarter: isQuarter)
        grid.stepEnd = now + grid.step
    }

    /// The import of a quarter of an hour stands on the meter: the bill's peak, and the alarm on the import limit.
    private mutating func closeMeterInterval(at now: SimTime) {
        let seconds = (now - grid.meterStart).seconds
        let baseWh = grid.buildingWh(now) + grid.standbyWh(now)
        let chargingWh = Double(totals.gridMicroWh - grid.meterMicroWh) / 1e6
        let meanW = (chargingWh + baseWh - grid.meterBaseWh) * 3600 / seconds
        grid.meterMicroWh = totals.gridMicroWh
        grid.meterBaseWh = baseWh
        grid.meterStart = now
        grid.meterEnd = now + BuildingNoise.interval
        if meanW > totals.billPeakW {
            totals.billPeakW = meanW
            totals.billPeakEnd = now
        }
        if meanW > parameters.importLimitW * 1.0001 { raise(.importLimitExceeded, meanW, station: nil, now: now) }
        digest.mix(Int64(meanW * 1000))
        if let thermal = grid.thermal { digest.mix(Int64(thermal.hotSpotC * 1e6)) }
    }

    /// Draws the building load of the step that starts now.
    private mutating func setBuildingLoad(at now: SimTime, isQuarter: Bool) {
        if let building = parameters.building {
            if building.isNoisy && isQuarter { grid.noise.step() }
            let share = building.course.value(at: now, parameters.calendar)
            grid.buildingDemandW = share * building.peakW * (building.isNoisy ? grid.noise.factor : 1)
            holdBaseLoad(now: now)
        }
    }

    /// What building and idle stations draw from `now` on: nothing while the supply is down.
    mutating func holdBaseLoad(now: SimTime) {
        let isDown = failures.supply.isDown
        grid.hold(
            buildingW: isDown ? 0 : grid.buildingDemandW, standbyW: isDown ? 0 : parameters.standbyW, now: now)
    }

    /// Outdoor temperature now, °C.
    func ambientC(_ now: SimTime) -> Double { parameters.ambientC.value(at: now, parameters.calendar) }

    /// Puts the transformer where it starts: settled under the first load, or at a temperature of its own.
    private mutating func startTransformer() {
        guard let transformer = parameters.transformer else { return }
        grid.thermal = transformer.thermal
        let outdoors = ambientC(.zero)
        let ambient = outdoors + transformer.ambientOffsetK
        switch transformer.start {
        case .settled:
            let load = transformer.loadK(baseLoadW)
            grid.thermal?.settle(loadK: load, ambientC: ambient)
        case .cold: grid.thermal?.set(topOilC: outdoors, gradient1K: 0, gradient2K: 0, ambientC: ambient)
        case .at(let celsius): grid.thermal?.set(topOilC: celsius, gradient1K: 0, gradient2K: 0, ambientC: ambient)
        }
    }

    /// Brings the transformer to `now` with the mean load since its last step. Charging must have been advanced.
    mutating func stepTransformer(to now: SimTime) {
        guard let transformer = parameters.transformer, now > grid.updatedAt, var thermal = grid.thermal else { return }
        let seconds = (now - grid.updatedAt).seconds
        let load = transformer.loadK(meanSiteW(since: grid.updatedAt, grid.updatedMicroWh, now: now))
        let ambient = ambientC(grid.updatedAt) + transformer.ambientOffsetK
        let before = thermal
        thermal.advance(seconds: seconds, loadK: load, ambientC: ambient)
        if series.pending > 0 {
            var copy = before
            let last = fillSamples(&copy, loadK: load, ambientC: ambient)
            if last < now {
                copy.advance(seconds: (now - last).seconds, loadK: load, ambientC: ambient)
                thermal.takePeak(of: copy)
            } else {
                _ = thermal.takeHotSpotPeakC()
            }
        }
        grid.thermal = thermal
        grid.updatedMicroWh = totals.gridMicroWh
        grid.updatedAt = now
        if let limit = thermal.classLimitC {
            watch(.hotSpotOverClass, bit: 1, value: thermal.hotSpotC, above: limit, clearBelow: limit - 2, now: now)
        } else {
            watch(.hotSpotOver120, bit: 1, value: thermal.hotSpotC, above: 120, clearBelow: 118, now: now)
            watch(.hotSpotOver140, bit: 2, value: thermal.hotSpotC, above: 140, clearBelow: 138, now: now)
            watch(.topOilOver105, bit: 4, value: thermal.topOilC, above: 105, clearBelow: 104, now: now)
        }
        watch(.overNameplate, bit: 8, value: load, above: 1, clearBelow: 0.95, now: now)
    }

    /// Mean import since `start`, when charging had taken `microWh`; the base load has not changed since.
    private func meanSiteW(since start: SimTime, _ microWh: Int64, now: SimTime) -> Double {
        // Counts are whole millionths of a Wh: over an instant the difference can be one below nothing.
        max(0, Double(totals.gridMicroWh - microWh)) * 0.0036 / (now - start).seconds + baseLoadW
    }

    /// Gives the samples that wait for it what the transformer did in their intervals; returns when the last one ended.
    private mutating func fillSamples(
        _ thermal: inout TransformerThermal, loadK: Double, ambientC: Double
    ) -> SimTime {
        var at = grid.updatedAt
        let count = series.samples.count
        for i in count - series.pending..<count {
            let end = series.end(ofSample: i)
            thermal.advance(seconds: (end - at).seconds, loadK: loadK, ambientC: ambientC)
            at = end
            series.fill(
                i, topOilC: thermal.topOilC, hotSpotMaxC: thermal.takeHotSpotPeakC(),
                ageingH: thermal.agedHours - grid.agedAtSampleH)
            grid.agedAtSampleH = thermal.agedHours
        }
        series.pending = 0
        return at
    }

    /// Fills what waits from the load so far, without moving the transformer: samples are about to be written.
    mutating func fillPendingSamples(at now: SimTime) {
        guard series.pending > 0, let transformer = parameters.transformer, now > grid.updatedAt,
            var copy = grid.thermal
        else { return }
        let load = transformer.loadK(meanSiteW(since: grid.updatedAt, grid.updatedMicroWh, now: now))
        _ = fillSamples(&copy, loadK: load, ambientC: ambientC(grid.updatedAt) + transformer.ambientOffsetK)
    }

    /// Raises an alarm when a value passes its threshold, once until it has fallen back below `clearBelow`.
    private mutating func watch(
        _ kind: AlarmKind, bit: UInt8, value: Double, above: Double, clearBelow: Double, now: SimTime
    ) {
        if grid.standing & bit == 0, value > above {
            grid.standing |= bit
            raise(kind, value, station: nil, now: now)
        } else if grid.standing & bit != 0, value < clearBelow {
            grid.standing &= ~bit
        }
    }

    mutating func raise(_ kind: AlarmKind, _ value: Double, station: Int?, now: SimTime) {
        records.alarms.append(
            AlarmRecord(time: now, kind: kind, station: station.map { UInt16($0) }, value: value))
    }
}
