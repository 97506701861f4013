internal import CSMS
internal import Foundation
internal import Models
internal import OCPP
internal import Sim
internal import Telemetry

/// A whole run: sites, windows, telemetry, checkpoints.
///
/// Time goes on in slices; a day's samples and rows are written at its end. The result depends on world, seed and length
/// alone: not on threads, slices, checkpoints or interruptions that were resumed.
public final class TwinRun {
    private let world: WorldSpec
    private let worldPath: String
    private let options: RunOptions
    private let seed: UInt64
    private let end: SimTime
    private let windows: WindowedRun<Site>
    private let writer: TelemetryWriter
    private let flush: TelemetryFlush
    private var statistics: RunStatistics

    /// The telemetry file.
    public let telemetryPath: String
    /// The file holds what a report is made from.
    public var hasSiteSeries: Bool { world.telemetry.siteSeries }

    /// Prepares a run from its start; makes the output directory and the telemetry file.
    public convenience init(world: WorldSpec, path: String, options: RunOptions) throws {
        let seed = options.seed ?? world.seed
        let end = Self.end(days: options.days ?? world.days)
        let compiler = WorldCompiler(world: world, seed: seed, end: end)
        let settings = Self.stationSettings(world)
        let sites = zip(compiler.compile(), world.sites).map { Site($0, surroundings: $1.surroundings, csms: settings) }
        let windows = WindowedRun(
            processes: sites, lookahead: compiler.lookahead ?? .unlimited, pool: WorkerPool(threads: options.threads))
        let telemetry = try Self.prepare(options.output) + "/telemetry.h5"
        let writer = try TelemetryWriter(path: telemetry, layout: Self.layout(world, seed, end, options.overrides))
        self.init(
            world: world, path: path, options: options, seed: seed, end: end, windows: windows, writer: writer,
            statistics: RunStatistics(world: world), telemetry: telemetry)
    }

    /// Prepares a run from the checkpoint in its output directory. `load` reads the world again.
    public convenience init(
        resuming directory: String, threads: Int,
        load: (String, [(key: String, value: String)]) throws -> WorldSpec
    ) throws {
        let (header, lines) = try Checkpoint.open(in: directory)
        let overrides = header.overrides.map { (key: $0[0], value: $0[1]) }
        let world = try load(header.worldPath, overrides)
        guard stableHash(world.sourceText) == header.worldHash else {
            throw RunError(
                "\(header.worldPath): has changed since the checkpoint was written",
                fix: "put the old world back, or run again", isBadInput: true)
        }
        let end = Self.end(days: header.days)
        let compiler = WorldCompiler(world: world, seed: header.seed, end: end)
        let settings = Self.stationSettings(world)
        var sites: [Site] = []
        for (line, parameters) in zip(lines, compiler.compile()) {
            var site = try Checkpoint.site(line, in: directory)
            site.adopt(parameters, csms: settings)
            sites.append(site)
        }
        let windows = WindowedRun(
            processes: sites, lookahead: compiler.lookahead ?? .unlimited, pool: WorkerPool(threads: threads),
            resuming: header.windows)
        let telemetry = directory + "/telemetry.h5"
        let writer = try TelemetryWriter(
            resuming: telemetry, at: header.telemetry, layout: Self.layout(world, header.seed, end, overrides))
        self.init(
            world: world, path: header.worldPath,
            options: RunOptions(
                seed: header.seed, days: header.days, threads: threads, output: directory,
                checkpointEvery: header.checkpointEvery, overrides: overrides),
            seed: header.seed, end: end, windows: windows, writer: writer, statistics: header.statistics,
            telemetry: telemetry)
    }

    private init(
        world: WorldSpec, path: String, options: RunOptions, seed: UInt64, end: SimTime, windows: WindowedRun<Site>,
        writer: TelemetryWriter, statistics: RunStatistics, telemetry: String
    ) {
        self.world = world
        worldPath = path
        self.options = options
        self.seed = seed
        self.end = end
        self.windows = windows
        self.writer = writer
        self.statistics = statistics
        flush = TelemetryFlush(world: world)
        telemetryPath = telemetry
    }

    // MARK: running

