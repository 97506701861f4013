import CHDF5

/// The one door to the HDF5 library, which is not thread-safe: everything that calls it runs inside ``locked(_:)``.
enum HDF5 {
    private static let monitor = Monitor(isRecursive: true)

    /// The library must not close files when the process ends: after a failure that is not its business any more.
    private static let withoutExitHandler: Bool = H5dont_atexit() >= 0

    /// Runs `body` alone among all users of the library in this process.
    @discardableResult
    static func locked<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        try monitor.locked { () throws(Failure) -> Result in
            _ = withoutExitHandler
            H5Eset_auto2(ch5_error_default(), nil, nil)  // errors are thrown, not printed; a setting of the thread
            return try body()
        }
    }

    /// Passes on what a call of the library returned, or throws with the library's reason if it is negative.
    @discardableResult
    static func check<Code: SignedInteger>(
        _ code: Code, _ operation: @autoclosure () -> String
    ) throws(HDF5Failure) -> Code {
        guard code >= 0 else { throw HDF5Failure(operation: operation(), detail: errorWords()) }
        return code
    }

    /// The innermost entry of the library's error stack, up to where it lists addresses and flags.
    private static func errorWords() -> String {
        var words = ""
        withUnsafeMutablePointer(to: &words) { pointer in
            _ = H5Ewalk2(
                ch5_error_default(), H5E_WALK_UPWARD,
                { index, entry, context in
                    guard index == 0, let entry = entry?.pointee, let context else { return 0 }
                    let words = entry.desc.map { String(cString: $0) } ?? "unknown reason"
                    let reason = words.prefix { $0 != ":" && $0 != "=" }
                    context.assumingMemoryBound(to: String.self).pointee = "HDF5: \(reason)"
                    return 0
                }, pointer)
        }
        return words
    }
}

/// An object of the HDF5 library, closed when it goes out of scope.
struct Handle: ~Copyable {
    let id: hid_t
    private let close: @convention(c) (hid_t) -> herr_t

    private init(id: hid_t, close: @escaping @convention(c) (hid_t) -> herr_t) {
        self.id = id
        self.close = close
    }

    deinit { _ = close(id) }

    /// Takes charge of what the library returned, or throws if that is no object.
    static func take(
        _ id: hid_t, closedBy close: @escaping @convention(c) (hid_t) -> herr_t,
        _ operation: @autoclosure () -> String
    ) throws(HDF5Failure) -> Handle {
        Handle(id: try HDF5.check(id, operation()), close: close)
    }

    static func propertyList(_ kind: hid_t) throws(HDF5Failure) -> Handle {
        try take(H5Pcreate(kind), closedBy: H5Pclose, "cannot make a property list")
    }

    static func space(_ extents: [Int], unlimited: Bool = false) throws(HDF5Failure) -> Handle {
        let now = extents.map { hsize_t($0) }
        var most = now
        if unlimited, !most.isEmpty { most[0] = ch5_unlimited() }
        return try take(H5Screate_simple(Int32(now.count), now, most), closedBy: H5Sclose, "cannot make a data space")
    }

    static func scalarSpace() throws(HDF5Failure) -> Handle {
        try take(H5Screate(H5S_SCALAR), closedBy: H5Sclose, "cannot make a data space")
    }

    /// UTF-8 text of any length.
    static func textType() throws(HDF5Failure) -> Handle {
        let type = try take(H5Tcopy(ch5_string()), closedBy: H5Tclose, "cannot make a text type")
        try HDF5.check(H5Tset_size(type.id, -1), "cannot make a text type")  // H5T_VARIABLE: any length
        try HDF5.check(H5Tset_cset(type.id, H5T_CSET_UTF8), "cannot make a text type")
        return type
    }

    static func group(_ name: String, of parent: hid_t) throws(HDF5Failure) -> Handle {
        try take(
            H5Gopen2(parent, name, ch5_default_plist()), closedBy: H5Gclose, "there is no group \"\(name)\"")
    }

    static func dataset(_ name: String, of parent: hid_t) throws(HDF5Failure) -> Handle {
        try take(
            H5Dopen2(parent, name, ch5_default_plist()), closedBy: H5Dclose, "there is no dataset \"\(name)\"")
    }
}

extension ColumnType {
    /// Type in the file: little-endian whatever the machine. Text has a type of its own, see ``Handle/textType()``.
    var fileType: hid_t {
        switch self {
        case .int64: ch5_int64()
        case .int32: ch5_int32()
        case .float64: ch5_float64()
        case .float32: ch5_float32()
        case .uint8: ch5_uint8()
        case .text: ch5_string()
        }
    }

    /// Type in memory.
    var memoryType: hid_t {
        switch self {
        case .int64: ch5_native_int64()
        case .int32: ch5_native_int32()
        case .float64: ch5_native_float64()
        case .float32: ch5_native_float32()
        case .uint8: ch5_native_uint8()
        case .text: ch5_string()
        }
    }
}
