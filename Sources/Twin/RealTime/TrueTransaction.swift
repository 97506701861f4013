public import Sim

/// A transaction as it really was.
public struct TrueTransaction: Sendable, Equatable {
    /// Index within the site.
    public var station: Int
    /// Made by the charging station; in OCPP 1.6 it stays within the station.
    public var transactionID: String
    /// What went through the meter, Wh.
    public var energyWh: Double
    /// Registers told to the CSMS, Wh.
    public var meterStartWh: Double
    public var meterStopWh: Double
    public var endedAt: SimTime
}
