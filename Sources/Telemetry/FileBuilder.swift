import CHDF5

/// Lays out a new telemetry file: groups, static tables, empty series and row tables, dimension scales, attributes.
///
/// The result opens with `xarray` (h5netcdf) group by group: every dataset has a dimension scale attached, and a
/// dimension without labels is a netCDF-4 "dimension without variable".
/// - Source: NetCDF-4 Format Specification, "Creating NetCDF-4 files with HDF5"; CF Conventions 1.8, sections 2.5,
///   3.5 and 4.4. Runs inside ``HDF5/locked(_:)``.
struct FileBuilder {
    /// Rows in a chunk of a row table.
    static let chunkRows = 8192
    private static let attributesInHeader: UInt32 = 64  // keep attributes beside the data they describe

    let layout: TelemetryLayout
    let file: hid_t

    /// Creates the file over `disk` and closes it again, complete and empty.
    static func build(_ layout: TelemetryLayout, on disk: DiskFile) throws(HDF5Failure) {
        let access = try DiskFileDriver.accessProperties(for: disk)
        let creation = try Handle.propertyList(ch5_file_create_class())
        try HDF5.check(H5Pset_obj_track_times(creation.id, false), "cannot switch time stamps off")
        try HDF5.check(
            H5Pset_link_creation_order(creation.id, ch5_creation_order()), "cannot keep the order of groups")
        let file = try Handle.take(
            H5Fcreate(disk.path, ch5_create_flags(), creation.id, access.id), closedBy: H5Fclose,
            "cannot create the file")
        try FileBuilder(layout: layout, file: file.id).build()
        try HDF5.check(H5Fflush(file.id, H5F_SCOPE_LOCAL), "cannot write the empty file")
    }

    private func build() throws(HDF5Failure) {
        try Attributes.write("Conventions", text: "CF-1.8", to: file)
        let meta = try group("meta")
        try Attributes.write(TelemetryFormat.attribute, .int(TelemetryFormat.version), to: meta.id)
        for (name, value) in layout.attributes {
            try Attributes.write(name, value, to: meta.id)
            if name == "title" { try Attributes.write(name, value, to: file) }
        }
        for table in layout.tables { try build(table) }
        for series in layout.series { try build(series) }
        for table in layout.rows { try build(table) }
    }

    // MARK: Groups

    private func build(_ table: StaticTable) throws(HDF5Failure) {
        let group = try group(table.name)
        let rowCount = table.columns.first?.1.count ?? 0
        var labels = ColumnData.int32((0..<Int32(rowCount)).map { $0 })
        for (spec, data) in table.columns {
            precondition(data.count == rowCount, "columns of \(table.name) have equal length")
            precondition(data.type == spec.type, "data of \(table.name)/\(spec.name) has the declared type")
            if spec.name == "id", spec.type == .text { labels = data }
        }
        for (spec, data) in table.columns where spec.name == table.dimension { labels = data }
        let scale = try dataset(table.dimension, type: labels.type, extents: [rowCount], of: group.id)
        try Datasets.write(labels, to: scale.id)
        try makeScale(scale.id, table.dimension)
        for (spec, data) in table.columns {
            if spec.name == table.dimension {
                try describe(scale.id, spec)
                continue
            }
            let column = try dataset(spec.name, type: spec.type, extents: [rowCount], of: group.id)
            try Datasets.write(data, to: column.id)
            try describe(column.id, spec)
            try attach(scale.id, to: column.id, axis: 0)
        }
    }

    private func build(_ series: SeriesGroup) throws(HDF5Failure) {
        let group = try group(series.name)
        let samples = layout.chunkSamples(of: series)
        let entities = series.entityIDs.count
        let time = try dataset("time", type: .int64, extents: [0], chunk: [samples], of: group.id)
        try describe(time.id, .time("time", "start of the interval"))
        try Attributes.write("interval_s", .int(series.intervalS), to: time.id)
        try makeScale(time.id, "time")
        let labels = try dataset(series.entityDimension, type: .text, extents: [entities], of: group.id)
        try Datasets.write(.text(series.entityIDs), to: labels.id)
        try makeScale(labels.id, series.entityDimension)
        let chunk = [samples, max(1, min(layout.chunkEntities, entities))]
        for variable in series.variables {
            let values = try dataset(
                variable.name, type: .float32, extents: [0, entities], chunk: chunk, of: group.id)
            let spec = ColumnSpec(
                name: variable.name, units: variable.units, longName: variable.longName, type: .float32)
            try describe(values.id, spec)
            if !variable.cellMethods.isEmpty {
                try Attributes.write("cell_methods", text: variable.cellMethods, to: values.id)
            }
            try attach(time.id, to: values.id, axis: 0)
            try attach(labels.id, to: values.id, axis: 1)
        }
    }

    private func build(_ table: RowTable) throws(HDF5Failure) {
        let group = try group(table.name)
        let chunk = [FileBuilder.chunkRows]
        let scale = try dataset(table.dimension, type: .float32, extents: [0], chunk: chunk, of: group.id)
        let phrase = "This is a netCDF dimension but not a netCDF variable.          0"
        try makeScale(scale.id, phrase)
        for spec in table.columns {
            precondition(spec.type != .text, "\(table.name)/\(spec.name): text occurs in static tables only")
            let column = try dataset(spec.name, type: spec.type, extents: [0], chunk: chunk, of: group.id)
            try describe(column.id, spec)
            try attach(scale.id, to: column.id, axis: 0)
        }
    }

