/// The headline figures of a run.
public struct ReportSummary: Sendable, Hashable {
    public let world: String
    public let sites: Int
    public let stations: Int
    public let evses: Int
    /// Simulated time that the file covers, days.
    public let days: Double
    public let sessions: Int
    /// Energy into vehicles, kWh.
    public let energyKWh: Double
    /// Greatest interval mean of the network's charging power, kW; NaN before the first interval.
    public let peakKW: Double
    /// Mean share of EVSEs with a vehicle, 0 ... 1.
    public let occupiedShare: Double
    /// Share of drivers who left without a charge, 0 ... 1; NaN without drivers.
    public let lostShare: Double
    /// Mean share of time in service over all EVSEs, 0 ... 1.
    public let availability: Double
    /// Greatest hot spot of all transformers, degrees Celsius; NaN without transformers.
    public let hotSpotC: Double
    /// Whether the CSMS booked everything once and right; nil without a CSMS or without its audit.
    public let isAuditExact: Bool?
    /// Whether the run reached its end.
    public let isComplete: Bool
    public let seed: String
    public let region: String
    /// Local civil time of the start, as the page shows it.
    public let start: String
    public let version: String
    public let digest: String
    /// Length that was asked for, days; NaN where the file does not say.
    public let plannedDays: Double
    public let connectedKW: Double
    /// Energy at the connectors, visits that had not ended included, kWh; NaN in files without it.
    public let deliveredKWh: Double
    /// What the stations took from the grid, standby included, and their standby, kWh.
    public let gridEnergyKWh: Double
    public let standbyKWh: Double
    /// Delivered over grid energy; and energy of sessions over the grid energy taken for it; 0 ... 1.
    public let efficiency: Double
    public let conversionEfficiency: Double
    /// Start of the interval of the peak, seconds since the start of the run.
    public let peakStartS: Double
    /// Greatest interval mean of all sites together, buildings included, kW.
    public let sitePeakKW: Double
    public let chargingShare: Double
    /// Drivers who charged after queueing, as a count and as a share of all who charged.
    public let queuedDrivers: Int
    public let queuedShare: Double
    /// Time in the queue of those, s.
    public let queueMeanS: Double
    public let queueMedianS: Double
    public let queueP95S: Double
    /// Mean handling times, s: from the EVSE assigned to the cable, from the cable to the first energy.
    public let parkingMeanS: Double
    public let startMeanS: Double
    public let lostDrivers: Int
    public let droveOn: Int
    public let outages: Int
    /// Greatest interval mean of a transformer's load over its nameplate, and hours above nameplate of all transformers.
    public let transformerPeakLoad: Double
    public let transformerHoursOverNameplate: Double
    public let ambientMinC: Double
    public let ambientMeanC: Double
    public let ambientMaxC: Double
    /// Transactions that ended; nil without a CSMS or its audit.
    public let transactions: Int?

    init(_ data: ReportData) {
        world = data.facts.worldName
        sites = data.plant.sites.count
        stations = data.plant.stations.count
        evses = data.plant.evseCount
        days = data.days
        sessions = data.sessions.count
        energyKWh = data.sessions.energyWh / 1000
        peakKW = (data.evLoad?.peakW ?? .nan) / 1000
        occupiedShare = data.occupiedShare
        lostShare = data.lostShare
        availability = data.availability
        hotSpotC = data.top.hottest.first.map { data.series.sites[$0].hotSpot.value } ?? .nan
        isAuditExact = data.audit.map { $0.discrepancies.isEmpty }
        isComplete = data.facts.isComplete
        seed = data.facts.seedText
        region = data.facts.region
        start = data.facts.clock.text(0)
        version = data.facts.version
        digest = data.facts.digest
        plannedDays = data.facts.days
        connectedKW = data.plant.connectedW / 1000
        deliveredKWh = data.deliveredWh / 1000
        gridEnergyKWh = data.importedWh / 1000
        standbyKWh = data.standbyWh / 1000
        efficiency = data.efficiency
        conversionEfficiency = data.sessions.efficiency
        peakStartS = data.evLoad.map { Double($0.peakIndex * data.facts.intervalS) } ?? .nan
        sitePeakKW = (data.siteLoad?.peakW ?? .nan) / 1000
        chargingShare = data.chargingShare
        queuedDrivers = data.sessions.queues.count
        queuedShare = data.sessions.queuedShare
        let queues = data.sessions.queues.quantiles([0.5, 0.95])
        queueMeanS = data.sessions.queues.mean
        queueMedianS = queues[0]
        queueP95S = queues[1]
        parkingMeanS = Self.mean(data.sessions.parking)
        startMeanS = Self.mean(data.sessions.starting)
        lostDrivers = data.lost.goneCount
        droveOn = data.lost.droveOnCount
        outages = data.outages.outageCount
        let loadings = data.series.sites.map(\.loading)
        transformerPeakLoad = loadings.reduce(.nan) { $0 >= $1.greatest ? $0 : $1.greatest.isNaN ? $0 : $1.greatest }
        transformerHoursOverNameplate =
            Double(loadings.reduce(0) { $0 + $1.samplesOverNameplate }) * data.facts.intervalH
        ambientMinC = data.ambient?.least ?? .nan
        ambientMeanC = data.ambient?.mean ?? .nan
        ambientMaxC = data.ambient?.greatest ?? .nan
        transactions = data.audit.map { Int($0.total.sessionsTrue) }
    }

    private static func mean(_ parts: [Distribution]) -> Double {
        let count = parts.reduce(0) { $0 + $1.count }
        return count == 0 ? .nan : parts.reduce(0) { $0 + $1.sum } / Double(count)
    }

    /// A few lines for a terminal.
    public var text: String {
        var lines = [
            "\(world): \(Format.count(sites, "site")), \(Format.count(stations, "charging station")), \(Format.count(evses, "EVSE")), "
                + "\(days == 1 ? "1 day" : Format.short(days) + " days")"
                + (isComplete ? "" : " (partial run)"),
            "\(Format.count(sessions, "session")), \(Format.energy(wattHours: energyKWh * 1000)), drivers who queued "
                + "\(Format.percent(queuedShare)), peak \(Format.power(watts: peakKW * 1000)), "
                + "EVSEs occupied \(Format.percent(occupiedShare))",
            "availability \(Format.percent(availability, 2)), drivers lost \(Format.percent(lostShare))"
                + (hotSpotC.isNaN ? "" : ", hottest transformer \(Format.fixed(hotSpotC, 0)) \u{B0}C"),
        ]
        if let isAuditExact {
            lines.append("OCPP audit: \(isAuditExact ? "exact" : "discrepancies, see the report")")
        }
        return lines.joined(separator: "\n").replacing("\u{A0}", with: " ")
    }
}
