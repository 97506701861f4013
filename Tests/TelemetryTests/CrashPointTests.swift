import Foundation
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
}
