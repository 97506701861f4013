import CHDF5

/// Names of the links of a group. Inside ``HDF5/locked(_:)``.
enum Listing {
    /// In order of creation where the file keeps it, else by name.
    static func names(of group: hid_t) throws(HDF5Failure) -> [String] {
        let creation = try Handle.take(H5Gget_create_plist(group), closedBy: H5Pclose, "cannot list a group")
        var order: UInt32 = 0
        let knowsOrder = H5Pget_link_creation_order(creation.id, &order) >= 0 && order == ch5_creation_order()
        var names: [String] = []
        var index: hsize_t = 0
        let status = withUnsafeMutablePointer(to: &names) { pointer in
            H5Literate(
                group, knowsOrder ? H5_INDEX_CRT_ORDER : H5_INDEX_NAME, H5_ITER_INC, &index,
                { _, name, _, context in
                    guard let name, let context else { return -1 }
                    context.assumingMemoryBound(to: [String].self).pointee.append(String(cString: name))
                    return 0
                }, pointer)
        }
        try HDF5.check(status, "cannot list a group")
        return names
    }
}

/// Attributes of a group or dataset. Inside ``HDF5/locked(_:)``.
enum AttributeReader {
    /// By name.
    static func names(of owner: hid_t) throws(HDF5Failure) -> [String] {
        var names: [String] = []
        var index: hsize_t = 0
        let status = withUnsafeMutablePointer(to: &names) { pointer in
            H5Aiterate2(
                owner, H5_INDEX_NAME, H5_ITER_INC, &index,
                { _, name, _, context in
                    guard let name, let context else { return -1 }
                    context.assumingMemoryBound(to: [String].self).pointee.append(String(cString: name))
                    return 0
                }, pointer)
        }
        try HDF5.check(status, "cannot list attributes")
        return names
    }

    /// The value of a single-valued attribute; nil if it is not there, or of another kind.
    static func value(_ name: String, of owner: hid_t) throws(HDF5Failure) -> AttributeValue? {
        guard try HDF5.check(H5Aexists(owner, name), "cannot look for the attribute \"\(name)\"") > 0 else {
            return nil
        }
        let operation = "cannot read the attribute \"\(name)\""
        let attribute = try Handle.take(H5Aopen(owner, name, ch5_default_plist()), closedBy: H5Aclose, operation)
        let space = try Handle.take(H5Aget_space(attribute.id), closedBy: H5Sclose, operation)
        let type = try Handle.take(H5Aget_type(attribute.id), closedBy: H5Tclose, operation)
        guard H5Sget_simple_extent_npoints(space.id) == 1 else { return nil }
        switch H5Tget_class(type.id) {
        case H5T_INTEGER:
            var number: Int64 = 0
            try HDF5.check(H5Aread(attribute.id, ch5_native_int64(), &number), operation)
            return .int(Int(number))
        case H5T_FLOAT:
            var number: Double = 0
            try HDF5.check(H5Aread(attribute.id, ch5_native_float64(), &number), operation)
            return .double(number)
        case H5T_STRING:
            return .text(try text(of: attribute, type: type, operation))
        default:
            return nil
        }
    }

    private static func text(
        of attribute: borrowing Handle, type: borrowing Handle, _ operation: String
    ) throws(HDF5Failure) -> String {
        guard try HDF5.check(H5Tis_variable_str(type.id), operation) > 0 else {
            var bytes = [UInt8](repeating: 0, count: H5Tget_size(type.id))
            try HDF5.check(H5Aread(attribute.id, type.id, &bytes), operation)
            return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        var characters: UnsafeMutablePointer<CChar>?
        try HDF5.check(H5Aread(attribute.id, type.id, &characters), operation)
        guard let characters else { return "" }
        defer { H5free_memory(characters) }
        return String(cString: characters)
    }
}
