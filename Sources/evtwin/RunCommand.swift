import ArgumentParser
import Foundation
import Reports
import Twin

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Simulate a world; write its telemetry file and report.",
        discussion: "Example: evtwin run worlds/seattle.yaml --days 7")

    @Argument(
        help: "World file (YAML) to simulate, or the name of a shipped world (evtwin worlds lists them).",
        completion: .file(extensions: ["yaml", "yml"]))
    var world: String

    @Option(help: "Draw every random stream from this seed, a whole number from 0 (default: the world's).")
    var seed: UInt64?

    @Option(help: "Simulate this many days, above 0 (default: the world's).")
    var days: Double?

    @Option(help: "Use 1 to 256 worker threads (default: the machine's processors); the result is the same.")
    var threads: Int?

    @Option(help: "Write to this directory (default: out/NAME).", completion: .directory)
    var out: String?

    @Flag(help: "Print one JSON object as the last line.")
    var json = false

    @Option(
        name: .customLong("set"),
        help: "Change a world key, as in --set csms.enabled=false; may be repeated (default: none).")
    var overrides: [String] = []

    @Option(help: "Write a checkpoint every so many days, from 1, for evtwin resume (default: none).")
    var checkpointEvery: Int?

    @Flag(help: "Do not write the report.")
    var noReport = false

    @Flag(help: "Replace an earlier run in the output directory.")
    var force = false

    func validate() throws {
        if let days, !(days > 0 && days <= 36_500) {
            throw ValidationError("--days: write a number of days above 0, up to 36500")
        }
        if let threads, !(1...256).contains(threads) { throw ValidationError("--threads: write 1 to 256") }
        if let every = checkpointEvery, every < 1 {
            throw ValidationError("--checkpoint-every: write a whole number of days from 1")
        }
    }

    func run() throws {
        try CommandFailure.translating {
            let pairs = try overrides.map(Override.parse)
            let path = try ShippedWorlds.path(world)
            let spec = try WorldFile.load(path: path, overrides: pairs)
            let options = RunOptions(
                seed: seed, days: days, threads: threads ?? ProcessInfo.processInfo.activeProcessorCount,
                output: out ?? "out/\(spec.name)", checkpointEvery: checkpointEvery, overrides: pairs)
            let existing = ExistingRun(directory: options.output)
            if !force { try existing.checkFree() }
            for notice in spec.notices(days: days) { Terminal.error("warning: \(notice)") }
            let run = try TwinRun(world: spec, path: path, options: options)
            existing.removeRest()
            try RunSession(run: run, output: options.output, json: json, report: !noReport).carryOut()
        }
    }
}

/// A `--set key=value`.
enum Override {
    static func parse(_ text: String) throws -> (key: String, value: String) {
        guard let split = text.firstIndex(of: "="), split != text.startIndex else {
            throw CommandFailure(
                code: .badInput,
                message: "--set \(text): expected key=value\n  fix: write --set csms.enabled=false, say")
        }
        return (String(text[..<split]), String(text[text.index(after: split)...]))
    }
}

/// What `run` and `resume` share: progress, Ctrl-C, report, the closing lines.
struct RunSession {
    let run: TwinRun
    let output: String
    let json: Bool
    let report: Bool

    func carryOut() throws {
        Interrupt.watch()
        var bar = ProgressBar(isShown: !json)
        let summary = try run.run(progress: { bar.show($0) }, shouldStop: { Interrupt.wasAsked })
        bar.finish()
        var reportPath: String?
        if report, run.hasSiteSeries {
            let path = output + "/report.html"
            _ = try Report.write(telemetry: summary.telemetry, to: path)
            reportPath = path
            if !json, let advice = Report.missingChartsAdvice() { Terminal.error(advice) }
        }
        if json {
            Terminal.out(try CommandJSON.line(summary))
        } else {
            Terminal.out(text(summary, reportPath))
        }
        if summary.stopped {
            throw CommandFailure(
                code: .failed, message: "stopped before the end; what was finished is in \(summary.telemetry)")
        }
    }

    private func text(_ s: RunSummary, _ reportPath: String?) -> String {
        var lines = [
            "\(s.world), seed \(s.seed): \(s.sites) sites, \(s.stations) charging stations, \(s.connectors) connectors",
            "\(s.simDays.plain) days in \(s.wallS.oneDecimal) s: \(s.sessions) sessions, \(s.events) events",
            "\(s.energyKWh.oneDecimal) kWh at the connectors, \(s.gridEnergyKWh.oneDecimal) kWh from the grid, "
                + "peak \(s.peakKW.oneDecimal) kW, \(s.lostDrivers) drivers lost",
            "\(s.billPeakKW.oneDecimal) kW on the bills: sum of the sites' highest quarter hours",
        ]
        if let a = s.audit {
            lines.append(
                "CSMS audit: \(a.sessionsBooked) of \(a.sessionsTrue) transactions booked, \(a.sessionsLost) lost, "
                    + "\(a.sessionsDoubled) doubled, \(a.sessionsWrong) wrong, \(a.sessionsPending) still on the way")
        }
        lines.append("digest \(s.digest)")
        lines.append("telemetry \(s.telemetry)")
        if let reportPath { lines.append("report    \(reportPath)") }
        return lines.joined(separator: "\n")
    }
}

extension Double {
    /// One digit after the point.
    var oneDecimal: String { String(format: "%.1f", self) }
    /// Without a point where it is whole.
    var plain: String { self == rounded() ? String(Int(self)) : String(format: "%.3f", self) }
}
