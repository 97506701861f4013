import Foundation
import TestSupport
import Testing

@testable import Telemetry

@Suite("Every crash point")
struct CrashPointTests {
    /// Six days and the end of a run, with the device gone after `writes` writes; returns how many were left.
    private func run(_ path: String, writes: Int) throws -> Int {
        let writer = try TelemetryWriter(path: path, layout: Samples.layout())
        writer.file.disk.writesUntilFailure = writes
        do {
            try Samples.fill(writer, days: 0..<6, rowsPerDay: 4_096)
            try writer.finish(attributes: [
                ("complete", .int(1)), ("digest", .text("00ff")), ("energy_kwh", .double(1)),
            ])
        } catch let error as TelemetryError {
            #expect(error.problem.contains("Input/output error"), "\(error)")
        }
        return writer.file.disk.writesUntilFailure
    }

    @Test("cut off after any write, the file opens plainly and what it claims to hold is right")
    func everyPrefixOfTheWritesIsAValidFile() throws {
        let directory = try TemporaryDirectory()
        let total = 100_000 - (try run(directory.file("whole.h5"), writes: 100_000))
        #expect(total > 100)
        var samples = 0
        var paths: [String] = []
        for writes in 0..<total {
            let path = directory.file("after-\(writes).h5")
            #expect(try run(path, writes: writes) == 0)
            let reader = try TelemetryReader(path: path, besideWriter: false)
            try Samples.expectTrueContent(reader, "after \(writes) of \(total) writes")
            let present = try reader.seriesShape("series").samples
            #expect(present >= samples, "after \(writes) writes there is not less than before")
            samples = present
            if writes % 16 == 0 || writes > total - 8 { paths.append(path) }
        }
        #expect(samples == 576)
        try PythonCheck.run(paths)
    }

    /// 120 days, with the device gone after `writes` writes; returns how many were left.
    private func runLong(_ path: String, writes: Int) throws -> Int {
        let writer = try TelemetryWriter(path: path, layout: Samples.layout())
        writer.file.disk.writesUntilFailure = writes
        do {
            for day in 0..<120 { try Samples.fill(writer, days: day..<(day + 1), rowsPerDay: 2_048) }
            try writer.finish(attributes: [("complete", .int(1))])
        } catch is TelemetryError {}
        return writer.file.disk.writesUntilFailure
    }

    @Test("cut off anywhere in a long run, when the library's cache is full, every instant is in its place")
    func longRun() throws {
        let directory = try TemporaryDirectory()
        let all = 1_000_000
        let total = all - (try runLong(directory.file("whole.h5"), writes: all))
        let cuts = Soak.rounds(24)
        for cut in 0..<cuts {
            // Even steps whose remainder changes, so that no phase of a day is left out.
            let writes = min(total - 1, total * (cut + 1) / (cuts + 1) + cut % 7)
            let path = directory.file("after-\(writes).h5")
            #expect(try runLong(path, writes: writes) == 0)
            let reader = try TelemetryReader(path: path, besideWriter: false)
            guard case .int64(let times) = try reader.column("series", "time") else { return }
            let wrong = times.indices.filter { times[$0] != Int64($0) * 900_000_000 }
            #expect(wrong.isEmpty, "after \(writes) of \(total) writes: \(wrong.count) of \(times.count) instants")
            try FileManager.default.removeItem(atPath: path)
        }
        // Every write of a day and more, as users would find the file.
        let day = total / 120 + 1
        let middle = total / 2
        var paths: [String] = []
        for writes in middle..<(middle + 2 * day) {
            let path = directory.file("middle-\(writes).h5")
            _ = try runLong(path, writes: writes)
            paths.append(path)
        }
        try PythonCheck.run(paths)
    }
}
