internal import Models
internal import NIOCore
internal import OCPP
internal import Sim
internal import Sockets
internal import Twin

/// Drives one site by the wall clock, on one event loop: its plant, its stations and their connections.
///
/// Everything happens on ``eventLoop``, so nothing is locked.
final class SiteDriver: @unchecked Sendable {
    let eventLoop: any EventLoop
    private(set) var measurements = Measurements()
    private var site: RealTimeSite
    private let clock: WallClock
    private let dialer: Dialer
    private let jobs: StationJobs
    private let network: SiteNetwork
    private var lines: [StationLine] = []
    private var wakeUp: Scheduled<Void>?
    private var wakeUpAt = SimTime.distantFuture
    private var isOver = false
    private(set) var truth: [TrueTransaction] = []
    /// Most ended transactions kept for the comparison with the CSMS's books.
    static let truthMax = 1_000_000

    init(
        site: RealTimeSite, eventLoop: any EventLoop, clock: WallClock, dialer: Dialer, jobs: StationJobs,
        network: SiteNetwork
    ) {
        self.site = site
        self.eventLoop = eventLoop
        self.clock = clock
        self.dialer = dialer
        self.jobs = jobs
        self.network = network
        for index in site.stationIDs.indices {
            lines.append(StationLine(driver: self, station: index, identity: site.stationIDs[index]))
        }
    }

    var totals: SiteTotals { site.totals }
    /// Number of the site among the world's.
    var index: UInt32 { site.index }
    var connectedCount: Int { lines.reduce(0) { $0 + ($1.connection == nil ? 0 : 1) } }

    /// Switches a station on.
    func powerUp(_ station: Int) {
        eventLoop.assertInEventLoop()
        site.powerUp(station, now: clock.now)
        settle()
    }

    var stationIndices: Range<Int> { 0..<site.stationCount }

    /// The power of a station fails and comes back: its connection breaks off, transactions end with it.
    func powerCut(_ station: Int) {
        eventLoop.assertInEventLoop()
        guard !isOver else { return }
        let now = clock.now
        site.run(until: now)
        lines[station].breakOff()
        site.handle(.everyday(.powerDown), station: station, now: now)
        site.powerUp(station, now: now)
        settle()
    }

    /// Closes all connections; nothing happens afterwards.
    func end() {
        eventLoop.assertInEventLoop()
        isOver = true
        wakeUp?.cancel()
        for line in lines {
            line.giveUp(Reasons.unfinished)
            line.hangUp(.goingAway, "the test is over")
        }
    }

    /// Something came for a station.
    func hand(_ input: StationClient.Input, to station: Int) {
        guard !isOver else { return }
        let now = clock.now
        site.run(until: now)
        site.handle(input, station: station, now: now)
        settle()
    }

    func note(_ change: (inout Measurements) -> Void) { change(&measurements) }

    // MARK: - What is to be done

    private func settle() {
        while true {
            let outputs = site.takeOutputs()
            if outputs.isEmpty { break }
            for item in outputs { carryOut(item.order, station: item.station) }
        }
        truth.append(contentsOf: site.takeTruth().prefix(max(0, Self.truthMax - truth.count)))
        for message in site.takeMessages() { network.post(message) }
        arm()
    }

    /// Drivers who come from another site, work orders and crews; from any thread.
    func post(_ message: OutgoingMessage) {
        eventLoop.execute { [self] in
            guard !isOver else { return }
            site.deliver(message, now: clock.now)
            arm()
        }
    }

    private func carryOut(_ order: RealTimeSite.Order, station: Int) {
        let line = lines[station]
        switch order {
        case .linkFault(let isBroken): line.isBroken = isBroken
        case .client(let output): carryOut(output, line)
        }
    }

    private func carryOut(_ output: StationClient.Output, _ line: StationLine) {
        let station = line.station
        switch output {
        case .connect: dial(line)
        case .disconnect(let code, let reason): line.hangUp(CloseCode(rawValue: code), reason)
        case .transmit(let frame):
            measurements.framesSent += 1
            line.connection?.send(text: frame)
        case .answered(let action, let kind, let microseconds):
            measurements.note(action, kind, microseconds: Int64(Double(microseconds) / clock.speed))
        case .malformed: measurements.malformed += 1
        case .unusableBootAnswer(let reason): measurements.note(unusableBootAnswer: reason)
        case .job(let id, let job):
            let result = eventLoop.makePromise(of: StationJobResult.self)
            result.futureResult.whenSuccess { [self] in hand(.jobDone(id, $0), to: station) }
            jobs.run(job, of: line.identity, on: eventLoop, result: result)
        case .directive(.reconnect):
            line.hangUp(.normal, "new settings")
            hand(.closed, to: station)
        case .directive, .everyday: break
        }
    }

    private func dial(_ line: StationLine) {
        measurements.connectsTried += 1
        guard !line.isBroken else {
            line.giveUp(Reasons.givenUp)
            return later { self.lost(line, "the station's modem is broken") }
        }
        let attempt = line.newAttempt()
        let started = NIODeadline.now()
        let settings = site.clients[line.station].connectionSettings
        dialer.dial(line.identity, settings, on: eventLoop, events: line) { [self] result in
            guard line.settles(attempt), !isOver else {
                if case .success(let connection) = result { connection.close(code: .goingAway) }
                return
            }
            switch result {
            case .success(let connection):
                measurements.connectsOpened += 1
                measurements.handshake.add(microseconds: (NIODeadline.now() - started).nanoseconds / 1000)
                line.connection = connection
                hand(.opened, to: line.station)
            case .failure(.refused(status: 401, _)):
                line.connection = nil
                measurements.note(reason: "refused with HTTP status 401")
                hand(.unauthorized, to: line.station)
            case .failure(let failure): lost(line, Reasons.words(for: failure))
            }
        }
    }

    /// The connection is gone or was not made.
    func lost(_ line: StationLine, _ reason: String) {
        line.connection = nil
        measurements.note(reason: reason)
        hand(.closed, to: line.station)
    }

    private func later(_ body: @escaping @Sendable () -> Void) { eventLoop.execute(body) }

    // MARK: - Time

    private func arm() {
        let next = site.nextTime
        guard !isOver, next < wakeUpAt else { return }
        wakeUp?.cancel()
        wakeUpAt = next
        wakeUp = eventLoop.scheduleTask(in: .nanoseconds(clock.nanoseconds(until: next))) { [self] in
            wakeUpAt = .distantFuture
            site.run(until: clock.now + SimDuration(microseconds: 1))
            settle()
        }
    }
}
