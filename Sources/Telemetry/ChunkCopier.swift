import CHDF5

/// Copies the chunks of an older file into a new one, in the order in which they were first written and without
/// unpacking them, so that the new file's bytes are those of a run that never stopped.
struct ChunkCopier {
    let layout: TelemetryLayout
    /// The older file's path.
    let source: String
    let target: ChunkFile

    /// Runs inside ``HDF5/locked(_:)``.
    func copy(_ position: TelemetryPosition) throws(HDF5Failure) {
        let file = try Handle.take(
            H5Fopen(source, ch5_read_flags(), ch5_default_plist()), closedBy: H5Fclose, "cannot read the old file")
        var samples = layout.series.map { _ in 0 }
        var rows = layout.rows.map { _ in 0 }
        for steps in position.steps {
            for _ in 0..<steps.count {
                if steps.isSeries {
                    try copyBlock(of: steps.index, first: samples[steps.index], count: steps.length, from: file.id)
                    samples[steps.index] += steps.length
                } else {
                    try copyRows(of: steps.index, first: rows[steps.index], count: steps.length, from: file.id)
                    rows[steps.index] += steps.length
                }
                try target.flush()
            }
        }
        guard samples == position.samples, rows == position.rows else {
            throw HDF5Failure(operation: "the checkpoint contradicts itself", detail: "")
        }
    }

    private func copyBlock(of index: Int, first: Int, count: Int, from file: hid_t) throws(HDF5Failure) {
        let group = target.series[index]
        let spec = layout.series[index]
        for start in stride(from: first, to: first + count, by: group.samplesPerChunk) {
            let end = min(start + group.samplesPerChunk, first + count)
            try copy("\(spec.name)/time", of: file, to: group.time, extents: [end], offsets: [[start]])
            let offsets = stride(from: 0, to: group.entityCount, by: group.entitiesPerChunk).map { [start, $0] }
            for (variable, dataset) in zip(spec.variables, group.variables) {
                try copy(
                    "\(spec.name)/\(variable.name)", of: file, to: dataset, extents: [end, group.entityCount],
                    offsets: offsets)
            }
        }
    }

    private func copyRows(of index: Int, first: Int, count: Int, from file: hid_t) throws(HDF5Failure) {
        let table = target.tables[index]
        let spec = layout.rows[index]
        for (column, dataset) in zip(spec.columns, table.columns) {
            try copy(
                "\(spec.name)/\(column.name)", of: file, to: dataset, extents: [first + count], offsets: [[first]])
        }
        try target.grow(table.scale, to: [first + count])
    }

    /// Lengthens `dataset` and copies the chunks at `offsets`; one that the old file left out stays out.
    private func copy(
        _ name: String, of file: hid_t, to dataset: hid_t, extents: [Int], offsets: [[Int]]
    ) throws(HDF5Failure) {
        try target.grow(dataset, to: extents)
        let old = try Handle.dataset(name, of: file)
        let present = try Datasets.extents(of: old.id)[0]
        guard present >= extents[0] else {
            throw HDF5Failure(
                operation: "\(name) holds less than the checkpoint remembers",
                detail: "\(present) instead of \(extents[0])")
        }
        for offset in offsets {
            let bytes = try chunk(at: offset, of: old.id, name)
            guard !bytes.isEmpty else { continue }
            try bytes.withRawBytes { bytes throws(HDF5Failure) in try target.put(bytes, to: dataset, at: offset) }
        }
    }

    /// The encoded bytes of a chunk; none if the file has left it out.
    private func chunk(at offset: [Int], of dataset: hid_t, _ name: String) throws(HDF5Failure) -> [UInt8] {
        let place = offset.map { hsize_t($0) }
        var size: hsize_t = 0
        try HDF5.check(H5Dget_chunk_storage_size(dataset, place, &size), "cannot find a chunk of \(name)")
        var bytes = [UInt8](repeating: 0, count: Int(size))
        guard size > 0 else { return bytes }
        var skippedFilters: UInt32 = 0
        try HDF5.check(
            H5Dread_chunk(dataset, ch5_default_plist(), place, &skippedFilters, &bytes),
            "cannot read a chunk of \(name)")
        return bytes
    }
}
