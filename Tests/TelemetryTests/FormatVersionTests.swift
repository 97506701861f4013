import Foundation
import Testing

@testable import Telemetry

@Suite("Telemetry: format version")
struct FormatVersionTests {
    private func file(version: Int?, in directory: TemporaryDirectory) throws -> String {
        let path = directory.file("telemetry.h5")
        var layout = Samples.layout()
        layout.attributes.append(("evtwin_version", .text("9.8.7")))
        // A later attribute of the same name replaces the writer's own.
        if let version { layout.attributes.append((TelemetryFormat.attribute, .int(version))) }
        let writer = try TelemetryWriter(path: path, layout: layout)
        try writer.finish(attributes: [])
        return path
    }

    @Test("files say their format's version")
    func said() throws {
        let directory = try TemporaryDirectory()
        let reader = try TelemetryReader(path: try file(version: nil, in: directory))
        #expect(try reader.attribute("format_version", of: "meta") == .int(TelemetryFormat.version))
    }

    @Test("a newer file is refused: what it is, what is read, what to do")
    func newer() throws {
        let directory = try TemporaryDirectory()
        let path = try file(version: TelemetryFormat.version + 1, in: directory)
        let error = try #require(throws: TelemetryError.self) { try TelemetryReader(path: path) }
        #expect(error.path == path)
        #expect(
            error.problem
                == "is of telemetry format \(TelemetryFormat.version + 1), newer than the format "
                + "\(TelemetryFormat.version) that this evtwin reads; evtwin 9.8.7 wrote it")
        #expect(error.fix == "read it with the evtwin that wrote it, or a newer one")
    }

    @Test("the code -1 of a column has its word, and h5py finds every code among the flags")
    func minusOne() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("telemetry.h5")
        let column = ColumnSpec(
            name: "vehicle", units: "", longName: "vehicle model", type: .int32, flagMeanings: ["kei", "van"],
            minusOneMeaning: "replayed_session")
        let layout = TelemetryLayout(
            tables: [], series: [], rows: [RowTable(name: "sessions", dimension: "session", columns: [column])],
            epoch: "2025-01-06T00:00:00", attributes: [])
        let writer = try TelemetryWriter(path: path, layout: layout)
        try writer.append(rows: 0, columns: [.int32([0, -1, 1])])
        try writer.finish(attributes: [("complete", .int(1))])
        let reader = try TelemetryReader(path: path)
        #expect(try reader.spec("sessions", "vehicle").flagMeanings == ["kei", "van", "replayed_session"])
        try PythonCheck.run([path])
    }
}
