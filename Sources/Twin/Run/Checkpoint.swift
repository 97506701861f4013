internal import Foundation
internal import Models
internal import Sim
internal import Synchronization
internal import Telemetry

/// A run as it stood between two windows: one header line and one line a site, JSON, in `checkpoint.jsonl`.
///
/// Parameters are not in it: they are compiled from the world again, which must not have changed.
struct Checkpoint {
    struct Header: Codable {
        var format = 1
        var version = Version.text
        var worldPath: String
        var worldHash: UInt64
        var overrides: [[String]]
        var seed: UInt64
        var days: Double
        var checkpointEvery: Int
        var now: SimTime
        var windows: WindowState<SiteMessage>
        var statistics: RunStatistics
        var telemetry: TelemetryPosition
        var sites: Int
    }

    static func path(in directory: String) -> String { directory + "/checkpoint.jsonl" }

    /// Writes beside the old checkpoint and takes its place in one step, so that a killed run leaves a whole one.
    static func write(_ header: Header, _ run: WindowedRun<Site>, in directory: String) throws {
        let path = path(in: directory)
        let fresh = path + ".new"
        guard FileManager.default.createFile(atPath: fresh, contents: nil),
            let file = FileHandle(forWritingAtPath: fresh)
        else {
            throw RunError("\(fresh): cannot be written", fix: "make the directory writable, or give another --out")
        }
        let encoder = coder()
        do {
            try file.write(contentsOf: encoder.encode(header) + newline)
            // Encoded a batch at a time on every thread: memory stays bounded and the order is the sites'.
            for first in stride(from: 0, to: run.count, by: batch) {
                for line in try encode(run, first..<min(first + batch, run.count)) {
                    try file.write(contentsOf: line + newline)
                }
            }
            try file.synchronize()
            try file.close()
        } catch {
            try? FileManager.default.removeItem(atPath: fresh)
            throw RunError(
                "\(fresh): the checkpoint cannot be written (\(FileFailure.words(error)))",
                fix: "free disk space; the checkpoint before it is still good")
        }
        guard rename(fresh, path) == 0 else {
            throw RunError("\(path): cannot be replaced", fix: "make the directory writable, or give another --out")
        }
    }

    /// Reads the header; ``sites(_:of:)`` reads the rest.
    static func open(in directory: String) throws -> (header: Header, lines: [Data]) {
        let path = path(in: directory)
        guard let data = FileManager.default.contents(atPath: path) else {
            throw RunError(
                "\(path): there is no checkpoint", fix: "run with --checkpoint-every D first", isBadInput: true)
        }
        let lines = data.split(separator: UInt8(ascii: "\n")).map { Data($0) }
        do {
            guard let first = lines.first else { throw CocoaError(.fileReadCorruptFile) }
            let header = try decoder().decode(Header.self, from: first)
            guard header.version == Version.text, lines.count == header.sites + 1 else {
                throw CocoaError(.fileReadCorruptFile)
            }
            return (header, Array(lines.dropFirst()))
        } catch {
            throw RunError(
                "\(path): not a whole checkpoint of evtwin \(Version.text)",
                fix: "resume with the version that wrote it, or run again", isBadInput: true)
        }
    }

    static func site(_ line: Data, in directory: String) throws -> Site {
        do { return try decoder().decode(Site.self, from: line) } catch {
            throw RunError(
                "\(path(in: directory)): a site in it is damaged", fix: "run again with --force", isBadInput: true)
        }
    }

    private static let newline = Data([UInt8(ascii: "\n")])
    private static let batch = 256

    private static func encode(_ run: WindowedRun<Site>, _ sites: Range<Int>) throws -> [Data] {
        let lines = Mutex<[Data?]>(Array(repeating: nil, count: sites.count))
        run.inParallel(sites) { i, site in
            let line = try? coder().encode(site)
            lines.withLock { $0[i - sites.lowerBound] = line }
        }
        return try lines.withLock { $0 }.map { line in
            guard let line else { throw CocoaError(.coderInvalidValue) }
            return line
        }
    }
    private static func coder() -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return encoder
    }
    private static func decoder() -> JSONDecoder {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return decoder
    }
}
