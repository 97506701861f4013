import Testing

@testable import CSMSServer

@Suite("Server: companies")
struct CompanyTests {
    @Test(
        "VAT numbers of their country's form and check digit are read, however they are written",
        arguments: [
            "ATU13585627", "BE0428759497", "DE136695976", "DK13585628", "EE100931558", "EL094259216", "FI20774740",
            "FR40303265045", "HR33392005961", "HU12892312", "IT00743110157", "LU15027442", "MT11679112",
            "PL8567346215", "PT501964843", "SE123456789701", "SI50223054", "NL123456789B01", "ESX1234567L",
            "IE6433435F", "RO18547290", "CHE100155212", "GB980780684",
        ])
    func good(text: String) {
        #expect(VATNumber(text)?.text == text)
        let written = text.prefix(2).lowercased() + " " + text.dropFirst(2).prefix(3) + "." + text.dropFirst(5)
        #expect(VATNumber(written)?.text == text)
    }

    @Test("one wrong digit is found where the country has a simple rule")
    func checkDigits() {
        for text in [
            "ATU13585627", "BE0428759497", "DE136695976", "DK13585628", "EE100931558", "EL094259216", "FI20774740",
            "FR40303265045", "HR33392005961", "HU12892312", "IT00743110157", "LU15027442", "MT11679112",
            "PL8567346215", "PT501964843", "SI50223054",
        ] {
            // The digit before the last three is part of every rule.
            var bytes = Array(text.utf8)
            let place = bytes.count - 4
            bytes[place] = bytes[place] == UInt8(ascii: "9") ? UInt8(ascii: "0") : bytes[place] + 1
            #expect(VATNumber(String(decoding: bytes, as: UTF8.self)) == nil, "\(text)")
        }
    }

    @Test(
        "what can be no number of its country is refused",
        arguments: [
            "", "DE", "136695976", "DE12345678", "DE1366959760", "DE13669597X", "AT13585627", "NL123456789C01",
            "XX", "ÄT123", "US\u{0}12", String(repeating: "DE136695976", count: 20), "ZZABCD",
        ])
    func bad(text: String) { #expect(VATNumber(text) == nil) }

    @Test("VatNumberValidation is answered with the company that the operator knows, else Rejected")
    func overTheWire() async throws {
        try await withServer { server in
            let body =
                #"{"name":"Stellwerk GmbH","address1":"Am Gleis 3","postalCode":"10115","city":"Berlin","country":"DE"}"#
            #expect(try await server.http("PUT", "/companies/de%20136695976", body: body).status == 200)
            let station = try await TestStation.connect(server, "S", subprotocols: ["ocpp2.1"])
            try await station.boot("ocpp2.1")
            let known = try await station.call("VatNumberValidation", #"{"vatNumber":"DE 136 695 976","evseId":1}"#)
            #expect(known.payload["status"] as? String == "Accepted")
            let company = known.payload["company"] as? [String: Any]
            #expect(company?["name"] as? String == "Stellwerk GmbH" && company?["city"] as? String == "Berlin")
            for number in ["ATU13585627", "DE136695977", "hello"] {
                let unknown = try await station.call("VatNumberValidation", #"{"vatNumber":"\#(number)"}"#)
                #expect(unknown.payload["status"] as? String == "Rejected", "\(number)")
                #expect(unknown.payload["company"] == nil)
            }
            await station.leave()
        }
    }

    @Test("companies are listed, changed and forgotten")
    func table() async throws {
        try await withServer { server in
            let body = #"{"name":"A","address1":"B","city":"C","country":"AT"}"#
            for number in ["ATU13585627", "BE0428759497"] {
                #expect(try await server.http("PUT", "/companies/\(number)", body: body).status == 200)
            }
            let page = try await server.http("GET", "/companies?limit=1").json
            #expect(page["nextCursor"] as? String == "ATU13585627")
            let rest = try await server.items("/companies?limit=1&cursor=ATU13585627")
            #expect(rest.first?["vatNumber"] as? String == "BE0428759497")
            #expect(try await server.http("GET", "/companies/ATU13585627").json["country"] as? String == "AT")
            #expect(try await server.http("DELETE", "/companies/ATU13585627").status == 204)
            #expect(try await server.http("GET", "/companies/ATU13585627").status == 404)
            #expect(try await server.http("PUT", "/companies/DE1", body: body).json["field"] as? String == "vatNumber")
            let long = #"{"name":"\#(String(repeating: "x", count: 51))","address1":"B","city":"C","country":"AT"}"#
            let refused = try await server.http("PUT", "/companies/ATU13585627", body: long)
            #expect(refused.status == 422 && refused.json["field"] as? String == "name")
        }
    }
}
