internal import Models
internal import OCPP
internal import OCPPMessages
internal import OCPPWire
internal import Sim

/// Makes the whole OCPP clients of a site's charging stations, with a device model that says what stands there.
struct ClientMaker {
    /// How the device model says that the CSMS is reached.
    struct Network {
        var csmsURL: String
        /// 0 ... 3
        var securityProfile: Int
        /// `nil` for none.
        var password: String?
    }

    var version: OCPPVersion
    var seed: UInt64
    var firmware = FirmwareSettings()
    var surroundings = SurroundingsSpec()
    var network: Network?
    /// Whether the charging stations set their clocks by the CSMS.
    var followsClock = false
    /// Whether the monitors that a charging station has of itself are on.
    var monitors = true

    /// - Parameters:
    ///   - s: index of the charging station within the site.
    ///   - identity: by which the CSMS knows it; `nil` for its number in the world.
    ///   - wire: its end of the connection.
    func client<Wire: MessageWire>(
        _ s: Int, of parameters: SiteParameters, identity: String? = nil, wire: Wire
    ) -> StationEnd<Wire> {
        let station = parameters.stations[s]
        let connectors = station.evses.map { _ in 1 }
        return StationEnd(
            controller: controller(s, of: parameters, identity: identity),
            translator: StationTranslator(version: version, connectors: connectors),
            wire: wire, idPrefix: String(UInt32(truncatingIfNeeded: station.entity), radix: 36),
            followsClock: followsClock)
    }

    private func controller(_ s: Int, of parameters: SiteParameters, identity: String?) -> StationController {
        let station = parameters.stations[s]
        let firmware = StationFirmware(
            identity: station.identity, connectors: station.evses.map { _ in 1 }, stationKey: station.entity &+ seed,
            settings: self.firmware,
            random: RandomStream(seed: seed, purpose: StreamPurpose.firmware, entity: station.entity))
        let ratings = station.evses.map { e in
            let evse = parameters.evses[e]
            return EVSERating(
                voltageV: evse.voltageV, phases: evse.isDirect ? 0 : evse.phases, currentMaxA: evse.cableA,
                powerMaxW: evse.ratedW)
        }
        var model = DeviceModel(
            features: StationSurroundings.features(surroundings),
            vendors: surroundings.vendorMessagesPerDay > 0 ? [surroundings.vendorID] : [], settings: self.firmware)
        model.describe(identity: identity ?? "\(station.entity)", as: station.identity)
        if !monitors { model.preset("MonitoringCtrlr", "Enabled", to: "false") }
        if let network {
            model.presetNetwork(
                url: network.csmsURL, securityProfile: network.securityProfile, version: Self.words(version),
                password: network.password)
        }
        return StationController(firmware: firmware, version: version, ratings: ratings, model: model)
    }

    private static func words(_ version: OCPPVersion) -> V2.OCPPVersionEnum {
        switch version {
        case .v16: .ocpp16
        case .v201: .ocpp201
        case .v21: .ocpp21
        }
    }
}
