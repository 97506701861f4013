internal import Foundation
internal import Logging
internal import Sockets
internal import Synchronization

/// Keeps the TLS of new connections in step with the certificate files: a certificate is renewed without a restart.
///
/// Connections that are open keep what they were opened with. Files that cannot be used change nothing: the certificates
/// before them stay, and the log says what is wrong.
final class CertificateWatch: Sendable {
    private let settings: ServerSettings
    private let logger: Logger
    private let server: WebSocketServer
    private let seen: Mutex<[FileMark?]>

    /// By what a changed file is recognised.
    fileprivate struct FileMark: Hashable, Sendable {
        let number: Int
        let size: Int
        let changed: Date
    }

    init(settings: ServerSettings, logger: Logger, server: WebSocketServer, asOf marks: CertificateWatch.Marks) {
        self.settings = settings
        self.logger = logger
        self.server = server
        seen = Mutex(marks.files)
    }

    /// The files as they are at one moment: taken before they are read, so that no change in between is missed.
    struct Marks: Sendable {
        fileprivate let files: [FileMark?]

        init(_ settings: ServerSettings) {
            let paths =
                settings.certificates.flatMap { [$0.certificate, $0.key] } + [settings.clientRoots].compactMap(\.self)
            files = paths.map { path in
                // Of the file itself where the path is a link, as tools that renew certificates make them.
                let target = URL(filePath: path).resolvingSymlinksInPath().path
                guard let found = try? FileManager.default.attributesOfItem(atPath: target),
                    let changed = found[.modificationDate] as? Date
                else { return nil }
                return FileMark(
                    number: found[.systemFileNumber] as? Int ?? 0, size: found[.size] as? Int ?? 0, changed: changed)
            }
        }
    }

    /// Looks at the files again and again until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            do { try await Task.sleep(for: .seconds(max(1, settings.certificateCheckS))) } catch { return }
            let marks = Marks(settings)
            if seen.withLock({ $0 != marks.files }) { load(asOf: marks) }
        }
    }

    /// Reads the files, changed or not.
    func reload() { load(asOf: Marks(settings)) }

    private func load(asOf marks: Marks) {
        seen.withLock { $0 = marks.files }
        do {
            guard let tls = try CSMSServer.tls(settings) else { return }
            server.replace(tls: tls)
            logger.notice("certificates were renewed", metadata: ["files": "\(marks.files.count)"])
        } catch {
            logger.error(
                "certificates were not renewed; the present ones stay",
                metadata: ["place": "\(error.place)", "problem": "\(error.problem)", "fix": "\(error.fix)"])
        }
    }
}
