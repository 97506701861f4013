/// What `/meta` says about the run.
struct RunFacts: Sendable {
    let title: String
    let version: String
    let worldName: String
    let worldDescription: String
    let worldText: String
    let arguments: String
    let attribution: [String]
    let digest: String
    let seed: Int64?
    let events: Int64?
    /// Length asked for, days.
    let days: Double
    /// Length of a telemetry interval, s.
    let intervalS: Int
    /// Whether the run reached its end; false after Ctrl-C or a kill.
    let isComplete: Bool
    let clock: RunClock

    init(_ file: TelemetryFile) throws(ReportError) {
        title = file.text("title") ?? ""
        version = file.text("evtwin_version") ?? ""
        worldName = file.text("world_name") ?? "unnamed world"
        worldDescription = file.text("world_description") ?? ""
        worldText = file.text("world_text") ?? ""
        arguments = file.text("arguments") ?? ""
        attribution = (file.text("attribution") ?? "").split(whereSeparator: \.isNewline).map { String($0) }
        digest = file.text("digest") ?? ""
        seed = file.integer("seed")
        events = file.integer("events")
        days = file.real("days") ?? .nan
        isComplete = file.integer("complete") == 1
        guard let interval = file.integer("interval_s"), (1...86_400).contains(interval) else {
            throw file.error("attribute interval_s of /meta is missing or not 1 ... 86400 s")
        }
        intervalS = Int(interval)
        guard let clock = RunClock(iso: file.text("start") ?? "") else {
            throw file.error("attribute start of /meta is missing or not an ISO 8601 date and time")
        }
        self.clock = clock
    }

    /// Length of a telemetry interval, h.
    var intervalH: Double { Double(intervalS) / 3600 }
    /// Start of a telemetry interval, microseconds since the start of the run.
    func microseconds(sample: Int) -> Int64 { Int64(sample) * Int64(intervalS) * 1_000_000 }
}
