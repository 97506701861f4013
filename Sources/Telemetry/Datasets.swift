import CHDF5

/// Values in and out of datasets, whole or by hyperslab. Inside ``HDF5/locked(_:)``.
enum Datasets {
    /// Writes all values of a dataset of the same length.
    static func write(_ data: ColumnData, to dataset: hid_t) throws(HDF5Failure) {
        guard data.count > 0 else { return }
        let type = data.type.memoryType
        let everything = ch5_all()
        func put(_ pointer: UnsafeRawPointer?) -> herr_t {
            H5Dwrite(dataset, type, everything, everything, ch5_default_plist(), pointer)
        }
        let status: herr_t
        switch data {
        case .int64(let values): status = values.withUnsafeBytes { put($0.baseAddress) }
        case .int32(let values): status = values.withUnsafeBytes { put($0.baseAddress) }
        case .float64(let values): status = values.withUnsafeBytes { put($0.baseAddress) }
        case .float32(let values): status = values.withUnsafeBytes { put($0.baseAddress) }
        case .uint8(let values): status = values.withUnsafeBytes { put($0.baseAddress) }
        case .text(let values): return try write(values, to: dataset)
        }
        try HDF5.check(status, "cannot write a static column")
    }

    private static func write(_ texts: [String], to dataset: hid_t) throws(HDF5Failure) {
        var bytes: [UInt8] = []
        var starts: [Int] = []
        for text in texts {
            starts.append(bytes.count)
            bytes.append(contentsOf: text.utf8)
            bytes.append(0)
        }
        let type = try Handle.textType()
        let status = bytes.withUnsafeBytes { buffer in
            let pointers = starts.map { start in buffer.baseAddress.map { $0 + start } }
            return H5Dwrite(dataset, type.id, ch5_all(), ch5_all(), ch5_default_plist(), pointers)
        }
        try HDF5.check(status, "cannot write a text column")
    }

    /// Extents of a dataset, slowest axis first.
    static func extents(of dataset: hid_t) throws(HDF5Failure) -> [Int] {
        let space = try Handle.take(H5Dget_space(dataset), closedBy: H5Sclose, "cannot read the extents")
        let rank = try HDF5.check(H5Sget_simple_extent_ndims(space.id), "cannot read the extents")
        var extents = [hsize_t](repeating: 0, count: Int(rank))
        try HDF5.check(H5Sget_simple_extent_dims(space.id, &extents, nil), "cannot read the extents")
        return extents.map { Int($0) }
    }

    /// Type of a dataset's values, nil if it is none that telemetry files use.
    static func type(of dataset: hid_t) throws(HDF5Failure) -> ColumnType? {
        let type = try Handle.take(H5Dget_type(dataset), closedBy: H5Tclose, "cannot read the type")
        switch (H5Tget_class(type.id), H5Tget_size(type.id)) {
        case (H5T_INTEGER, 8): return .int64
        case (H5T_INTEGER, 4): return .int32
        case (H5T_INTEGER, 1): return .uint8
        case (H5T_FLOAT, 8): return .float64
        case (H5T_FLOAT, 4): return .float32
        case (H5T_STRING, _): return .text
        default: return nil
        }
    }

    /// Reads the hyperslab `ranges` (one per axis), row-major.
    static func read<Number: BitwiseCopyable>(
        _ ranges: [Range<Int>], of dataset: hid_t, type: ColumnType, zero: Number
    ) throws(HDF5Failure) -> [Number] {
        let counts = ranges.map(\.count)
        let total = counts.reduce(1, *)
        guard total > 0 else { return [] }
        let memory = try Handle.space(counts)
        let selection = try select(ranges, of: dataset)
        var status: herr_t = -1
        let values = [Number](unsafeUninitializedCapacity: total) { buffer, count in
            status = H5Dread(
                dataset, type.memoryType, memory.id, selection.id, ch5_default_plist(), buffer.baseAddress)
            if status < 0 { buffer.initialize(repeating: zero) }
            count = total
        }
        try HDF5.check(status, "cannot read values")
        return values
    }

    /// Reads texts of any length or of fixed length.
    static func readTexts(_ range: Range<Int>, of dataset: hid_t) throws(HDF5Failure) -> [String] {
        guard !range.isEmpty else { return [] }
        let type = try Handle.textType()
        let memory = try Handle.space([range.count])
        let selection = try select([range], of: dataset)
        let stored = try Handle.take(H5Dget_type(dataset), closedBy: H5Tclose, "cannot read the type")
        guard try HDF5.check(H5Tis_variable_str(stored.id), "cannot read the type") > 0 else {
            return try readFixedTexts(range, of: dataset, type: stored, memory: memory, selection: selection)
        }
        var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: range.count)
        try HDF5.check(
            H5Dread(dataset, type.id, memory.id, selection.id, ch5_default_plist(), &pointers), "cannot read texts")
        let texts = pointers.map { pointer in pointer.map { String(cString: $0) } ?? "" }
        _ = H5Dvlen_reclaim(type.id, memory.id, ch5_default_plist(), &pointers)
        return texts
    }

    private static func readFixedTexts(
        _ range: Range<Int>, of dataset: hid_t, type: borrowing Handle, memory: borrowing Handle,
        selection: borrowing Handle
    ) throws(HDF5Failure) -> [String] {
        let width = H5Tget_size(type.id)
        var bytes = [UInt8](repeating: 0, count: width * range.count)
        try HDF5.check(
            H5Dread(dataset, type.id, memory.id, selection.id, ch5_default_plist(), &bytes), "cannot read texts")
        return (0..<range.count).map { row in
            String(decoding: bytes[(row * width)..<((row + 1) * width)].prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    private static func select(_ ranges: [Range<Int>], of dataset: hid_t) throws(HDF5Failure) -> Handle {
        let space = try Handle.take(H5Dget_space(dataset), closedBy: H5Sclose, "cannot read the extents")
        let starts = ranges.map { hsize_t($0.lowerBound) }
        let counts = ranges.map { hsize_t($0.count) }
        try HDF5.check(
            H5Sselect_hyperslab(space.id, H5S_SELECT_SET, starts, nil, counts, nil), "cannot select values")
        return space
    }
}
