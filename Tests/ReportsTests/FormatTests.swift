import Foundation
import Testing

@testable import Reports

@Suite("Numbers and texts of the page")
struct FormatTests {
    @Test("numbers keep three significant digits and group thousands")
    func short() {
        #expect(
            [0, 0.01234, 0.5, 1.234, 12.345, 123.4, 12_345.6, -7.5, .nan].map { Format.short($0) }
                == ["0", "0.0123", "0.500", "1.23", "12.3", "123", "12,346", "\u{2212}7.50", "\u{2013}"])
        #expect(Format.fixed(1_234_567.891, 2) == "1,234,567.89")
        #expect(Format.fixed(-0.0001, 2) == "0.00")
        #expect(Format.fixed(0.995, 2) == "1.00" || Format.fixed(0.995, 2) == "0.99")
        #expect(Format.fixed(1e300, 2).count > 10)
        #expect(Format.integer(-1234) == "\u{2212}1,234")
        #expect(Format.aligned([0.00002, 0.0123, 0]) == ["<\u{A0}0.0001", "0.0123", "0"])
        #expect(Format.aligned([5, 120.4, .nan]) == ["5", "120", "\u{2013}"])
    }

    @Test("units get the prefix that keeps numbers short")
    func units() {
        #expect(Format.power(watts: 999) == "0.999\u{A0}kW")
        #expect(Format.power(watts: 12_345) == "12.3\u{A0}kW")
        #expect(Format.energy(wattHours: 1.5e9) == "1.50\u{A0}GWh")
        #expect(Format.duration(seconds: 90) == "90\u{A0}s")
        #expect(Format.duration(seconds: 330) == "5.5\u{A0}min")
        #expect(Format.duration(seconds: 7200) == "2.0\u{A0}h")
        #expect(Format.duration(seconds: 604_800) == "7\u{A0}days")
        #expect(Format.percent(0.12345) == "12.3\u{A0}%")
    }

    @Test("script numbers read back within their significant digits, at every size")
    func significant() throws {
        var random = SampleRandom(11)
        for _ in 0..<20_000 {
            var value = random.unit() - 0.5
            for _ in 0..<random.below(9) { value *= 10 }
            let back = try #require(Double(Format.significant(value)))
            #expect(abs(back - value) <= max(abs(value) * 5.1e-5, 1e-9), "\(value)")
        }
        #expect(Format.significant(0.1, 9) == "0.1")
        #expect(Format.significant(-0.0) == "0")
        #expect(Format.significant(8760.25, 9) == "8760.25")
        #expect(Format.significant(.infinity) == "null")
    }

    @Test("code names become words")
    func words() {
        #expect(Format.words("no_place") == "No place")
        #expect(Format.words("screen_hmi") == "Screen HMI")
        #expect(Format.vehicle("vw_id4_77_2020") == "VW ID4 77 2020")
        #expect(Format.vehicle("ford_etransit_2022") == "Ford Etransit 2022")
    }

    @Test("nothing in a text can become markup or end a script")
    func escaping() throws {
        let nasty = "</script><!--\"'&\u{0}\u{2028}\\"
        #expect(HTML.escape(nasty) == "&lt;/script&gt;&lt;!--&quot;&#39;&amp;\u{2028}\\")
        let json = JSON.object([("a", .string(nasty)), ("b", .numbers([1, .nan, 2.5])), ("c", .bool(true))]).text
        #expect(!json.contains("<") && !json.contains("&"))
        let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
        #expect(object?["a"] as? String == nasty)
        #expect((object?["b"] as? [Any])?.count == 3)
    }

    @Test("the heat map's scale ends at a round share above the greatest")
    func heatScale() {
        #expect(HeatMap.niceFull(0.26) == 0.3)
        #expect(HeatMap.niceFull(0.9) == 1)
        #expect(HeatMap.niceFull(0.005) == 0.01)
    }
}
