import Foundation
import Testing

@testable import Telemetry

@Suite("Telemetry file")
struct RoundTripTests {
    @Test("what was appended is what is read, in series, rows, static tables and attributes")
    func readsBackWhatWasWritten() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("telemetry.h5")
        let writer = try TelemetryWriter(path: path, layout: Samples.layout())
        try Samples.fill(writer, days: 0..<3, rowsPerDay: 9_000)
        try writer.append(
            series: 0, firstSample: 288, sampleCount: 10, values: Samples.block(first: 288, count: 10))
        try writer.finish(attributes: [("complete", .int(1)), ("digest", .text("00ff"))])

        let reader = try TelemetryReader(path: path)
        #expect(try reader.groups() == ["meta", "sites", "series", "sessions", "alarms"])
        #expect(try reader.attribute("complete", of: "meta") == .int(1))
        #expect(try reader.attribute("days", of: "meta") == .double(2.5))
        #expect(try reader.text("digest", of: "meta") == "00ff")
        #expect(try reader.text("Conventions", of: "/") == "CF-1.8")
        #expect(try reader.column("sites", "name", rows: 3..<4) == .text(["Café site-3"]))
        #expect(try reader.spec("sites", "kind").flagMeanings == ["highway", "urban_hub"])
        #expect(try reader.rowCount("sessions") == 27_000)
        #expect(try reader.rowCount("alarms") == 0)
        let expected = Samples.sessions(first: 0, count: 27_000)
        for (index, name) in ["arrival_time", "site", "energy_wh", "soc_end", "end_reason"].enumerated() {
            #expect(try reader.column("sessions", name) == expected[index], "\(name)")
        }
        #expect(try reader.units("sessions", "arrival_time") == "microseconds since 2025-01-06 00:00:00")
        #expect(try reader.seriesShape("series") == (298, 70))
        #expect(try reader.seriesVariables("series") == Samples.variables)
        #expect(try reader.seriesInterval("series") == 900)
        try Samples.expectTrueContent(reader, "finished")
        try PythonCheck.run([path])
    }

    @Test("the same input gives the same bytes")
    func sameBytes() throws {
        let directory = try TemporaryDirectory()
        for name in ["a.h5", "b.h5"] {
            let writer = try TelemetryWriter(path: directory.file(name), layout: Samples.layout())
            try Samples.fill(writer, days: 0..<4, rowsPerDay: 5_000)
            if name == "b.h5" { Thread.sleep(forTimeInterval: 1.1) }  // clock seconds must not matter
            try writer.finish(attributes: [("complete", .int(1))])
        }
        let first = try Data(contentsOf: URL(fileURLWithPath: directory.file("a.h5")))
        let second = try Data(contentsOf: URL(fileURLWithPath: directory.file("b.h5")))
        #expect(first == second)
    }

    @Test("a file can be read while it is being written", arguments: [true, false])
    func readsBesideTheWriter(carefully: Bool) throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("live.h5")
        let writer = try TelemetryWriter(path: path, layout: Samples.layout())
        for days in 1...3 {
            try Samples.fill(writer, days: (days - 1)..<days, rowsPerDay: 8_192)
            _ = try writer.position()
            let reader = try TelemetryReader(path: path, besideWriter: carefully)
            #expect(try reader.seriesShape("series").samples == days * 96)
            #expect(try reader.rowCount("sessions") == days * 8_192)
            try Samples.expectTrueContent(reader, "day \(days)")
            try PythonCheck.run([path])
        }
        try writer.finish(attributes: [("complete", .int(1))])
    }

    @Test("a group without entities or rows is a valid file")
    func emptyGroups() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("empty.h5")
        let writer = try TelemetryWriter(path: path, layout: Samples.layout(sites: 0))
        try writer.append(series: 0, firstSample: 0, sampleCount: 96, values: [[], [], []])
        try writer.append(rows: 0, columns: Samples.sessions(first: 0, count: 0))
        try writer.finish(attributes: [("complete", .int(1))])
        let reader = try TelemetryReader(path: path)
        #expect(try reader.seriesShape("series") == (96, 0))
        #expect(try reader.column("sessions", "energy_wh") == .float64([]))
        #expect(try reader.column("sites", "name") == .text([]))
        try PythonCheck.run([path])
    }

    @Test(
        "the metadata checksum is Jenkins' lookup3, by the values its author published",
        arguments: [("", UInt32(0xDEAD_BEEF)), ("Four score and seven years ago", 0x1777_0551)])
    func lookup3(text: String, expected: UInt32) {
        #expect(Array(text.utf8).withUnsafeBytes { Superblock.lookup3($0) } == expected)
    }
}