    /// Coupled sites go on together, and an hour is a good step to tell progress. Where no message binds them a site runs a
    /// day alone: what it needs stays in the cache.
    private var slice: SimDuration { windows.lookahead == .unlimited ? .days(1) : .hours(1) }

    /// Runs to the end, or until `shouldStop` says so; the telemetry file is whole either way.
    public func run(
        progress: (RunProgress) -> Void = { _ in }, shouldStop: () -> Bool = { false }
    ) throws -> RunSummary {
        let started = ContinuousClock.now
        let startedAt = windows.now
        var stopped = false
        while windows.now < end, !stopped {
            let dayEnd = min(end, Self.nextMidnight(after: windows.now))
            while windows.now < dayEnd, !stopped {
                windows.advance(to: min(dayEnd, windows.now + slice))
                progress(progressNow())
                stopped = shouldStop()
            }
            let now = windows.now
            windows.inParallel { _, site in
                site.plant.completeSamples(upTo: now)
                site.plant.mixState()
            }
            try flush.flush(windows, to: writer, statistics: &statistics)
            if !stopped { try checkpointIfDue() }
        }
        if !stopped { removeCheckpoint() }
        let digest = digest()
        try flush.flushOpenOutages(windows, now: windows.now, to: writer)
        try flush.flushOpenOrders(windows, to: writer)
        try writeAudit()
        try writeMeters()
        let days = windows.now.seconds / 86_400
        if let real = world.comparison { try statistics.writeComparison(real, days: Int(days), to: writer) }
        let wall = (ContinuousClock.now - started) / .seconds(1)
        let summary = summary(digest: digest, wallS: wall, days: (windows.now - startedAt).seconds / 86_400, stopped)
        try writer.finish(attributes: [
            ("complete", .int(stopped ? 0 : 1)), ("digest", .text(digest)), ("events", .int(Int(summary.events))),
            ("sessions", .int(Int(summary.sessions))), ("energy_kwh", .double(summary.energyKWh)),
            ("peak_kw", .double(summary.peakKW)), ("bill_peak_kw", .double(summary.billPeakKW)),
        ])
        return summary
    }

    private func progressNow() -> RunProgress {
        var events: UInt64 = 0
        var sessions: UInt64 = 0
        for i in 0..<windows.count {
            events += windows[i].eventCount
            sessions += windows[i].plant.totals.sessions
        }
        return RunProgress(
            fraction: windows.now.seconds / end.seconds, date: world.start.advanced(by: windows.now).isoText,
            events: events, sessions: sessions)
    }

    // MARK: results

    /// Every site's digest and totals, in site order.
    private func digest() -> String {
        var digest = TraceDigest()
        for i in 0..<windows.count {
            digest.mix(windows[i].plant.digest.value)
            digest.mix(windows[i].eventCount)
            digest.mix(Int64((windows[i].plant.totals.energyWh * 1000).rounded()))
            if world.csms.enabled { windows[i].stations.mix(into: &digest) }
        }
        let hex = String(digest.value, radix: 16)
        return String(repeating: "0", count: 16 - hex.count) + hex
    }

    private func writeAudit() throws {
        guard world.csms.enabled else { return }
        let all = (0..<windows.count).map { windows[$0].stations.auditTotals() }
        try writer.append(
            rows: TelemetryColumns.Rows.audit.rawValue,
            columns: [
                .int32(all.indices.map { Int32($0) }), .int64(all.map(\.sessionsTrue)),
                .int64(all.map(\.sessionsBooked)), .int64(all.map(\.sessionsLost)),
                .int64(all.map(\.sessionsDoubled)), .int64(all.map(\.sessionsWrong)),
                .int64(all.map(\.sessionsPending)), .float64(all.map(\.energyTrueWh)),
                .float64(all.map(\.energyBookedWh)), .float64(all.map(\.energyPendingWh)),
            ])
    }

    /// What each site's meter says at the end.
    private func writeMeters() throws {
        let all = (0..<windows.count).map { windows[$0].plant.totals }
        try writer.append(
            rows: TelemetryColumns.Rows.siteMeters.rawValue,
            columns: [
                .int32(all.indices.map { Int32($0) }), .float64(all.map(\.billPeakW)),
                .int64(all.map(\.billPeakEnd.microseconds)), .float64(all.map(\.energyWh)),
                .float64(all.map(\.gridEnergyWh)),
            ])
    }

