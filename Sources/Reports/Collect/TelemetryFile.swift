import Telemetry

/// The one door to the telemetry file: tables and series as plain numbers, read in blocks.
struct TelemetryFile {
    /// Rows of a table held at once.
    private static let rowsAtOnce = 131_072
    private static let seriesGroup = "series"

    let path: String
    private let reader: TelemetryReader
    private let meta: [(name: String, value: AttributeValue)]
    /// Samples in a chunk of the file: reading in multiples of it is fastest.
    let samplesAtOnce: Int

    init(path: String) throws(ReportError) {
        self.path = path
        let reader: TelemetryReader
        do throws(TelemetryError) { reader = try TelemetryReader(path: path) } catch { throw Self.error(error) }
        guard reader.hasGroup(Self.seriesGroup) else {
            throw ReportError(
                path: path, problem: "holds no series of the sites, which a report is made from",
                fix: "run the world again with telemetry.site_series: true")
        }
        let opened: (TelemetryReader, [(name: String, value: AttributeValue)], Int)
        do throws(TelemetryError) {
            opened = (reader, try reader.attributes(of: "meta"), try reader.seriesChunkSamples(Self.seriesGroup))
        } catch { throw Self.error(error) }
        (self.reader, meta, samplesAtOnce) = opened
    }

    /// A complaint about the content of this file.
    func error(_ problem: String) -> ReportError {
        ReportError(
            path: path, problem: problem, fix: "write the file again with `evtwin run`; it was cut short or changed")
    }

    // MARK: Attributes of /meta

    func text(_ name: String) -> String? {
        guard case .text(let value)? = attribute(name) else { return nil }
        return value
    }
    func integer(_ name: String) -> Int64? {
        guard case .int(let value)? = attribute(name) else { return nil }
        return Int64(value)
    }
    func real(_ name: String) -> Double? {
        switch attribute(name) {
        case .double(let value)?: value
        case .int(let value)?: Double(value)
        case .text?, nil: nil
        }
    }

    // MARK: Tables

    func hasTable(_ table: String) -> Bool { reader.hasGroup(table) }
    /// Whether a table has a column; files of earlier versions lack some.
    func hasColumn(_ table: String, _ column: String) -> Bool { (try? reader.spec(table, column)) != nil }

    func rowCount(_ table: String) throws(ReportError) -> Int {
        do throws(TelemetryError) { return try reader.rowCount(table) } catch { throw Self.error(error) }
    }

    /// A column of words, all rows: texts, or codes with their meanings.
    func texts(_ table: String, _ column: String) throws(ReportError) -> [String] {
        let data: ColumnData
        do throws(TelemetryError) { data = try reader.column(table, column) } catch { throw Self.error(error) }
        if case .text(let values) = data { return values }
        let words = try flagMeanings(table, column)
        return try numbers(table, column).map { value throws(ReportError) in
            guard words.indices.contains(Int(code: value)) else { throw error("/\(table)/\(column) holds no words") }
            return words[Int(code: value)]
        }
    }

    /// A column of numbers, all rows.
    func numbers(_ table: String, _ column: String) throws(ReportError) -> [Double] {
        let count = try rowCount(table)
        return try numbers(table, column, rows: 0..<count)
    }

    /// Several columns of numbers, all rows.
    func all(_ table: String, columns: [String]) throws(ReportError) -> [[Double]] {
        try columns.map { name throws(ReportError) in try numbers(table, name) }
    }

    /// Words for the codes of a column.
    func flagMeanings(_ table: String, _ column: String) throws(ReportError) -> [String] {
        do throws(TelemetryError) { return try reader.spec(table, column).flagMeanings } catch {
            throw Self.error(error)
        }
    }

    /// Passes the rows of a table in blocks: one array a column, in the order asked for.
    func forEachBlock(_ table: String, columns: [String], _ body: ([[Double]]) -> Void) throws(ReportError) {
        let count = try rowCount(table)
        var start = 0
        while start < count {
            let rows = start..<min(count, start + Self.rowsAtOnce)
            body(try columns.map { name throws(ReportError) in try numbers(table, name, rows: rows) })
            start = rows.upperBound
        }
    }

    // MARK: Series

    /// Finished intervals.
    func sampleCount() throws(ReportError) -> Int {
        do throws(TelemetryError) { return try reader.seriesShape(Self.seriesGroup).samples } catch {
            throw Self.error(error)
        }
    }

    /// `[sample * entities.count + entity]`.
    func series(_ variable: String, samples: Range<Int>, entities: Range<Int>) throws(ReportError) -> [Float] {
        do throws(TelemetryError) {
            return try reader.series(Self.seriesGroup, variable, samples: samples, entities: entities)
        } catch { throw Self.error(error) }
    }

    // MARK: Inside

    private func attribute(_ name: String) -> AttributeValue? { meta.first { $0.name == name }?.value }

    private func numbers(_ table: String, _ column: String, rows: Range<Int>) throws(ReportError) -> [Double] {
        let data: ColumnData
        do throws(TelemetryError) { data = try reader.column(table, column, rows: rows) } catch {
            throw Self.error(error)
        }
        return switch data {
        case .int64(let values): values.map { Double($0) }
        case .int32(let values): values.map { Double($0) }
        case .float64(let values): values
        case .float32(let values): values.map { Double($0) }
        case .uint8(let values): values.map { Double($0) }
        case .text: throw error("/\(table)/\(column) holds text where numbers belong")
        }
    }

    private static func error(_ error: TelemetryError) -> ReportError {
        ReportError(path: error.path, problem: error.problem, fix: error.fix)
    }
}
