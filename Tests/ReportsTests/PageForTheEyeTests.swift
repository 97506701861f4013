import Foundation
import Reports
import Testing

@Suite("A page for the eye")
struct PageForTheEyeTests {
    /// `EVTWIN_SAMPLE_PAGE=/tmp/page EVTWIN_SAMPLE_SITES=1349 EVTWIN_SAMPLE_DAYS=365` writes a page to look at and says how long it took.
    @Test(
        "a sample page is written where the environment asks for one",
        .enabled(if: ProcessInfo.processInfo.environment["EVTWIN_SAMPLE_PAGE"] != nil))
    func onDemandSample() throws {
        let environment = ProcessInfo.processInfo.environment
        let base = try #require(environment["EVTWIN_SAMPLE_PAGE"])
        var plan = SamplePlan()
        plan.sites = environment["EVTWIN_SAMPLE_SITES"].flatMap { Int($0) } ?? 120
        plan.days = environment["EVTWIN_SAMPLE_DAYS"].flatMap { Int($0) } ?? 28
        plan.hasComparison = true
        plan.hasMessages = true
        let clock = ContinuousClock()
        if !FileManager.default.fileExists(atPath: base + ".h5") {
            let written = try clock.measure { _ = try SampleFile.write(plan, to: base + ".h5") }
            print("telemetry written in \(written)")
        }
        let reported = try clock.measure {
            print(try Report.write(telemetry: base + ".h5", to: base + ".html").text)
        }
        print("report written in \(reported)")
    }
}