    private func summary(digest: String, wallS: Double, days: Double, _ stopped: Bool) -> RunSummary {
        var totals = SiteTotals()
        var events: UInt64 = 0
        var audit = AuditTotals()
        for i in 0..<windows.count {
            let site = windows[i].plant.totals
            totals.sessions += site.sessions
            totals.lostDrivers += site.lostDrivers
            totals.meterMicroWh += site.meterMicroWh
            totals.gridMicroWh += site.gridMicroWh
            totals.billPeakW += site.billPeakW
            events += windows[i].eventCount
            if world.csms.enabled { audit += windows[i].stations.auditTotals() }
        }
        return RunSummary(
            world: world.name, seed: seed, sites: world.sites.count,
            stations: world.sites.reduce(0) { $0 + $1.stations.count },
            connectors: world.sites.reduce(0) { $0 + $1.connectorCount }, sessions: totals.sessions,
            lostDrivers: totals.lostDrivers, events: events, energyKWh: totals.energyWh / 1000,
            gridEnergyKWh: totals.gridEnergyWh / 1000, peakKW: statistics.peakW / 1000,
            billPeakKW: totals.billPeakW / 1000, digest: digest, wallS: wallS,
            simDays: days, threads: options.threads, telemetry: telemetryPath, stopped: stopped,
            audit: world.csms.enabled ? AuditSummary(audit) : nil)
    }

    // MARK: checkpoints

    private func checkpointIfDue() throws {
        guard let every = options.checkpointEvery, windows.now < end else { return }
        let day = windows.now.microseconds / 86_400_000_000
        guard windows.now.microseconds % 86_400_000_000 == 0, day % Int64(every) == 0 else { return }
        let header = Checkpoint.Header(
            worldPath: worldPath, worldHash: stableHash(world.sourceText),
            overrides: options.overrides.map { [$0.key, $0.value] }, seed: seed, days: end.seconds / 86_400,
            checkpointEvery: every, now: windows.now, windows: windows.state, statistics: statistics,
            telemetry: try writer.position(), sites: windows.count)
        try Checkpoint.write(header, windows, in: options.output)
    }

    /// A finished run needs no checkpoint, and one would only resume into nothing.
    private func removeCheckpoint() {
        try? FileManager.default.removeItem(atPath: Checkpoint.path(in: options.output))
    }

    // MARK: preparation

    private static func end(days: Double) -> SimTime { .zero + .rounding(seconds: days * 86_400) }

    private static func nextMidnight(after now: SimTime) -> SimTime {
        let day: Int64 = 86_400_000_000
        return SimTime(microseconds: (now.microseconds / day + 1) * day)
    }

    static func stationSettings(_ world: WorldSpec) -> VirtualStations.Settings? {
        guard world.csms.enabled else { return nil }
        var settings = VirtualStations.Settings()
        settings.firmware.meterValuesIntervalS = Int64(world.csms.meterValuesIntervalS)
        settings.csms = CSMSSettings(heartbeatIntervalS: Int32(world.csms.heartbeatIntervalS))
        settings.profile = LinkProfiles.named(world.csms.link) ?? LinkProfiles.ideal
        settings.epoch = Timestamp(microseconds: world.start.secondsSince1970 * 1_000_000)
        settings.logsMessages = world.telemetry.messages
        settings.wire = world.csms.wire
        settings.version = world.csms.version
        settings.orders = world.csms.orders
        return settings
    }

    private static func layout(
        _ world: WorldSpec, _ seed: UInt64, _ end: SimTime, _ overrides: [(key: String, value: String)]
    ) -> TelemetryLayout {
        WorldLayout(world: world, seed: seed, days: end.seconds / 86_400, overrides: overrides).layout()
    }

    private static func prepare(_ directory: String) throws -> String {
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        } catch {
            throw RunError(
                "\(directory): cannot be made (\(FileFailure.words(error)))",
                fix: "give a directory you may write to with --out")
        }
        return directory
    }
}
