import CHDF5

/// An open telemetry file that takes finished chunks: one background thread owns it.
///
/// Everything is written in the order of HDF5's single-writer-multiple-readers mode, so that at any instant the bytes on
/// disk are a valid file. What is flushed depends on what was appended, never on the clock: equal input, equal bytes.
final class ChunkFile {
    struct Series {
        let time: hid_t
        let variables: [hid_t]
        let entityCount: Int
        let samplesPerChunk: Int
        let entitiesPerChunk: Int
        let interval: Int64  // microseconds
    }

    struct Table {
        let scale: hid_t
        let columns: [hid_t]
        let elementSizes: [Int]
    }

    let disk: DiskFile
    private var file: hid_t
    private(set) var series: [Series] = []
    private(set) var tables: [Table] = []
    private let encoder = ChunkEncoder()
    private var tile: [Float] = []
    private var constant: (value: UInt32, count: Int, bytes: [UInt8]) = (0, 0, [])

    /// Opens the file that ``FileBuilder`` made over `disk`.
    init(_ layout: TelemetryLayout, on disk: DiskFile) throws(HDF5Failure) {
        self.disk = disk
        file = -1
        try HDF5.locked { () throws(HDF5Failure) in try open(layout) }
    }

    deinit { HDF5.locked { close() } }

    private func open(_ layout: TelemetryLayout) throws(HDF5Failure) {
        let access = try DiskFileDriver.accessProperties(for: disk)
        file = try HDF5.check(
            H5Fopen(disk.path, ch5_swmr_write_flags(), access.id), "cannot open the new file for appending")
        try disk.checkWritten()
        for group in layout.series {
            let handle = try Handle.group(group.name, of: file)
            var variables: [hid_t] = []
            for variable in group.variables { variables.append(try dataset(variable.name, of: handle.id)) }
            let samples = layout.chunkSamples(of: group)
            series.append(
                Series(
                    time: try dataset("time", of: handle.id), variables: variables,
                    entityCount: group.entityIDs.count, samplesPerChunk: samples,
                    entitiesPerChunk: max(1, min(layout.chunkEntities, group.entityIDs.count)),
                    interval: Int64(group.intervalS) * 1_000_000))
        }
        for table in layout.rows {
            let handle = try Handle.group(table.name, of: file)
            var columns: [hid_t] = []
            for column in table.columns { columns.append(try dataset(column.name, of: handle.id)) }
            tables.append(
                Table(
                    scale: try dataset(table.dimension, of: handle.id), columns: columns,
                    elementSizes: table.columns.map(\.type.byteCount)))
        }
    }

    /// Chunks are written past the library's cache, so it gets none.
    private func dataset(_ name: String, of group: hid_t) throws(HDF5Failure) -> hid_t {
        let access = try Handle.propertyList(ch5_dataset_access_class())
        try HDF5.check(H5Pset_chunk_cache(access.id, 1, 0, 1), "cannot size the chunk cache")
        return try HDF5.check(H5Dopen2(group, name, access.id), "cannot open the dataset \"\(name)\"")
    }

    // MARK: Appending

    /// Writes a block of a series group as whole chunks, padded with NaN, and flushes.
    /// - Parameter values: `[variable][time * entityCount + entity]`.
    func append(series index: Int, firstSample: Int, sampleCount: Int, values: [[Float]]) throws(HDF5Failure) {
        let group = series[index]
        var start = 0
        while start < sampleCount {
            let samples = min(group.samplesPerChunk, sampleCount - start)
            try appendTimes(of: group, from: firstSample + start, count: samples)
            for (variable, block) in values.enumerated() {
                let dataset = group.variables[variable]
                try grow(dataset, to: [firstSample + start + samples, group.entityCount])
                for entity in stride(from: 0, to: group.entityCount, by: group.entitiesPerChunk) {
                    fillTile(from: block, of: group, firstRow: start, rowCount: samples, firstEntity: entity)
                    try writeTile(to: dataset, at: [firstSample + start, entity])
                }
            }
            start += samples
        }
        try flush()
    }

    /// Writes one chunk of every column of a row table and flushes; `columns` are whole chunks, padded.
    func append(rows index: Int, firstRow: Int, rowCount: Int, columns: [[UInt8]]) throws(HDF5Failure) {
        let table = tables[index]
        for (column, bytes) in columns.enumerated() {
            try grow(table.columns[column], to: [firstRow + rowCount])
            try bytes.withRawBytes { chunk throws(HDF5Failure) in
                try write(
                    chunk, elementSize: table.elementSizes[column], to: table.columns[column], at: [firstRow])
            }
        }
        try grow(table.scale, to: [firstRow + rowCount])
        try flush()
    }

    private func appendTimes(of group: Series, from first: Int, count: Int) throws(HDF5Failure) {
        var times = [Int64](repeating: 0, count: group.samplesPerChunk)
        for index in 0..<count { times[index] = Int64(first + index) * group.interval }
        try grow(group.time, to: [first + count])
        try times.withRawBytes { chunk throws(HDF5Failure) in
            try write(chunk, elementSize: 8, to: group.time, at: [first])
        }
    }

