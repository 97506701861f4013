internal import Models
internal import OCPP
internal import OCPPMessages
internal import Sim

/// What the vehicle and the driver at an EVSE do besides charging.
struct Visit: Sendable, Codable {
    var speaksISO15118: Bool
    var wantsContract: Bool
    var wantsPriority: Bool
    var paysAtTerminal: Bool
    var wantsCompanyReceipt: Bool
    /// Stands for what only the vehicle knows: its certificate, its requests.
    var secret: UInt64
    /// Text of the token that was presented.
    var token = ""

    /// Draws a visit; always the same number of draws.
    init(_ spec: SurroundingsSpec, stream: inout RandomStream) {
        speaksISO15118 = stream.unit() < spec.iso15118Share
        wantsContract = stream.unit() < spec.contractShare
        wantsPriority = stream.unit() < spec.priorityShare
        paysAtTerminal = stream.unit() < spec.terminalShare
        wantsCompanyReceipt = stream.unit() < spec.companyShare
        secret = stream.next()
    }

    /// What the vehicle tells the charging station by ISO 15118 that it needs.
    static func needs(
        of vehicle: PluggedVehicle, at evse: EVSERating, departure: Timestamp?
    ) -> V2.ChargingNeeds {
        let energyWh = vehicle.energyWh.rounded()
        guard evse.phases == 0 else {
            let modes: [V2.EnergyTransferModeEnum] = [.acSinglePhase, .acTwoPhase, .acThreePhase]
            let parameters = V2.ACChargingParameters(
                energyAmount: energyWh, evMinCurrent: 6, evMaxCurrent: evse.currentMaxA.rounded(),
                evMaxVoltage: (evse.phases == 1 ? evse.voltageV : evse.voltageV * 3.0.squareRoot()).rounded())
            return V2.ChargingNeeds(
                requestedEnergyTransfer: modes[min(evse.phases, 3) - 1], acChargingParameters: parameters,
                departureTime: departure)
        }
        let powerW = vehicle.powerMaxW > 0 ? vehicle.powerMaxW : evse.powerMaxW
        return V2.ChargingNeeds(
            requestedEnergyTransfer: .dc,
            dcChargingParameters: V2.DCChargingParameters(
                evMaxCurrent: evse.currentMaxA.rounded(), evMaxVoltage: evse.voltageV.rounded(),
                evMaxPower: powerW.rounded(), evEnergyCapacity: vehicle.capacityWh.rounded(), energyAmount: energyWh,
                stateOfCharge: Int((vehicle.stateOfCharge * 100).rounded()), fullSoC: 100,
                bulkSoC: Int((vehicle.targetStateOfCharge * 100).rounded())), departureTime: departure)
    }

    private var hex: String {
        let digits = String(secret, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// The vehicle's wish for a contract certificate: base64 of bytes of a request's usual size. They are no EXI: what a
    /// charging station passes on, it does not read.
    var contractRequest: String { String(repeating: hex, count: 50) }

    /// The vehicle's contract certificate, as the charging station asks the CSMS about it.
    var contractStatus: V2.CertificateStatusRequestInfo {
        V2.CertificateStatusRequestInfo(
            certificateHashData: V2.CertificateHashData(
                hashAlgorithm: .sha256, issuerNameHash: String(repeating: hex, count: 4),
                issuerKeyHash: String(repeating: hex, count: 4), serialNumber: hex),
            source: .ocsp, urls: ["http://ocsp.invalid/contract"])
    }

    /// A VAT number of the Dutch form.
    var vatNumber: String {
        let digits = String(secret % 1_000_000_000)
        return "NL" + String(repeating: "0", count: 9 - digits.count) + digits + "B01"
    }
}
