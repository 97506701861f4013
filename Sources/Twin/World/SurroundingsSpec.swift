/// What happens around the stations of a site besides charging, as far as a CSMS hears of it.
///
/// Counts are means of Poisson processes, for each station.
public struct SurroundingsSpec: Sendable, Hashable, Codable {
    /// How often an energy management system limits a station.
    public var externalLimitsPerDay = 0.0
    /// What the station may draw then, W; `nil`: half of what it can.
    public var externalLimitW: Double?
    /// How long the limit holds, minutes.
    public var externalLimitMinutes = 30.0
    /// How often voltage or frequency leave their bounds; above 0 the stations obey DER controls.
    public var gridFaultsPerDay = 0.0
    public var gridFaultMinutes = 5.0
    /// How often somebody comes to exchange a battery; above 0 the EVSEs are slots for batteries.
    public var batterySwapsPerDay = 0.0
    /// How often a station has something to say that the standard does not know.
    public var vendorMessagesPerDay = 0.0
    public var vendorID = "org.evtwin"
    /// Vehicles that speak ISO 15118, 0 ... 1.
    public var iso15118Share = 0.0
    /// Of these, vehicles that want a contract certificate installed.
    public var contractShare = 0.1
    /// Drivers who pay at the station's terminal, 0 ... 1; above 0 the stations have one.
    public var terminalShare = 0.0
    /// Of these, drivers who want a receipt on a company.
    public var companyShare = 0.1
    /// What the terminal asks for where no tariff says otherwise, for a kWh.
    public var terminalPricePerKWh = 0.55
    /// Drivers who press the button for priority.
    public var priorityShare = 0.0

    public init() {}

    /// Whether anything happens at all.
    public var isQuiet: Bool {
        externalLimitsPerDay == 0 && gridFaultsPerDay == 0 && batterySwapsPerDay == 0 && vendorMessagesPerDay == 0
            && iso15118Share == 0 && terminalShare == 0 && priorityShare == 0
    }
}
