import Foundation
import Testing

@testable import LoadTest

@Suite("Answers to BootNotification in the report")
struct BootAnswerTests {
    @Test("unusable ones are counted by their reason, on the screen and in the JSON")
    func report() throws {
        var a = Measurements()
        a.note(unusableBootAnswer: "interval: required but missing")
        var b = Measurements()
        for _ in 0..<2 { b.note(unusableBootAnswer: "interval: required but missing") }
        b.note(unusableBootAnswer: #"CALLERROR "odd""#)
        a += b
        #expect(a.unusableBoots == 4)
        var summary = LoadSummary()
        summary.measurements = a
        let text = LoadReport.text(summary, stations: 4)
        #expect(text.contains("3 x BootNotification answer not usable: interval: required but missing"))
        let line = LoadReport.line(LoadProgress(elapsedS: 1, stations: 4, summary))
        #expect(line.contains("4 unusable BootNotification answers"))
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(LoadReport.json(summary, stations: 4).utf8)) as? [String: Any])
        #expect(json["unusable_boot_answers"] as? Int == 4)
        #expect((json["unusable_boot_answer_reasons"] as? [String: Int])?["interval: required but missing"] == 3)
        #expect(
            LoadReport.line(LoadProgress(elapsedS: 1, stations: 4, LoadSummary())).contains("unusable")
                == false)
    }

    @Test("reasons are bounded, whatever a CSMS thinks of")
    func bounds() {
        var measurements = Measurements()
        for number in 0..<1000 { measurements.note(unusableBootAnswer: "\(number)") }
        #expect(measurements.unusableBootAnswers.count <= 20 && measurements.unusableBoots == 1000)
    }
}
