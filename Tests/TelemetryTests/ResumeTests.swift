import Foundation
import Telemetry
import Testing

@Suite("Resuming a telemetry file")
struct ResumeTests {
    /// Ten days without a stop.
    private func uninterrupted(_ path: String) throws {
        let writer = try TelemetryWriter(path: path, layout: Samples.layout())
        try Samples.fill(writer, days: 0..<10, rowsPerDay: 3_001)
        try writer.finish(attributes: [("complete", .int(1))])
    }

    @Test("a run cut off after its checkpoint and resumed leaves the same bytes as one that never stopped")
    func resumedFileIsIdentical() throws {
        let directory = try TemporaryDirectory()
        try uninterrupted(directory.file("whole.h5"))
        let path = directory.file("cut.h5")
        var saved = Data()
        do {
            let writer = try TelemetryWriter(path: path, layout: Samples.layout())
            try Samples.fill(writer, days: 0..<4, rowsPerDay: 3_001)
            saved = try JSONEncoder().encode(try writer.position())
            try Samples.fill(writer, days: 4..<7, rowsPerDay: 3_001)  // lost: never finished
        }
        let position = try JSONDecoder().decode(TelemetryPosition.self, from: saved)
        #expect(position.sampleCount(series: 0) == 4 * 96)
        let writer = try TelemetryWriter(resuming: path, at: position, layout: Samples.layout())
        try Samples.fill(writer, days: 4..<10, rowsPerDay: 3_001)
        try writer.finish(attributes: [("complete", .int(1))])
        let whole = try Data(contentsOf: URL(fileURLWithPath: directory.file("whole.h5")))
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == whole)
    }

    @Test("a finished file can be resumed from an old checkpoint into a second file, and stays as it is")
    func forkLeavesTheOldFile() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("past.h5")
        let writer = try TelemetryWriter(path: path, layout: Samples.layout())
        try Samples.fill(writer, days: 0..<3, rowsPerDay: 5_000)
        let position = try writer.position()
        try Samples.fill(writer, days: 3..<5, rowsPerDay: 5_000)
        try writer.finish(attributes: [("complete", .int(1))])
        let before = try Data(contentsOf: URL(fileURLWithPath: path))

        var layout = Samples.layout()
        layout.attributes.append(("arguments", .text("csms.enabled=false")))
        let fork = try TelemetryWriter(resuming: path, at: position, layout: layout, into: directory.file("fork.h5"))
        try Samples.fill(fork, days: 3..<4, rowsPerDay: 5_000)
        try fork.finish(attributes: [])
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        let reader = try TelemetryReader(path: directory.file("fork.h5"))
        #expect(try reader.seriesShape("series").samples == 4 * 96)
        #expect(try reader.column("sessions", "energy_wh") == Samples.sessions(first: 0, count: 20_000)[2])
        #expect(try reader.text("arguments", of: "meta") == "csms.enabled=false")
    }

    @Test("a checkpoint changes nothing in the file")
    func positionsLeaveNoTrace() throws {
        let directory = try TemporaryDirectory()
        try uninterrupted(directory.file("whole.h5"))
        let writer = try TelemetryWriter(path: directory.file("often.h5"), layout: Samples.layout())
        for day in 0..<10 {
            try Samples.fill(writer, days: day..<(day + 1), rowsPerDay: 3_001)
            _ = try writer.position()
        }
        try writer.finish(attributes: [("complete", .int(1))])
        let whole = try Data(contentsOf: URL(fileURLWithPath: directory.file("whole.h5")))
        #expect(try Data(contentsOf: URL(fileURLWithPath: directory.file("often.h5"))) == whole)
    }

    @Test("a checkpoint of another structure, or of more than the file holds, is refused and the file stays")
    func wrongCheckpointsAreRefused() throws {
        let directory = try TemporaryDirectory()
        let (path, longer) = (directory.file("short.h5"), directory.file("longer.h5"))
        var position: TelemetryPosition
        do {
            let writer = try TelemetryWriter(path: longer, layout: Samples.layout())
            try Samples.fill(writer, days: 0..<3, rowsPerDay: 10)
            position = try writer.position()
        }
        do {
            let writer = try TelemetryWriter(path: path, layout: Samples.layout())
            try Samples.fill(writer, days: 0..<2, rowsPerDay: 10)
            try writer.finish(attributes: [])
        }
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        let tooLong = #expect(throws: TelemetryError.self) {
            try TelemetryWriter(resuming: path, at: position, layout: Samples.layout())
        }
        #expect(tooLong?.problem.contains("holds less than the checkpoint remembers") == true)
        let other = #expect(throws: TelemetryError.self) {
            try TelemetryWriter(resuming: path, at: position, layout: Samples.layout(sites: 3))
        }
        #expect(other?.problem.contains("another structure") == true)
        let missing = #expect(throws: TelemetryError.self) {
            try TelemetryWriter(resuming: directory.file("none.h5"), at: position, layout: Samples.layout())
        }
        #expect(missing?.problem.contains("No such file") == true)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted() == ["longer.h5", "short.h5"])
    }
}
