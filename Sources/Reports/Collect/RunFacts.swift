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
    /// Every setting of the run, defaults included; empty in files without it.
    let resolvedWorld: String
    let region: String
    let reliabilityPreset: String
    let repairCrews: Int64?
    /// What the stations' management system was, in words; empty when it is not known.
    let csms: String
    let drivesOn: Bool?
    let seed: Int64?
    let events: Int64?
    /// Length asked for, days.
    let days: Double
    /// Length of a telemetry interval, s.
    let intervalS: Int
    /// Whether the run reached its end; false after Ctrl-C or a kill.
    let isComplete: Bool
    /// Whether the file was closed; false after a kill.
    let isClosed: Bool
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
        // A text, since it may need all 64 bits.
        seed = file.integer("seed") ?? file.text("seed").flatMap { UInt64($0) }.map { Int64(bitPattern: $0) }
        events = file.integer("events")
        resolvedWorld = file.text("resolved_world") ?? ""
        region = file.text("region") ?? ""
        reliabilityPreset = file.text("reliability_preset") ?? ""
        repairCrews = file.integer("repair_crews")
        csms = Self.csms(file)
        drivesOn = file.integer("drive_on").map { $0 != 0 }
        days = file.real("days") ?? .nan
        isComplete = file.integer("complete") == 1
        isClosed = isComplete || digest.contains { $0 != "0" }
        guard let interval = file.integer("interval_s"), (1...86_400).contains(interval) else {
            throw file.error("attribute interval_s of /meta is missing or not 1 ... 86400 s")
        }
        intervalS = Int(interval)
        guard let clock = RunClock(iso: file.text("start") ?? "") else {
            throw file.error("attribute start of /meta is missing or not an ISO 8601 date and time")
        }
        self.clock = clock
    }

    /// Seed as it is written on the command line.
    var seedText: String { seed.map { "\(UInt64(bitPattern: $0))" } ?? "" }

    private static func csms(_ file: TelemetryFile) -> String {
        guard let isEnabled = file.integer("csms_enabled") else { return "" }
        guard isEnabled != 0 else { return "none; stations charge without one" }
        return "in the simulation, link \(file.text("csms_link") ?? ""), messages \(file.text("csms_wire") ?? "")"
    }

    /// Length of a telemetry interval, h.
    var intervalH: Double { Double(intervalS) / 3600 }
    /// Start of a telemetry interval, microseconds since the start of the run.
    func microseconds(sample: Int) -> Int64 { Int64(sample) * Int64(intervalS) * 1_000_000 }
}
