internal import Dispatch
internal import Models
internal import NIOCore
internal import NIOPosix
internal import Sim
internal import Sockets
public import Twin

/// The stations of a world on a real CSMS, by the wall clock.
///
/// Every station is a WebSocket client driven by its firmware; its plant (drivers, vehicles, meters, failures) is the one
/// of the world. Sites are spread over event loops and share nothing.
public final class LoadTest: Sendable {
    private let options: ConnectOptions
    private let loops: SocketLoops
    private let network: SiteNetwork
    private let drivers: [SiteDriver]
    private let clock: WallClock
    public let stationCount: Int

    /// - Throws: ``LoadTestError`` for options that cannot be, files that cannot be read, too low a limit of open files.
    public init(world: WorldSpec, options: ConnectOptions) throws {
        if let complaint = options.complaints(worldHours: world.days * 24).first { throw LoadTestError(complaint) }
        guard let url = WebSocketURL(options.url) else {
            throw LoadTestError(
                "\(options.url): is no URL of a CSMS",
                fix: "write ws://HOST[:PORT][/PATH] or wss://…, without user, password and #fragment")
        }
        self.options = options
        let sites = RealTimeWorld(world: world, options: options.realTime).sites()
        let identities = sites.flatMap(\.stationIDs)
        guard !identities.isEmpty else {
            throw LoadTestError("the world has no stations", fix: "give its sites stations")
        }
        stationCount = identities.count
        do throws(FileLimit.TooLow) {
            try FileLimit.raise(to: identities.count + 256)
        } catch {
            throw LoadTestError(error.description)
        }
        loops = SocketLoops(count: options.threads)
        let origin = SimTime.zero + .rounding(seconds: options.startHour * 3600)
        clock = WallClock(speed: options.speed, origin: origin)
        let jobs = StationJobs()
        let dialer: Dialer
        do {
            dialer = try Dialer(options: options, url: url, loops: loops, stations: identities, jobs: jobs)
        } catch let problem as TLSProblem {
            let option = options.roots == nil ? "" : "--ca "
            throw LoadTestError(
                option + problem.description, fix: "name a PEM file with the root certificates of the CSMS")
        }
        let eventLoops = Array(loops.group.makeIterator())
        let clock = self.clock
        let network = SiteNetwork()
        self.network = network
        drivers = sites.enumerated().map { index, site in
            var site = site
            site.run(until: origin)  // what stands there at that hour stands there; the stations are still off
            return SiteDriver(
                site: site, eventLoop: eventLoops[index % eventLoops.count], clock: clock, dialer: dialer, jobs: jobs,
                network: network)
        }
        network.connect(drivers)
    }

    /// Switches the stations on at the ramp's pace and runs until the duration is over or `shouldStop` says so.
    /// - Parameter progress: called about once a second.
    public func run(progress: (LoadProgress) -> Void = { _ in }, shouldStop: () -> Bool = { false }) -> LoadSummary {
        let started = DispatchTime.now().uptimeNanoseconds
        func elapsedS() -> Double { Double(DispatchTime.now().uptimeNanoseconds - started) / 1e9 }
        var switchedOn = 0
        var lastProgress = 0.0
        var isCut = false
        let order = drivers.flatMap { driver in driver.stationIndices.map { (driver, $0) } }
        while !shouldStop() {
            let now = elapsedS()
            if let durationS = options.durationS, now >= durationS { break }
            let due = min(order.count, Int(now * options.rampPerS) + 1)
            while switchedOn < due {
                let (driver, station) = order[switchedOn]
                driver.eventLoop.execute { driver.powerUp(station) }
                switchedOn += 1
            }
            if let powerCutAfterS = options.powerCutAfterS, !isCut, now >= powerCutAfterS {
                isCut = true
                for (driver, station) in order.prefix(options.powerCutStations ?? order.count) {
                    driver.eventLoop.execute { driver.powerCut(station) }
                }
            }
            if now - lastProgress >= 1 {
                lastProgress = now
                progress(LoadProgress(elapsedS: now, stations: stationCount, summary()))
            }
            usleepMilliseconds(20)
        }
        let connected = gather { $0.connectedCount }.reduce(0, +)
        for driver in drivers { try? driver.eventLoop.submit { driver.end() }.wait() }
        var result = summary()
        result.connected = connected
        result.elapsedS = elapsedS()
        usleepMilliseconds(200)
        return result
    }

    /// Ends the threads; nothing can be run afterwards.
    public func shutdown() {
        try? loops.shutdown()
        network.disconnect()
    }

    private func summary() -> LoadSummary {
        var summary = LoadSummary()
        for part in gather({ ($0.measurements, $0.connectedCount, $0.totals, $0.truth) }) {
            summary.measurements += part.0
            summary.connected += part.1
            summary.sessions += part.2.sessions
            summary.energyKWh += part.2.energyWh / 1000
            summary.transactions += UInt64(part.3.count)
        }
        return summary
    }

    /// Asks every driver on its own loop.
    private func gather<Value: Sendable>(_ body: @escaping @Sendable (SiteDriver) -> Value) -> [Value] {
        drivers.compactMap { driver in try? driver.eventLoop.submit { body(driver) }.wait() }
    }

    private func usleepMilliseconds(_ count: Int) {
        _ = DispatchSemaphore(value: 0).wait(timeout: .now() + .milliseconds(count))
    }
}

/// Why a load test cannot begin.
public struct LoadTestError: Error, CustomStringConvertible {
    public let description: String

    /// - Parameter description: what is wrong and what to do.
    init(_ description: String) { self.description = description }

    init(_ problem: String, fix: String) { description = "\(problem)\n  fix: \(fix)" }
}

/// How far a load test has got.
public struct LoadProgress: Sendable {
    public var elapsedS: Double
    public var stations: Int
    public var summary: LoadSummary

    init(elapsedS: Double, stations: Int, _ summary: LoadSummary) {
        self.elapsedS = elapsedS
        self.stations = stations
        self.summary = summary
    }
}

/// What a load test saw at its own end.
public struct LoadSummary: Sendable {
    public var elapsedS = 0.0
    /// Stations with an open connection.
    public var connected = 0
    public var measurements = Measurements()
    /// Charging visits ended and energy delivered, as they really were.
    public var sessions: UInt64 = 0
    public var energyKWh = 0.0
    /// OCPP transactions ended.
    public var transactions: UInt64 = 0

    public init() {}
}
