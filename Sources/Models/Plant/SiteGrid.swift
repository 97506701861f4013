internal import Sim

/// The site's transformer as built.
public struct TransformerParameters: Sendable {
    public var ratingVA: Double
    /// Power factor of the site's load, 0 ..< 1.
    public var powerFactor: Double
    /// Added to the outdoor temperature (kiosk or indoor installation), K.
    public var ambientOffsetK: Double
    /// In the steady state of the first load.
    public var thermal: TransformerThermal

    public init(
        ratingVA: Double, powerFactor: Double, ambientOffsetK: Double, thermal: TransformerThermal
    ) {
        self.ratingVA = ratingVA
        self.powerFactor = powerFactor
        self.ambientOffsetK = ambientOffsetK
        self.thermal = thermal
    }
}

/// The building beside the chargers: an hourly course over the year, with noise from its own stream.
public struct BuildingParameters: Sendable {
    /// Mean load by hour of the year as a share of `peakW`; 8,760 values.
    public var shape: [Float]
    public var peakW: Double
    /// Adds ``BuildingNoise``.
    public var isNoisy: Bool

    public init(shape: [Float], peakW: Double, isNoisy: Bool) {
        precondition(shape.count == 8760, "a building's course has 8,760 hours")
        self.shape = shape
        self.peakW = peakW
        self.isNoisy = isNoisy
    }
}

/// State of the grid side of a site: building load and transformer.
struct SiteGrid: BitwiseCopyable, Sendable, Codable {
    var thermal: TransformerThermal?
    var updatedAt: SimTime = .zero
    /// Grid-side energy of charging since `updatedAt`, Wh.
    var chargingWh = 0.0
    /// Building load of the running interval, W.
    var buildingW = 0.0
    var noise: BuildingNoise
    var agedAtLastSampleH = 0.0
    /// Alarms that are standing, so that each is told once.
    var standing: UInt8 = 0

    /// What the transformer did in the interval that ends now; NaN where there is none.
    mutating func takeInterval() -> (topOilC: Double, hotSpotMaxC: Double, ageingH: Double) {
        guard let aged = thermal?.agedHours, let oil = thermal?.topOilC, let peak = thermal?.takeHotSpotPeakC() else {
            return (.nan, .nan, .nan)
        }
        defer { agedAtLastSampleH = aged }
        return (oil, peak, aged - agedAtLastSampleH)
    }
}

extension SitePlant {
    /// Draws the building load of the interval that starts now.
    mutating func startBuildingInterval(at now: SimTime) {
        guard let building = parameters.building else { return }
        let isQuarter = now.microseconds % BuildingNoise.interval.microseconds == 0
        if building.isNoisy && isQuarter { grid.noise.step() }
        let share = Double(building.shape[parameters.calendar.hourOfYear(now)])
        grid.buildingW = share * building.peakW * (building.isNoisy ? grid.noise.factor : 1)
    }

    /// Outdoor temperature now, °C.
    func ambientC(_ now: SimTime) -> Double {
        let table = parameters.ambientC
        return table.count == 1 ? table[0] : table[parameters.calendar.hourOfYear(now) % table.count]
    }

    /// Puts the transformer into the steady state of the first interval's load.
    mutating func startTransformer() {
        guard let transformer = parameters.transformer else { return }
        grid.thermal = transformer.thermal
        let watts = grid.buildingW + parameters.standbyW
        let ambient = ambientC(.zero) + transformer.ambientOffsetK
        grid.thermal?.settle(loadK: watts / (transformer.powerFactor * transformer.ratingVA), ambientC: ambient)
    }

    /// Brings the transformer to `now` with the mean load since its last step. Charging must have been advanced.
    mutating func stepTransformer(to now: SimTime) {
        guard let transformer = parameters.transformer, now > grid.updatedAt else { return }
        let seconds = (now - grid.updatedAt).seconds
        let meanW = grid.chargingWh * 3600 / seconds + baseLoadW
        let load = meanW / (transformer.powerFactor * transformer.ratingVA)
        let ambient = ambientC(grid.updatedAt) + transformer.ambientOffsetK
        grid.thermal?.advance(seconds: seconds, loadK: load, ambientC: ambient)
        grid.chargingWh = 0
        grid.updatedAt = now
        guard let thermal = grid.thermal else { return }
        watch(.hotSpotOver120, bit: 1, value: thermal.hotSpotC, above: 120, clearBelow: 118, now: now)
        watch(.hotSpotOver140, bit: 2, value: thermal.hotSpotC, above: 140, clearBelow: 138, now: now)
        watch(.topOilOver105, bit: 4, value: thermal.topOilC, above: 105, clearBelow: 104, now: now)
        watch(.overNameplate, bit: 8, value: load, above: 1, clearBelow: 0.95, now: now)
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