    private func group(_ name: String) throws(HDF5Failure) -> Handle {
        let creation = try Handle.propertyList(ch5_group_create_class())
        try HDF5.check(H5Pset_obj_track_times(creation.id, false), "cannot switch time stamps off")
        try HDF5.check(
            H5Pset_link_creation_order(creation.id, ch5_creation_order()), "cannot keep the order of columns")
        let plain = ch5_default_plist()
        return try Handle.take(
            H5Gcreate2(file, name, plain, creation.id, plain), closedBy: H5Gclose, "cannot make the group \"\(name)\"")
    }

    // MARK: Datasets

    /// A dataset of fixed extents, or with `chunk` one that grows along its first axis, shuffled and deflated.
    private func dataset(
        _ name: String, type: ColumnType, extents: [Int], chunk: [Int] = [], of group: hid_t
    ) throws(HDF5Failure) -> Handle {
        let plain = ch5_default_plist()
        let creation = try Handle.propertyList(ch5_dataset_create_class())
        try HDF5.check(H5Pset_obj_track_times(creation.id, false), "cannot switch time stamps off")
        try HDF5.check(
            H5Pset_attr_phase_change(creation.id, FileBuilder.attributesInHeader, 0), "cannot place attributes")
        if !chunk.isEmpty {
            let extents = chunk.map { hsize_t($0) }
            try HDF5.check(H5Pset_chunk(creation.id, Int32(chunk.count), extents), "cannot set the chunk size")
            if type.byteCount > 1 { try HDF5.check(H5Pset_shuffle(creation.id), "cannot set the shuffle filter") }
            try HDF5.check(H5Pset_deflate(creation.id, ChunkEncoder.level), "cannot set the deflate filter")
        }
        if type == .float32 || type == .float64 {
            var fill = type.fillBytes
            try HDF5.check(H5Pset_fill_value(creation.id, type.fileType, &fill), "cannot set the fill value")
        }
        let space = try Handle.space(extents, unlimited: !chunk.isEmpty)
        let operation = "cannot make the dataset \"\(name)\""
        guard type != .text else {
            let text = try Handle.textType()
            return try Handle.take(
                H5Dcreate2(group, name, text.id, space.id, plain, creation.id, plain), closedBy: H5Dclose, operation)
        }
        return try Handle.take(
            H5Dcreate2(group, name, type.fileType, space.id, plain, creation.id, plain), closedBy: H5Dclose, operation)
    }

    /// CF attributes of a variable.
    private func describe(_ dataset: hid_t, _ spec: ColumnSpec) throws(HDF5Failure) {
        if !spec.longName.isEmpty { try Attributes.write("long_name", text: spec.longName, to: dataset) }
        if spec.units == ColumnSpec.simulatedTime {
            let epoch = String(layout.epoch.map { $0 == "T" ? " " : $0 })
            try Attributes.write("units", text: "microseconds since \(epoch)", to: dataset)
            try Attributes.write("calendar", text: "proleptic_gregorian", to: dataset)
        } else if !spec.units.isEmpty {
            try Attributes.write("units", text: spec.units, to: dataset)
        }
        switch spec.type {
        case .float32: try Attributes.write("_FillValue", values: .float32([.nan]), asArray: false, to: dataset)
        case .float64: try Attributes.write("_FillValue", values: .float64([.nan]), asArray: false, to: dataset)
        case .int64, .int32, .uint8, .text: break
        }
        guard !spec.flagMeanings.isEmpty else { return }
        var words = spec.flagMeanings
        var codes = words.indices.map { $0 }
        if !spec.minusOneMeaning.isEmpty {
            words.append(spec.minusOneMeaning)
            codes.append(-1)
        }
        switch spec.type {
        case .uint8: try Attributes.write("flag_values", values: .uint8(codes.map { UInt8($0) }), to: dataset)
        case .int32: try Attributes.write("flag_values", values: .int32(codes.map { Int32($0) }), to: dataset)
        case .int64: try Attributes.write("flag_values", values: .int64(codes.map { Int64($0) }), to: dataset)
        case .float32, .float64, .text: preconditionFailure("\(spec.name): an enumeration is stored as integers")
        }
        words = words.map { meaning in String(meaning.map { $0.isWhitespace ? "_" : $0 }) }
        try Attributes.write("flag_meanings", text: words.joined(separator: " "), to: dataset)
    }

    private func makeScale(_ dataset: hid_t, _ name: String) throws(HDF5Failure) {
        try HDF5.check(H5DSset_scale(dataset, name), "cannot make the dimension \"\(name)\"")
    }

    private func attach(_ scale: hid_t, to dataset: hid_t, axis: UInt32) throws(HDF5Failure) {
        try HDF5.check(H5DSattach_scale(dataset, scale, axis), "cannot attach a dimension")
    }
}
