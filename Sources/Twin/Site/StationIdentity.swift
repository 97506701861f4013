internal import Models
internal import OCPP

extension StationParameters {
    /// What the station says of itself in BootNotification.
    var identity: Core.ChargingStation {
        Core.ChargingStation(
            model: kind == .dc ? "DC" : "AC", vendorName: "evtwin",
            serialNumber: IdentifierText(hexadecimal: entity))
    }
}
