import CHDF5

/// Reads a telemetry file, finished or not: one that is being written, or whose writer was killed, shows what was
/// flushed. Used by one thread at a time.
public final class TelemetryReader {
    /// File as it was named.
    public let path: String
    private let file: hid_t
    private var datasets: [(name: String, id: hid_t)] = []

    /// Opens a file.
    /// - Throws: if it is missing, unreadable or no HDF5 file.
    public convenience init(path: String) throws(TelemetryError) {
        try self.init(path: path, besideWriter: true)
    }

    /// - Parameter besideWriter: a writer may be at work: reads with care, if the file's format allows it.
    init(path: String, besideWriter: Bool) throws(TelemetryError) {
        self.path = path
        do throws(HDF5Failure) {
            file = try HDF5.locked { () throws(HDF5Failure) in
                let plain = ch5_default_plist()
                let shared = besideWriter ? H5Fopen(path, ch5_swmr_read_flags(), plain) : -1
                if shared >= 0 { return shared }
                return try HDF5.check(H5Fopen(path, ch5_read_flags(), plain), "cannot open the file for reading")
            }
        } catch {
            throw UnreadableFile.error(path: path, libraryWords: error.detail)
        }
        try checkFormat()
    }

    /// - Throws: if the file is of a version that this program does not know.
    private func checkFormat() throws(TelemetryError) {
        guard hasGroup("meta"), case .int(let version)? = try attribute(TelemetryFormat.attribute, of: "meta"),
            version > TelemetryFormat.version
        else { return }
        let writer = try text("evtwin_version", of: "meta").map { "; evtwin \($0) wrote it" } ?? ""
        throw TelemetryError(
            path: path,
            problem: "is of telemetry format \(version), newer than the format \(TelemetryFormat.version) that this "
                + "evtwin reads\(writer)",
            fix: "read it with the evtwin that wrote it, or a newer one")
    }

    deinit {
        HDF5.locked {
            for dataset in datasets { H5Dclose(dataset.id) }
            H5Fclose(file)
        }
    }

    // MARK: Structure

    /// Names of the groups at the top, in the order in which they were made.
    public func groups() throws(TelemetryError) -> [String] {
        try access { () throws(HDF5Failure) in
            let root = try Handle.group("/", of: file)
            return try Listing.names(of: root.id)
        }
    }

    /// True if there is a group `name` at the top.
    public func hasGroup(_ name: String) -> Bool {
        HDF5.locked { H5Lexists(file, name, ch5_default_plist()) > 0 }
    }

    /// Names of the columns or variables of a group, in the order in which they were made, scales without data left out.
    public func names(of group: String) throws(TelemetryError) -> [String] {
        try access { () throws(HDF5Failure) in
            let handle = try Handle.group(group, of: file)
            var names: [String] = []
            for name in try Listing.names(of: handle.id) {
                let dataset = try Handle.dataset(name, of: handle.id)
                let label = try AttributeReader.value("NAME", of: dataset.id)
                if case .text(let text) = label, text.hasPrefix("This is a netCDF dimension but not") { continue }
                names.append(name)
            }
            return names
        }
    }

    /// True if `group` has a column or variable `name`.
    public func hasColumn(_ group: String, _ name: String) -> Bool {
        HDF5.locked {
            H5Lexists(file, group, ch5_default_plist()) > 0
                && H5Lexists(file, "\(group)/\(name)", ch5_default_plist()) > 0
        }
    }

    /// Name, units, meaning, type and flag meanings of a column or variable.
    public func spec(_ group: String, _ name: String) throws(TelemetryError) -> ColumnSpec {
        try access { () throws(HDF5Failure) in
            let dataset = try dataset(group, name)
            let type = try type(of: dataset, group, name)
            func text(_ attribute: String) throws(HDF5Failure) -> String {
                guard case .text(let text) = try AttributeReader.value(attribute, of: dataset) else { return "" }
                return text
            }
            return ColumnSpec(
                name: name, units: try text("units"), longName: try text("long_name"), type: type,
                flagMeanings: try text("flag_meanings").split(separator: " ").map { String($0) })
        }
    }

