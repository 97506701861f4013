import Foundation
import Models
import Telemetry
import TestSupport
import Testing

@testable import Twin

/// The tables of docs/telemetry.md are printed from the layout that files are made with.
@Suite("Telemetry manual")
struct TelemetryDocTests {
    private static let path = "docs/telemetry.md"
    private static let marks = (begin: "<!-- columns -->", end: "<!-- end of columns -->")

    /// The layout of a run that records everything.
    private static func layout() throws -> TelemetryLayout {
        let world = try WorldFile.load(
            path: "\(ProjectFiles.root)worlds/tiny.yaml",
            overrides: [
                ("telemetry.site_series", "true"), ("telemetry.evse_series", "true"), ("telemetry.messages", "true"),
                ("csms.orders", "[{action: ClearCache, on: booted}]"),
            ])
        return WorldLayout(world: world, seed: 1, days: 1, overrides: []).layout()
    }

    @Test("docs/telemetry.md has every group, column and code of the files, in words")
    func upToDate() throws {
        let printed = try TelemetryManual(layout: try Self.layout()).text()
        let text = try ProjectFiles.text(Self.path)
        let begin = try #require(text.range(of: Self.marks.begin + "\n"), "\(Self.path) has lost its mark")
        let end = try #require(text.range(of: Self.marks.end), "\(Self.path) has lost its mark")
        let found = String(text[begin.upperBound..<end.lowerBound])
        if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1", found != printed {
            let updated = text.replacingCharacters(in: begin.upperBound..<end.lowerBound, with: printed)
            try Data(updated.utf8).write(to: URL(fileURLWithPath: ProjectFiles.root + Self.path))
            return
        }
        let old = Set(found.split(separator: "\n"))
        let new = Set(printed.split(separator: "\n"))
        for line in printed.split(separator: "\n") where !old.contains(line) {
            Issue.record("\(Self.path) lacks this line; UPDATE_GOLDENS=1 writes it:\n\(line)")
        }
        for line in found.split(separator: "\n") where !new.contains(line) {
            Issue.record("\(Self.path) has a line that is no longer so; UPDATE_GOLDENS=1 drops it:\n\(line)")
        }
        #expect(found == printed, "the order of the lines differs; UPDATE_GOLDENS=1 writes them")
    }

    @Test("every coded column says what its codes mean, in words that CF allows")
    func codes() throws {
        for table in try Self.layout().rows {
            for column in table.columns {
                let place = "\(table.name)/\(column.name)"
                if column.type == .uint8 { #expect(!column.flagMeanings.isEmpty, "\(place): codes without meaning") }
                let words = column.flagMeanings + [column.minusOneMeaning].filter { !$0.isEmpty }
                #expect(Set(words).count == words.count, "\(place): a word for two codes")
                for word in words {
                    let plain = word.replacing(" ", with: "_")
                    #expect(plain.wholeMatch(of: /[A-Za-z0-9_.+@\-]+/) != nil, "\(place): \"\(word)\" is no CF word")
                }
            }
        }
    }
}

/// Prints the tables of docs/telemetry.md.
struct TelemetryManual {
    let layout: TelemetryLayout

    /// What a row of each group is.
    private static let groups: [String: String] = [
        "sites": "One row per site, in the order of every `site` index.",
        "stations": "One row per charging station, in the order of every `station` index.",
        "connectors": "One row per connector; `evse` counts the EVSEs of the network from 0.",
        "series": "Every site at regular intervals, if `telemetry.site_series` is on (the default).",
        "evse_series": "Every EVSE at the same intervals, if `telemetry.evse_series` is on.",
        "sessions": "One row per session, at the moment its cable came out.",
        "lost_drivers": "One row per driver who left a site without charging.",
        "outages": "One row per outage of a station or EVSE.",
        "alarms": "One row per threshold crossed: transformer temperatures and loads, import limits.",
        "messages": "One row per OCPP call of a station, if `telemetry.messages` is on.",
        "pilot_states": "One row per change of an IEC 61851-1 control pilot, AC stations only.",
        "vehicles": "One row per vehicle model of the catalogue; the row's number is the code in /sessions.",
        "climate": "One row per hour of the run: what the weather was.",
        "site_meters": "One row per site, written at the end of the run: the site's own meter.",
        "order_rules": "One row per entry of `csms.orders`.",
        "orders": "One row per order that the CSMS gave a charging station, when it had ended.",
        "remote_starts": "One row per site with accepted remote starts, written at the end of the run.",
        "failed_attempts": "One row per attempt to charge that brought no energy.",
        "audit": "One row per site: the CSMS's records against what really happened, written at the end of the run.",
        "comparison_daily": "Real and simulated sessions by day, in worlds with a `comparison`.",
        "comparison_hourly": "Real and simulated occupancy by hour of the day, in worlds with a `comparison`.",
    ]

