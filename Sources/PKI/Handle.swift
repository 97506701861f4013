internal import CCrypto

/// One object of OpenSSL, freed with the last reference to it.
///
/// Bind it to a variable or property while its ``pointer`` is in use: then it outlives the call. Keys and certificates
/// are never changed after they are made, and OpenSSL may read them from any thread, hence `Sendable`.
final class Handle: @unchecked Sendable {
    let pointer: OpaquePointer
    private let release: (OpaquePointer?) -> Void

    /// Takes over `pointer`; `nil` throws the error that OpenSSL left.
    init(_ pointer: OpaquePointer?, _ operation: String, release: @escaping (OpaquePointer?) -> Void) throws(PKIError) {
        guard let pointer else { throw PKIError.openSSL(operation) }
        self.pointer = pointer
        self.release = release
    }
    deinit { release(pointer) }
}

/// OpenSSL's memory streams.
enum Memory {
    /// Longest text or structure that is read: chains of a dozen certificates fit.
    static let longest = 262_144

    /// A stream that reads from a copy of `bytes`.
    static func reader(_ bytes: [UInt8], _ operation: String) throws(PKIError) -> Handle {
        guard bytes.count <= longest else { throw PKIError(operation, reason: "longer than \(longest) bytes") }
        let stream = try writer(operation)
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { BIO_write(stream.pointer, $0.baseAddress, Int32($0.count)) }
            guard count > 0 else { throw PKIError.openSSL(operation) }
            written += Int(count)
        }
        return stream
    }

    static func writer(_ operation: String) throws(PKIError) -> Handle {
        ERR_clear_error()
        return try Handle(BIO_new(BIO_s_mem()), operation) { BIO_free_all($0) }
    }

    /// Everything written to the stream.
    static func contents(_ stream: Handle) -> [UInt8] {
        let count = BIO_ctrl_pending(stream.pointer)
        guard count > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, length in
            length = max(0, Int(BIO_read(stream.pointer, buffer.baseAddress, Int32(buffer.count))))
        }
    }

    static func text(_ stream: Handle) -> String { String(decoding: contents(stream), as: UTF8.self) }

    /// The DER form that one of OpenSSL's `i2d` functions writes.
    static func der(
        _ operation: String, _ write: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32
    ) throws(PKIError) -> [UInt8] {
        let count = write(nil)
        guard count > 0 else { throw PKIError.openSSL(operation) }
        return [UInt8](unsafeUninitializedCapacity: Int(count)) { buffer, length in
            var position = buffer.baseAddress
            length = max(0, Int(write(&position)))
        }
    }

    /// Reads DER with one of OpenSSL's `d2i` functions; what follows the structure is refused.
    static func parse(
        _ der: [UInt8], _ operation: String, release: @escaping (OpaquePointer?) -> Void,
        read: (UnsafeMutablePointer<UnsafePointer<UInt8>?>, Int) -> OpaquePointer?
    ) throws(PKIError) -> Handle {
        ERR_clear_error()
        guard der.count <= longest else { throw PKIError(operation, reason: "longer than \(longest) bytes") }
        var isWhole = false
        let pointer = der.withUnsafeBufferPointer { buffer in
            var position = buffer.baseAddress
            let object = read(&position, buffer.count)
            isWhole = position == buffer.baseAddress.map { $0 + buffer.count }
            return object
        }
        let handle = try Handle(pointer, operation, release: release)
        guard isWhole else { throw PKIError(operation, reason: "bytes follow the end") }
        return handle
    }

    /// Refuses to ask for a pass phrase: encrypted keys are an error, not a prompt on the terminal.
    static let noPassPhrase:
        @convention(c) (UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?) ->
            Int32 = { _, _, _, _ in -1 }
}
