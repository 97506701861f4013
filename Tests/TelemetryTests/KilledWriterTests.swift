import Foundation
import Testing

@testable import Telemetry

/// What a child process shall do, left where it finds it by its parent's number.
private struct ChildOrder: Codable {
    let path: String
    let delay: UInt32

    private static func place(_ name: String, parent: pid_t) -> URL {
        FileManager.default.temporaryDirectory.appendingPathComponent("evtwin-order-\(name)-\(parent)")
    }

    func leave(for name: String) throws {
        try JSONEncoder().encode(self).write(to: ChildOrder.place(name, parent: getpid()))
    }

    static func find(_ name: String) throws -> ChildOrder {
        let place = place(name, parent: getppid())
        defer { try? FileManager.default.removeItem(at: place) }
        return try JSONDecoder().decode(ChildOrder.self, from: Data(contentsOf: place))
    }
}

@Suite("Killed and broken writers")
struct KilledWriterTests {
    /// Writes until it is killed; after each tenth day it notes in `path.done` how many days are certainly in the file.
    private static func writeForever(_ path: String, killAfterMicroseconds delay: UInt32) throws {
        let writer = try TelemetryWriter(path: path, layout: Samples.layout())
        let killer = Thread {
            usleep(delay)
            kill(getpid(), SIGKILL)
        }
        killer.start()
        for day in 0..<100_000 {
            try Samples.fill(writer, days: day..<(day + 1), rowsPerDay: 2_048)
            guard day % 10 == 9 else { continue }
            _ = try writer.position()
            try "\(day + 1)".write(toFile: path + ".done", atomically: true, encoding: .utf8)
        }
    }

