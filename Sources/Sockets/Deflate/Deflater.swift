internal import CZlib

/// Compresses whole messages; one serves all connections of an event loop.
final class Deflater {
    private let stream: UnsafeMutablePointer<z_stream>
    private var chunk: [UInt8]

    /// - Parameters: level 1 ... 9, window 9 ... 15 (powers of two).
    /// - Returns: nil where zlib has no memory.
    init?(level: Int, windowBits: Int) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        chunk = [UInt8](repeating: 0, count: 4096)
        // Negative: without zlib's header. A small hash table (memory level 5) is cleared faster for every message.
        guard evtwin_deflateInit2(stream, Int32(level), Int32(-windowBits), 5) == Z_OK else {
            stream.deallocate()
            return nil
        }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// The message compressed, without the empty block at its end; nil where that would not make it shorter.
    /// - Source: RFC 7692, 7.2.1.
    func compress(_ message: [UInt8]) -> [UInt8]? {
        guard deflateReset(stream) == Z_OK, message.count <= Int(UInt32.max) else { return nil }
        var compressed: [UInt8] = []
        var isDone = false
        let isSound = message.withUnsafeBufferPointer { input in
            stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            stream.pointee.avail_in = UInt32(input.count)
            while !isDone {
                let (status, made) = chunk.withUnsafeMutableBufferPointer { output in
                    stream.pointee.next_out = output.baseAddress
                    stream.pointee.avail_out = UInt32(output.count)
                    let status = deflate(stream, Z_SYNC_FLUSH)
                    return (status, output.count - Int(stream.pointee.avail_out))
                }
                guard status == Z_OK || status == Z_BUF_ERROR else { return false }
                compressed += chunk[..<made]
                isDone = made < chunk.count
                guard compressed.count < message.count + 4 else { return false }
            }
            return true
        }
        guard isSound, compressed.suffix(4).elementsEqual([0, 0, 0xff, 0xff]) else { return nil }
        compressed.removeLast(4)
        return compressed.count < message.count ? compressed : nil
    }
}
