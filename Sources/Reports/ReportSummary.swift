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
        availability = data.outages.networkAvailability
        hotSpotC = data.top.hottest.first.map { data.series.sites[$0].hotSpot.value } ?? .nan
        isAuditExact = data.audit.map { $0.discrepancies.isEmpty }
        isComplete = data.facts.isComplete
    }

    /// A few lines for a terminal.
    public var text: String {
        var lines = [
            "\(world): \(Format.count(sites, "site")), \(Format.count(stations, "charging station")), \(Format.count(evses, "EVSE")), "
                + "\(Format.short(days)) days" + (isComplete ? "" : " (ended early)"),
            "\(Format.count(sessions, "session")), \(Format.energy(wattHours: energyKWh * 1000)), peak \(Format.power(watts: peakKW * 1000)), "
                + "EVSEs occupied \(Format.percent(occupiedShare))",
            "availability \(Format.percent(availability, 2)), drivers lost \(Format.percent(lostShare))"
                + (hotSpotC.isNaN ? "" : ", hottest transformer \(Format.fixed(hotSpotC, 0)) \u{B0}C"),
        ]
        if let isAuditExact {
            lines.append("OCPP audit: \(isAuditExact ? "exact" : "the books are wrong, see the report")")
        }
        return lines.joined(separator: "\n").replacing("\u{A0}", with: " ")
    }
}