    private func fillTile(from block: [Float], of group: Series, firstRow: Int, rowCount: Int, firstEntity: Int) {
        let width = group.entitiesPerChunk
        let used = min(width, group.entityCount - firstEntity)
        let count = group.samplesPerChunk * width
        if tile.count != count { tile = [Float](repeating: .nan, count: count) }
        if used < width || rowCount < group.samplesPerChunk { for index in 0..<count { tile[index] = .nan } }
        tile.withUnsafeMutableBufferPointer { tile in
            block.withUnsafeBufferPointer { block in
                guard let tile = tile.baseAddress, let block = block.baseAddress else { return }
                let source = block + firstRow * group.entityCount + firstEntity
                if width == group.entityCount { return tile.update(from: source, count: rowCount * width) }
                for row in 0..<rowCount {
                    (tile + row * width).update(from: source + row * group.entityCount, count: used)
                }
            }
        }
    }

    /// Writes the tile; one of nothing but NaN stays out of the file, where it reads as NaN all the same, and one of a
    /// single value is compressed once.
    private func writeTile(to dataset: hid_t, at offset: [Int]) throws(HDF5Failure) {
        guard let first = tile.first else { return }
        let isConstant = tile.withUnsafeBufferPointer { tile in
            tile.allSatisfy { $0.bitPattern == first.bitPattern }
        }
        if isConstant && first.isNaN { return }
        if isConstant && constant.value == first.bitPattern && constant.count == tile.count {
            try constant.bytes.withRawBytes { bytes throws(HDF5Failure) in
                try put(bytes, to: dataset, at: offset)
            }
            return
        }
        let count = tile.count
        try tile.withRawBytes { chunk throws(HDF5Failure) in
            try encoder.encode(chunk, elementSize: 4) { bytes throws(HDF5Failure) in
                if isConstant { constant = (first.bitPattern, count, Array(bytes)) }
                try put(bytes, to: dataset, at: offset)
            }
        }
    }

    private func write(
        _ chunk: UnsafeRawBufferPointer, elementSize: Int, to dataset: hid_t, at offset: [Int]
    ) throws(HDF5Failure) {
        try encoder.encode(chunk, elementSize: elementSize) { bytes throws(HDF5Failure) in
            try put(bytes, to: dataset, at: offset)
        }
    }

    // MARK: The library

    /// Writes encoded bytes as the chunk at `offset`.
    func put(_ bytes: UnsafeRawBufferPointer, to dataset: hid_t, at offset: [Int]) throws(HDF5Failure) {
        let place = offset.map { hsize_t($0) }
        try HDF5.locked { () throws(HDF5Failure) in
            try HDF5.check(
                H5Dwrite_chunk(dataset, ch5_default_plist(), 0, place, bytes.count, bytes.baseAddress),
                "cannot write a chunk")
            try disk.checkWritten()
        }
    }

    /// Lengthens a dataset to `extents`.
    func grow(_ dataset: hid_t, to extents: [Int]) throws(HDF5Failure) {
        let extents = extents.map { hsize_t($0) }
        try HDF5.locked { () throws(HDF5Failure) in
            try HDF5.check(H5Dset_extent(dataset, extents), "cannot lengthen a dataset")
        }
    }

    /// Makes everything appended so far visible to readers.
    func flush() throws(HDF5Failure) {
        try HDF5.locked { () throws(HDF5Failure) in
            try HDF5.check(H5Fflush(file, H5F_SCOPE_LOCAL), "cannot flush the file")
            try disk.checkWritten()
        }
    }

    // MARK: Closing

    /// Closes the file for appending, then opens it once more to set attributes of `/meta`.
    func finish(attributes: [(String, AttributeValue)]) throws(HDF5Failure) {
        try HDF5.locked { () throws(HDF5Failure) in
            let status = close()
            try HDF5.check(status, "cannot close the file")
            try disk.checkWritten()
            disk.hold()
            try write(attributes)
            disk.commit()
            try disk.checkWritten()
            disk.release()
        }
    }

    private func write(_ attributes: [(String, AttributeValue)]) throws(HDF5Failure) {
        let access = try DiskFileDriver.accessProperties(for: disk)
        let file = try Handle.take(
            H5Fopen(disk.path, ch5_write_flags(), access.id), closedBy: H5Fclose,
            "cannot open the file for its last attributes")
        let meta = try Handle.group("meta", of: file.id)
        for (name, value) in attributes { try Attributes.write(name, value, to: meta.id) }
    }

    /// Closes every object; safe to call again.
    @discardableResult
    private func close() -> herr_t {
        guard file >= 0 else { return 0 }
        for group in series {
            H5Dclose(group.time)
            for variable in group.variables { H5Dclose(variable) }
        }
        for table in tables {
            H5Dclose(table.scale)
            for column in table.columns { H5Dclose(column) }
        }
        (series, tables) = ([], [])
        defer { file = -1 }
        return H5Fclose(file)
    }
}