    /// What each attribute of /meta is.
    private static let attributes: [String: String] = [
        TelemetryFormat.attribute:
            "version of the file's structure; readers refuse a newer one than they know",
        "title": "the run in one line", "evtwin_version": "the program that wrote the file",
        "world_name": "the world's `name`", "world_description": "the world's `description`",
        "world_text": "the world file and what it extends, as they were read",
        "seed": "seed of every random stream, as text: it has 64 bits", "days": "length of the run in days",
        "start": "local wall clock at the start", "interval_s": "length of a series interval in seconds",
        "arguments": "the `--set` arguments",
        "resolved_world": "the world as it was run, defaults and templates applied, one site of each template in full",
        "bill_peak_kw": "sum of the sites' own highest quarter-hour means, buildings and standby included",
        "region": "the world's `region`", "reliability_preset": "the world's `operations.preset`",
        "repair_crews": "crews of the network", "csms_enabled": "1 when stations spoke to a CSMS, else 0",
        "csms_link": "the world's `csms.link`", "csms_wire": "the world's `csms.wire`",
        "drive_on": "1 when drivers drive on to other sites, else 0",
        "attribution": "attribution lines that must travel with the data",
        "complete": "1 when the run reached its end, else 0",
        "digest": "16 hexadecimal digits over everything that happened; equal runs have equal digests",
        "events": "events of the kernel", "sessions": "sessions that ended",
        "energy_kwh": "energy at the connectors' meters",
        "peak_kw": "highest interval mean of the network's charging load",
    ]

    func text() throws -> String {
        var parts = [try meta()]
        for table in layout.tables {
            parts.append(
                try group(table.name, shape: "(\(table.dimension))", columns: table.columns.map { ($0.0, "") }))
        }
        for series in layout.series {
            let time = (ColumnSpec.time("time", "start of the interval"), "")
            let columns = series.variables.map {
                (ColumnSpec(name: $0.name, units: $0.units, longName: $0.longName, type: .float32), $0.cellMethods)
            }
            parts.append(
                try group(series.name, shape: "(time, \(series.entityDimension))", columns: [time] + columns))
        }
        for table in layout.rows {
            parts.append(try group(table.name, shape: "(\(table.dimension))", columns: table.columns.map { ($0, "") }))
        }
        return parts.joined(separator: "\n")
    }

    private func meta() throws -> String {
        var text =
            "### `/meta`\n\nAttributes of the run; no datasets.\n\n| attribute | type | meaning |\n| --- | --- | --- |\n"
        for (name, value) in [(TelemetryFormat.attribute, .int(TelemetryFormat.version))] + layout.attributes {
            let meaning = try #require(
                Self.attributes[name],
                "/meta has a new attribute \"\(name)\": say what it is in TelemetryManual.attributes")
            text += "| `\(name)` | \(value.typeWord) | \(meaning) |\n"
        }
        return text
    }

    private func group(_ name: String, shape: String, columns: [(ColumnSpec, String)]) throws -> String {
        let summary = try #require(
            Self.groups[name], "there is a new group /\(name): say what a row is in TelemetryManual.groups")
        var text = "### `/\(name)`\n\n\(summary) Shape \(shape).\n\n"
        text += "| dataset | type | unit | meaning |\n| --- | --- | --- | --- |\n"
        for (column, cell) in columns {
            let unit = column.units == ColumnSpec.simulatedTime ? "µs since `start`" : column.units
            let method = cell.isEmpty ? "" : " (\(cell.replacing("time: ", with: "")) over the interval)"
            text += "| `\(column.name)` | \(column.type.word) | \(unit.isEmpty ? "–" : unit) | "
            text +=
                "\(column.longName)\(method == " (point over the interval)" ? " (at the end of the interval)" : method)"
            text += "\(codes(column)) |\n"
        }
        return text
    }

    private func codes(_ column: ColumnSpec) -> String {
        guard !column.flagMeanings.isEmpty else { return "" }
        var words = column.flagMeanings.enumerated().map { "\($0.offset) `\($0.element.replacing(" ", with: "_"))`" }
        if words.count > 20 { words = Array(words.prefix(2)) + ["…"] + [words[words.count - 1]] }
        if !column.minusOneMeaning.isEmpty { words.append("-1 `\(column.minusOneMeaning)`") }
        return ": " + words.joined(separator: ", ")
    }
}

extension ColumnType {
    /// As numpy calls it.
    fileprivate var word: String {
        switch self {
        case .int64: "int64"
        case .int32: "int32"
        case .float64: "float64"
        case .float32: "float32"
        case .uint8: "uint8"
        case .text: "text"
        }
    }
}

extension AttributeValue {
    fileprivate var typeWord: String {
        switch self {
        case .text: "text"
        case .int: "integer"
        case .double: "number"
        }
    }
}
