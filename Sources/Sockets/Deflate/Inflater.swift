internal import CZlib

/// Decompresses whole messages; one serves all connections of an event loop.
final class Inflater {
    /// Why a message could not be had.
    enum Failure: Error {
        case tooBig  // more bytes than the limit came out
        case corrupt  // no deflate stream
    }

    private let stream: UnsafeMutablePointer<z_stream>
    private var chunk: [UInt8]

    /// - Returns: nil where zlib has no memory.
    init?() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        chunk = [UInt8](repeating: 0, count: 16_384)
        guard evtwin_inflateInit2(stream, -15) == Z_OK else {
            stream.deallocate()
            return nil
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// The message behind a compressed one. Work and memory end at `limit` bytes, whatever the message would grow to.
    /// - Source: RFC 7692, 7.2.2.
    func decompress(_ compressed: [UInt8], limit: Int) throws(Failure) -> [UInt8] {
        guard inflateReset(stream) == Z_OK, compressed.count < Int(UInt32.max) - 4 else { throw .corrupt }
        var message: [UInt8] = []
        let input = compressed + [0, 0, 0xff, 0xff]
        let failure: Failure? = input.withUnsafeBufferPointer { bytes in
            stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
            stream.pointee.avail_in = UInt32(bytes.count)
            while true {
                let (status, made) = chunk.withUnsafeMutableBufferPointer { output in
                    stream.pointee.next_out = output.baseAddress
                    stream.pointee.avail_out = UInt32(output.count)
                    let status = inflate(stream, Z_SYNC_FLUSH)
                    return (status, output.count - Int(stream.pointee.avail_out))
                }
                guard made <= limit - message.count else { return .tooBig }
                message += chunk[..<made]
                switch status {
                case Z_STREAM_END: return nil  // a final block may end a message as well
                case Z_OK, Z_BUF_ERROR:
                    if stream.pointee.avail_out > 0 { return stream.pointee.avail_in == 0 ? nil : .corrupt }
                default: return .corrupt
                }
            }
        }
        if let failure { throw failure }
        return message
    }
}