    @Test("a writer killed at any moment leaves a file that opens and holds every finished chunk")
    func killedWriterLeavesValidFile() async throws {
        let directory = try TemporaryDirectory()
        let rounds = ProcessInfo.processInfo.environment["EVTWIN_KILL_ROUNDS"].flatMap { Int($0) } ?? 6
        for round in 0..<rounds {
            let path = directory.file("killed-\(round).h5")
            let delay = UInt32(2_000 + round * 37_003 % 250_000)
            try ChildOrder(path: path, delay: delay).leave(for: "kill")
            await #expect(processExitsWith: .signal(SIGKILL)) {
                let order = try ChildOrder.find("kill")
                try Self.writeForever(order.path, killAfterMicroseconds: order.delay)
            }
            let text = (try? String(contentsOfFile: path + ".done", encoding: .utf8)) ?? "0"
            let days = try #require(Int(text))
            let reader = try TelemetryReader(path: path)
            let samples = try reader.seriesShape("series").samples
            #expect(samples >= days * 96, "round \(round)")
            #expect(try reader.rowCount("sessions") >= days * 2_048 / 8_192 * 8_192, "round \(round)")
            #expect(try reader.attribute("complete", of: "meta") == .int(0))
            try Samples.expectTrueContent(reader, "round \(round)")
            #expect(throws: Never.self, "the lock went with the process") { try DiskFile.checkFree(path) }
        }
        try PythonCheck.run((0..<rounds).map { directory.file("killed-\($0).h5") })
    }

    @Test("when the disk is full the error names file and fix, and what was finished stays readable")
    func fullDiskIsReported() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("full.h5")
        try ChildOrder(path: path, delay: 0).leave(for: "full")
        await #expect(processExitsWith: .success) {
            let path = try ChildOrder.find("full").path
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 400_000, rlim_max: 400_000)
            setrlimit(__rlimit_resource_t(1), &limit)  // RLIMIT_FSIZE
            let writer = try TelemetryWriter(path: path, layout: Samples.layout())
            let error = #expect(throws: TelemetryError.self) {
                for day in 0..<10_000 { try Samples.fill(writer, days: day..<(day + 1), rowsPerDay: 2_048) }
            }
            #expect(error?.path == path)
            #expect(error?.problem.contains("may not grow") == true)
            #expect(error?.fix.contains("what was finished before is readable") == true)
            #expect(throws: TelemetryError.self) { try writer.finish(attributes: [("complete", .int(1))]) }

            limit.rlim_cur = 2_000  // not even the empty file fits
            setrlimit(__rlimit_resource_t(1), &limit)
            let second = #expect(throws: TelemetryError.self) {
                try TelemetryWriter(path: path + ".second", layout: Samples.layout())
            }
            #expect(second?.problem.contains("may not grow") == true, "\(second?.description ?? "")")
            #expect(!FileManager.default.fileExists(atPath: path + ".second.part"))
            #expect(!FileManager.default.fileExists(atPath: path + ".second"))
        }
        let reader = try TelemetryReader(path: path)
        #expect(try reader.seriesShape("series").samples > 96)
        #expect(try reader.attribute("complete", of: "meta") == .int(0))
        try Samples.expectTrueContent(reader, "full disk")
    }

    @Test("a second run at the same file is refused, and may have it when the first has ended")
    func twoAtOnce() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("telemetry.h5")
        let first = try TelemetryWriter(path: path, layout: Samples.layout())
        let error = #expect(throws: TelemetryError.self) {
            try TelemetryWriter(path: path, layout: Samples.layout())
        }
        #expect(
            error?.description == """
                \(path): another run is writing this file
                  fix: wait for it to end, stop it, or give this run an output directory of its own
                """)
        try Samples.fill(first, days: 0..<2, rowsPerDay: 10)
        try first.finish(attributes: [("complete", .int(1))])
        let reader = try TelemetryReader(path: path)
        #expect(try reader.rowCount("sessions") == 20)
        let second = try TelemetryWriter(path: path, layout: Samples.layout())
        try second.finish(attributes: [])
        #expect(try TelemetryReader(path: path).rowCount("sessions") == 0)
    }

    @Test(
        "a path that cannot be written is refused with what to do, and nothing is left behind",
        arguments: [
            ("missing/telemetry.h5", "create the directory first"), ("occupied", "name a file, not a directory"),
            ("file/telemetry.h5", "check that the path can be written"),
        ])
    func unwritablePaths(name: String, fix: String) throws {
        let directory = try TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: directory.file("occupied"), withIntermediateDirectories: false)
        try Data().write(to: URL(fileURLWithPath: directory.file("file")))
        let error = #expect(throws: TelemetryError.self) {
            try TelemetryWriter(path: directory.file(name), layout: Samples.layout())
        }
        #expect(error?.path.hasSuffix(name) == true)
        #expect(error?.fix.contains(fix) == true, "\(error?.description ?? "")")
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted() == ["file", "occupied"])
    }

    @Test("reading what is missing or no telemetry says so")
    func readerErrors() throws {
        let directory = try TemporaryDirectory()
        try Data("no HDF5".utf8).write(to: URL(fileURLWithPath: directory.file("text")))
        try Data().write(to: URL(fileURLWithPath: directory.file("empty")))
        let whole = try TelemetryWriter(path: directory.file("whole"), layout: Samples.layout())
        try whole.finish(attributes: [])
        try Data(contentsOf: URL(fileURLWithPath: directory.file("whole"))).prefix(4000)
            .write(to: URL(fileURLWithPath: directory.file("cut")))
        for (name, problem) in [
            ("text", "is no telemetry file (HDF5)"), ("missing", "there is no such file"), ("empty", "is empty"),
            ("cut", "is cut short: 4000 bytes are left of it"),
        ] {
            let error = #expect(throws: TelemetryError.self) { try TelemetryReader(path: directory.file(name)) }
            #expect(error?.problem == problem && error?.isBadInput == true)
        }
        let writer = try TelemetryWriter(path: directory.file("a.h5"), layout: Samples.layout())
        try writer.finish(attributes: [])
        let reader = try TelemetryReader(path: directory.file("a.h5"))
        let error = #expect(throws: TelemetryError.self) { try reader.column("sites", "colour") }
        #expect(error?.problem.contains("there is no \"colour\" in \"sites\"") == true, "\(error?.description ?? "")")
    }
}