    /// Units of a column or variable, empty if it has none.
    public func units(_ group: String, _ name: String) throws(TelemetryError) -> String {
        try spec(group, name).units
    }

    // MARK: Attributes

    /// Attributes of a group ("/" for the file itself), sorted by name; those of several values are left out.
    public func attributes(of group: String) throws(TelemetryError) -> [(name: String, value: AttributeValue)] {
        try access { () throws(HDF5Failure) in
            let handle = try Handle.group(group, of: file)
            var attributes: [(name: String, value: AttributeValue)] = []
            for name in try AttributeReader.names(of: handle.id) {
                if let value = try AttributeReader.value(name, of: handle.id) { attributes.append((name, value)) }
            }
            return attributes
        }
    }

    /// One attribute of a group, nil if it is not there.
    public func attribute(_ name: String, of group: String) throws(TelemetryError) -> AttributeValue? {
        try access { () throws(HDF5Failure) in
            let handle = try Handle.group(group, of: file)
            return try AttributeReader.value(name, of: handle.id)
        }
    }

    /// A text attribute, nil if it is not there or a number.
    public func text(_ name: String, of group: String) throws(TelemetryError) -> String? {
        guard case .text(let text) = try attribute(name, of: group) else { return nil }
        return text
    }

    // MARK: Tables

    /// Rows of a static or row table: those that every column holds (a killed run may have written some columns further).
    public func rowCount(_ table: String) throws(TelemetryError) -> Int {
        let names = try names(of: table)
        return try access { () throws(HDF5Failure) in
            var count = Int.max
            for name in names {
                count = min(count, try Datasets.extents(of: try dataset(table, name)).first ?? 0)
            }
            return names.isEmpty ? 0 : count
        }
    }

    /// A whole column, as long as ``rowCount(_:)`` says.
    public func column(_ table: String, _ name: String) throws(TelemetryError) -> ColumnData {
        let count = try rowCount(table)
        return try column(table, name, rows: 0..<count)
    }

    /// Rows `rows` of a column.
    public func column(_ table: String, _ name: String, rows: Range<Int>) throws(TelemetryError) -> ColumnData {
        try access { () throws(HDF5Failure) in
            let dataset = try dataset(table, name)
            try check(rows, within: try Datasets.extents(of: dataset).first ?? 0, of: "\(table)/\(name)")
            let type = try type(of: dataset, table, name)
            switch type {
            case .int64: return .int64(try Datasets.read([rows], of: dataset, type: type, zero: 0))
            case .int32: return .int32(try Datasets.read([rows], of: dataset, type: type, zero: 0))
            case .float64: return .float64(try Datasets.read([rows], of: dataset, type: type, zero: 0))
            case .float32: return .float32(try Datasets.read([rows], of: dataset, type: type, zero: 0))
            case .uint8: return .uint8(try Datasets.read([rows], of: dataset, type: type, zero: 0))
            case .text: return .text(try Datasets.readTexts(rows, of: dataset))
            }
        }
    }

    // MARK: Series

    /// Samples that all variables of a series group hold, and entities.
    public func seriesShape(_ group: String) throws(TelemetryError) -> (samples: Int, entities: Int) {
        let names = try names(of: group)
        return try access { () throws(HDF5Failure) in
            var shape = (samples: Int.max, entities: 0)
            for name in names {
                let extents = try Datasets.extents(of: try dataset(group, name))
                if extents.count == 2 {
                    shape = (min(shape.samples, extents[0]), extents[1])
                } else if name == "time" {
                    shape.samples = min(shape.samples, extents.first ?? 0)
                }
            }
            return shape.samples == .max ? (0, 0) : shape
        }
    }

    /// Names of the (time × entity) variables of a series group.
    public func seriesVariables(_ group: String) throws(TelemetryError) -> [String] {
        let names = try names(of: group)
        return try access { () throws(HDF5Failure) in
            var variables: [String] = []
            for name in names where try Datasets.extents(of: try dataset(group, name)).count == 2 {
                variables.append(name)
            }
            return variables
        }
    }

