import CHDF5

/// Attributes of a group or dataset: `owner` is its identifier. Inside ``HDF5/locked(_:)``.
enum Attributes {
    static func write(_ name: String, _ value: AttributeValue, to owner: hid_t) throws(HDF5Failure) {
        switch value {
        case .text(let text): try write(name, text: text, to: owner)
        case .int(let number): try write(name, numbers: [Int64(number)], ch5_int64(), ch5_native_int64(), to: owner)
        case .double(let number): try write(name, numbers: [number], ch5_float64(), ch5_native_float64(), to: owner)
        }
    }

    static func write(_ name: String, text: String, to owner: hid_t) throws(HDF5Failure) {
        let type = try Handle.textType()
        let attribute = try create(name, type: type.id, space: try .scalarSpace(), of: owner)
        let status = text.withCString { characters in
            withUnsafePointer(to: characters) { H5Awrite(attribute.id, type.id, $0) }
        }
        try HDF5.check(status, "cannot write the attribute \"\(name)\"")
    }

    /// CF's `_FillValue` and `flag_values` must have the type of the data they speak of.
    static func write(
        _ name: String, values: ColumnData, asArray: Bool = true, to owner: hid_t
    ) throws(HDF5Failure) {
        let types = (values.type.fileType, values.type.memoryType)
        switch values {
        case .int64(let values): try write(name, numbers: values, types.0, types.1, asArray: asArray, to: owner)
        case .int32(let values): try write(name, numbers: values, types.0, types.1, asArray: asArray, to: owner)
        case .float64(let values): try write(name, numbers: values, types.0, types.1, asArray: asArray, to: owner)
        case .float32(let values): try write(name, numbers: values, types.0, types.1, asArray: asArray, to: owner)
        case .uint8(let values): try write(name, numbers: values, types.0, types.1, asArray: asArray, to: owner)
        case .text: preconditionFailure("text attributes are single")
        }
    }

    private static func write<Number: BitwiseCopyable>(
        _ name: String, numbers: [Number], _ fileType: hid_t, _ memoryType: hid_t, asArray: Bool = false,
        to owner: hid_t
    ) throws(HDF5Failure) {
        let space = asArray ? try Handle.space([numbers.count]) : try Handle.scalarSpace()
        let attribute = try create(name, type: fileType, space: space, of: owner)
        try HDF5.check(H5Awrite(attribute.id, memoryType, numbers), "cannot write the attribute \"\(name)\"")
    }

    /// A new attribute; one of the same name is replaced.
    private static func create(
        _ name: String, type: hid_t, space: borrowing Handle, of owner: hid_t
    ) throws(HDF5Failure) -> Handle {
        if try HDF5.check(H5Aexists(owner, name), "cannot look for the attribute \"\(name)\"") > 0 {
            try HDF5.check(H5Adelete(owner, name), "cannot replace the attribute \"\(name)\"")
        }
        let plain = ch5_default_plist()
        return try Handle.take(
            H5Acreate2(owner, name, type, space.id, plain, plain), closedBy: H5Aclose,
            "cannot make the attribute \"\(name)\"")
    }
}
