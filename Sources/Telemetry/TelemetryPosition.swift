#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a checkpoint must remember of a telemetry file: how much of it was written, and the rows that wait for their
/// chunk to fill. Taking a position changes nothing in the file.
public struct TelemetryPosition: Sendable, Hashable, Codable {
    /// A stretch of equal steps in the order in which chunks were written, so that a resumed file gets the same bytes.
    struct Steps: Sendable, Hashable, Codable {
        /// True for a block of a series group, false for a chunk of a row table.
        var isSeries: Bool
        /// Series group or row table in the layout's order.
        var index: Int
        /// Samples of one block, or rows of one chunk.
        var length: Int
        var count: Int
    }

    /// Names, types and sizes of the layout, as one text.
    var structure: String
    /// Samples written, per series group.
    var samples: [Int]
    /// Rows in whole chunks, per row table.
    var rows: [Int]
    var steps: [Steps]
    /// Rows not yet in the file, `[table][column]`, little-endian.
    var pending: [[Data]]

    /// Samples of series `group` that the file holds.
    public func sampleCount(series group: Int) -> Int { samples[group] }

    /// The position of a new, empty file.
    init(_ layout: TelemetryLayout) {
        structure = layout.structure
        samples = layout.series.map { _ in 0 }
        rows = layout.rows.map { _ in 0 }
        steps = []
        pending = []
    }

    mutating func note(isSeries: Bool, index: Int, length: Int) {
        if let last = steps.last, last.isSeries == isSeries, last.index == index, last.length == length {
            steps[steps.count - 1].count += 1
        } else {
            steps.append(Steps(isSeries: isSeries, index: index, length: length, count: 1))
        }
    }
}

extension TelemetryLayout {
    /// Everything of the layout that decides whether a file can be continued: structure, not attributes or tables' values.
    var structure: String {
        var parts: [String] = ["epoch \(epoch)", "entities/chunk \(chunkEntities)"]
        for group in series {
            let names = group.variables.map(\.name).joined(separator: ",")
            parts.append(
                "\(group.name)[\(chunkSamples(of: group)) x \(group.entityIDs.count) every \(group.intervalS) s] \(names)"
            )
        }
        for table in rows {
            parts.append("\(table.name) " + table.columns.map { "\($0.name):\($0.type)" }.joined(separator: ","))
        }
        return parts.joined(separator: "; ")
    }
}