    /// Length of a sample's interval, seconds.
    public func seriesInterval(_ group: String) throws(TelemetryError) -> Int {
        try access { () throws(HDF5Failure) in
            guard case .int(let seconds) = try AttributeReader.value("interval_s", of: try dataset(group, "time"))
            else { throw HDF5Failure(operation: "\(group)/time has no attribute interval_s", detail: "") }
            return seconds
        }
    }

    /// Samples in a chunk in time: reading in multiples of this is fastest.
    public func seriesChunkSamples(_ group: String) throws(TelemetryError) -> Int {
        try access { () throws(HDF5Failure) in
            let dataset = try dataset(group, "time")
            let creation = try Handle.take(
                H5Dget_create_plist(dataset), closedBy: H5Pclose, "cannot read the chunk size")
            var chunk: hsize_t = 1
            return H5Pget_chunk(creation.id, 1, &chunk) == 1 ? Int(chunk) : 1
        }
    }

    /// Values of a hyperslab, `[time * entities.count + entity]`, NaN where not modelled.
    public func series(
        _ group: String, _ variable: String, samples: Range<Int>, entities: Range<Int>
    ) throws(TelemetryError) -> [Float] {
        try access { () throws(HDF5Failure) in
            let dataset = try dataset(group, variable)
            let extents = try Datasets.extents(of: dataset)
            guard extents.count == 2 else {
                throw HDF5Failure(operation: "\(group)/\(variable) is no series of (time, entity)", detail: "")
            }
            try check(samples, within: extents[0], of: "samples of \(group)/\(variable)")
            try check(entities, within: extents[1], of: "entities of \(group)/\(variable)")
            return try Datasets.read([samples, entities], of: dataset, type: .float32, zero: 0)
        }
    }

    /// Passes a variable block by block: whole chunks in time, all entities, so that memory stays small however long the
    /// run was.
    /// - Parameter body: gets the samples and their values, `[time * entityCount + entity]`.
    public func forEachBlock(
        _ group: String, _ variable: String, _ body: (_ samples: Range<Int>, _ values: [Float]) throws -> Void
    ) throws {
        let shape = try seriesShape(group)
        let step = try seriesChunkSamples(group)
        for start in stride(from: 0, to: shape.samples, by: step) {
            let samples = start..<min(start + step, shape.samples)
            try body(samples, try series(group, variable, samples: samples, entities: 0..<shape.entities))
        }
    }

    // MARK: Inside

    private func access<Result>(
        _ body: () throws(HDF5Failure) -> Result
    ) throws(TelemetryError) -> Result {
        do throws(HDF5Failure) {
            return try HDF5.locked { () throws(HDF5Failure) in try body() }
        } catch {
            let version = HDF5.locked { try? writerVersion() }
            throw error.telemetryError(
                path: path,
                fix: version.map { "evtwin \($0) wrote the file: read it with that version, or run again" }
                    ?? "run again: the file was cut short, or is none of evtwin's", isBadInput: true)
        }
    }

    private func writerVersion() throws(HDF5Failure) -> String? {
        let meta = try Handle.group("meta", of: file)
        guard case .text(let text) = try AttributeReader.value("evtwin_version", of: meta.id) else { return nil }
        return text
    }

    /// Datasets stay open once used; there are a few dozen in a file.
    private func dataset(_ group: String, _ name: String) throws(HDF5Failure) -> hid_t {
        let full = "\(group)/\(name)"
        if let known = datasets.first(where: { $0.name == full }) { return known.id }
        let id = try HDF5.check(
            H5Dopen2(file, full, ch5_default_plist()), "there is no \"\(name)\" in \"\(group)\"")
        datasets.append((full, id))
        return id
    }

    private func type(of dataset: hid_t, _ group: String, _ name: String) throws(HDF5Failure) -> ColumnType {
        guard let type = try Datasets.type(of: dataset) else {
            throw HDF5Failure(operation: "\(group)/\(name) has a type that telemetry files do not use", detail: "")
        }
        return type
    }

    private func check(_ range: Range<Int>, within count: Int, of what: String) throws(HDF5Failure) {
        guard range.lowerBound >= 0, range.upperBound <= count else {
            throw HDF5Failure(operation: "\(what): asked for \(range), there are \(count)", detail: "")
        }
    }
}
