public import Logging
internal import ServiceLifecycle
internal import Synchronization
internal import UnixSignals

extension CSMSServer {
    /// Serves until SIGTERM or SIGINT asks for a graceful shutdown: no new connections, the open ones are closed with 1001,
    /// everything that was taken is stored. SIGHUP renews the certificates.
    ///
    /// - Throws: what ``run()`` throws.
    public func runUntilSignalled() async throws {
        // Trapped before anything runs: a hang-up must never end the program.
        let hangUps = await UnixSignalsSequence(trapping: .sighup)
        let renewing = Task {
            for await _ in hangUps { renewCertificates() }
        }
        defer { renewing.cancel() }
        try await run(endingOn: [.sigterm, .sigint])
    }

    /// Serves until ``stop()``.
    ///
    /// - Throws: what ``run()`` throws.
    public func runUntilStopped() async throws { try await run(endingOn: []) }

    /// Asks for the graceful shutdown that a signal asks for.
    public func stop() async { await group.withLock { $0 }?.triggerGracefulShutdown() }

    private func run(endingOn signals: [UnixSignal]) async throws {
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: self, successTerminationBehavior: .gracefullyShutdownGroup)],
                gracefulShutdownSignals: signals, logger: hub.logger))
        self.group.withLock { $0 = group }
        try await group.run()
    }

    /// The program's logger: lines on standard error.
    ///
    /// - Parameters:
    ///   - level: one of swift-log's levels; `nil` for another word.
    public static func logger(level: String, format: LogFormat) -> Logger? {
        guard let level = Logger.Level(rawValue: level) else { return nil }
        return Logger(label: "csms") { label in LineLogHandler(label: label, level: level, format: format) }
    }

    /// The words that ``logger(level:format:)`` knows, the most talkative first.
    public static var logLevels: [String] { Logger.Level.allCases.map(\.rawValue) }
}
