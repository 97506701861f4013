import CHDF5

/// HDF5's virtual file driver over a ``DiskFile``: the C functions that the library calls.
///
/// The library gets the `DiskFile` through the access property list, and keeps it alive while it has the file open.
enum DiskFileDriver {
    /// Access properties that open `file`, whatever name the library is given, in the format of HDF5 1.10.
    static func accessProperties(for file: DiskFile) throws(HDF5Failure) -> Handle {
        let properties = try Handle.propertyList(ch5_file_access_class())
        var owner: UnsafeMutableRawPointer? = Unmanaged.passUnretained(file).toOpaque()
        try HDF5.check(H5Pset_driver(properties.id, try registered(), &owner), "cannot set the file driver")
        try HDF5.check(
            H5Pset_libver_bounds(properties.id, H5F_LIBVER_V110, H5F_LIBVER_V110), "cannot choose the file format")
        return properties
    }

    // Set once, inside the library's lock.
    private nonisolated(unsafe) static var identifier: hid_t = -1

    private static func registered() throws(HDF5Failure) -> hid_t {
        if identifier >= 0 { return identifier }
        var driver = ch5_driver_class()
        driver.open = openFile
        driver.close = { file in
            guard let file else { return -1 }
            let disk = DiskFileDriver.owner(file)
            disk.closed()
            Unmanaged.passUnretained(disk).release()
            UnsafeMutableRawPointer(file).deallocate()
            return 0
        }
        driver.query = { _, features in
            features?.pointee = ch5_driver_features()
            return 0
        }
        driver.get_eoa = { file, _ in
            guard let file else { return .max }
            return haddr_t(DiskFileDriver.owner(file).endOfAllocation)
        }
        driver.set_eoa = { file, _, address in
            guard let file else { return -1 }
            DiskFileDriver.owner(file).endOfAllocation = UInt64(address)
            return 0
        }
        driver.get_eof = { file, _ in
            guard let file else { return .max }
            return haddr_t(DiskFileDriver.owner(file).length)
        }
        driver.read = { file, _, _, address, count, buffer in
            guard let file, let buffer else { return -1 }
            let bytes = UnsafeMutableRawBufferPointer(start: buffer, count: count)
            return DiskFileDriver.owner(file).read(at: UInt64(address), into: bytes) ? 0 : -1
        }
        driver.write = { file, kind, _, address, count, buffer in
            guard let file, let buffer else { return -1 }
            let bytes = UnsafeRawBufferPointer(start: buffer, count: count)
            let disk = DiskFileDriver.owner(file)
            let content: DiskFile.Content =
                switch kind {
                case H5FD_MEM_DRAW: .chunk
                case H5FD_MEM_GHEAP: .heap
                default: .metadata
                }
            disk.write(at: UInt64(address), bytes, content)
            return 0
        }
        driver.truncate = { file, _, _ in
            guard let file else { return -1 }
            let disk = DiskFileDriver.owner(file)
            disk.extend(to: disk.endOfAllocation)
            return 0
        }
        identifier = try HDF5.check(H5FDregister(&driver), "cannot register the file driver")
        return identifier
    }

    private static let openFile:
        @convention(c) (UnsafePointer<CChar>?, UInt32, hid_t, haddr_t) -> UnsafeMutablePointer<H5FD_t>? = {
            _, flags, properties, _ in
            guard let owner = H5Pget_driver_info(properties)?.load(as: UnsafeMutableRawPointer?.self) else {
                return nil
            }
            let disk = Unmanaged<DiskFile>.fromOpaque(owner).takeUnretainedValue()
            if flags & ch5_truncate_flag() != 0 { disk.empty() }
            let file = UnsafeMutablePointer<ch5_driver_file>.allocate(capacity: 1)
            file.initialize(to: ch5_driver_file())
            file.pointee.owner = Unmanaged.passRetained(disk).toOpaque()
            return UnsafeMutableRawPointer(file).assumingMemoryBound(to: H5FD_t.self)
        }

    private static func owner(_ file: UnsafePointer<H5FD_t>) -> DiskFile {
        let opaque = UnsafeRawPointer(file).assumingMemoryBound(to: ch5_driver_file.self).pointee.owner
        guard let opaque else { preconditionFailure("a driver file is created with its owner") }
        return Unmanaged<DiskFile>.fromOpaque(opaque).takeUnretainedValue()
    }

    private static func owner(_ file: UnsafeMutablePointer<H5FD_t>) -> DiskFile {
        owner(UnsafePointer(file))
    }
}
