import OCPP
import OCPPMessages
import Testing

@testable import Models

@Suite("Signed meter values (OCMF)")
struct SignedMeterValueTests {
    private func record(identification: String? = "1F2D3A4F5506C7") -> SignedMeterValue {
        SignedMeterValue(
            gateway: "evtwin", gatewaySerial: "808829900001", gatewayVersion: "1.4", pagination: 12_345,
            meterVendor: "Phoenix Contact", meterModel: "EEM-350", meterSerial: "BQ274", meterFirmware: "1.0",
            identificationLevel: .verified, identificationType: "ISO14443", identification: identification,
            evseID: "DE*ABC*E1", isDirectCurrent: false,
            readings: [
                .init(time: Timestamp(microseconds: 1_532_431_324_000_000), occasion: .begin, energyWh: 2_935_600),
                .init(
                    time: Timestamp(microseconds: 1_532_434_924_250_900), clock: .informative, occasion: .endedLocally,
                    energyWh: 2_941_234.4),
            ])
    }

    @Test("point 27: the record is OCMF, payload and signature between bars, fields in the order of the format")
    func structure() {
        let text = record().text(signature: [0x30, 0x0A, 0xFF])
        #expect(
            text == #"OCMF|{"FV":"1.0","GI":"evtwin","GS":"808829900001","GV":"1.4","PG":"T12345","#
                + #""MV":"Phoenix Contact","MM":"EEM-350","MS":"BQ274","MF":"1.0","#
                + #""IS":true,"IL":"VERIFIED","IF":[],"IT":"ISO14443","ID":"1F2D3A4F5506C7","#
                + #""CT":"EVSEID","CI":"DE*ABC*E1","RD":["#
                + #"{"TM":"2018-07-24T11:22:04,000+0000 S","TX":"B","RV":2935.600,"RI":"01-00:B0.08.00*FF","#
                + #""RU":"kWh","RT":"AC","EF":"","ST":"G"},"#
                + #"{"TM":"2018-07-24T12:22:04,250+0000 I","TX":"L","RV":2941.234,"RI":"01-00:B0.08.00*FF","#
                + #""RU":"kWh","RT":"AC","EF":"","ST":"G"}]}"#
                + #"|{"SA":"ECDSA-secp256r1-SHA256","SE":"hex","SD":"300AFF"}"#)
    }

    @Test("point 27: what is signed stands unchanged in the record, whatever the texts hold")
    func signedBytes() throws {
        var record = record(identification: "a|b\"\\\n")
        record.isDirectCurrent = true
        let parts = record.text(signature: [1]).split(separator: "|", omittingEmptySubsequences: false)
        #expect(parts.count == 3 && parts[1] == record.payload[...])
        #expect(JSONText(record.payload) != nil && record.payload.contains(#""ID":"a\u007Cb\"\\\n""#))
        #expect(record.payload.contains(#""RT":"DC""#))
    }

    @Test("a transaction of nobody says so")
    func unassigned() {
        let payload = record(identification: nil).payload
        #expect(payload.contains(#""IS":false,"#) && payload.contains(#""IT":"NONE","CT""#))
    }

    @Test("readings that no meter gives do not break the record", arguments: [-5, Double.nan, .infinity, 1e300])
    func strangeReadings(value: Double) {
        var record = record()
        record.readings = [.init(time: .distantFuture, occasion: .begin, energyWh: value)]
        #expect(JSONText(record.payload) != nil)
    }
}
