import CDeflate

/// Turns the bytes of a chunk into what HDF5's filters "shuffle" and "deflate" would make of them.
///
/// Holds its scratch memory: one encoder belongs to one thread.
final class ChunkEncoder {
    /// Deflate level, also written into the file's filter description.
    static let level: UInt32 = 1

    private let compressor: OpaquePointer
    private var shuffled: UnsafeMutableRawBufferPointer
    private var packed: UnsafeMutableRawBufferPointer
    /// Encodings of chunks that hold one value only (nothing modelled, nobody waiting): the same bytes every time.
    private var uniform: [(value: UInt32, byteCount: Int, packed: [UInt8])] = []
    private static let uniformMost = 16

    init() {
        guard let compressor = libdeflate_alloc_compressor(Int32(ChunkEncoder.level)) else {
            preconditionFailure("libdeflate gives a compressor for every level from 0 to 12, or memory is exhausted")
        }
        self.compressor = compressor
        shuffled = .allocate(byteCount: 1 << 16, alignment: 16)
        packed = .allocate(byteCount: 1 << 16, alignment: 16)
    }

    deinit {
        libdeflate_free_compressor(compressor)
        shuffled.deallocate()
        packed.deallocate()
    }

    /// Calls `body` with the encoded bytes of `chunk`, which are valid during the call only.
    func encode<Result, Failure: Error>(
        _ chunk: UnsafeRawBufferPointer, elementSize: Int,
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard elementSize == 4, let value = ChunkEncoder.onlyValue(of: chunk) else {
            return try body(compress(chunk, elementSize: elementSize))
        }
        if let known = uniform.first(where: { $0.value == value && $0.byteCount == chunk.count }) {
            return try known.packed.withRawBytes(body)
        }
        let fresh = compress(chunk, elementSize: elementSize)
        if uniform.count < ChunkEncoder.uniformMost { uniform.append((value, chunk.count, Array(fresh))) }
        return try body(fresh)
    }

    /// The four bytes that the whole chunk repeats, `nil` when it holds different ones.
    private static func onlyValue(of chunk: UnsafeRawBufferPointer) -> UInt32? {
        let words = chunk.bindMemory(to: UInt32.self)
        guard let first = words.first, words.last == first else { return nil }
        var differs: UInt32 = 0
        for word in words { differs |= word ^ first }
        return differs == 0 ? first : nil
    }

    /// The encoded bytes, valid until the next call.
    private func compress(_ chunk: UnsafeRawBufferPointer, elementSize: Int) -> UnsafeRawBufferPointer {
        let bound = libdeflate_zlib_compress_bound(compressor, chunk.count)
        ChunkEncoder.grow(&shuffled, to: chunk.count)
        ChunkEncoder.grow(&packed, to: bound)
        var source = chunk
        if elementSize > 1 {
            ChunkEncoder.shuffle(chunk, elementSize: elementSize, into: shuffled)
            source = UnsafeRawBufferPointer(rebasing: shuffled.prefix(chunk.count))
        }
        let count = libdeflate_zlib_compress(
            compressor, source.baseAddress, source.count, packed.baseAddress, packed.count)
        precondition(count > 0, "the output buffer has the size that libdeflate itself calls sufficient")
        return UnsafeRawBufferPointer(rebasing: packed.prefix(count))
    }

    /// First all first bytes, then all second bytes, and so on.
    static func shuffle(
        _ source: UnsafeRawBufferPointer, elementSize: Int, into target: UnsafeMutableRawBufferPointer
    ) {
        switch elementSize {
        case 4: shuffleWords(source.bindMemory(to: UInt32.self), into: target)
        case 8: shuffleWords(source.bindMemory(to: UInt64.self), into: target)
        default: preconditionFailure("columns have values of 1, 4 or 8 bytes")
        }
    }

    private static func shuffleWords<Word: FixedWidthInteger>(
        _ words: UnsafeBufferPointer<Word>, into target: UnsafeMutableRawBufferPointer
    ) {
        let count = words.count
        guard let target = target.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
        for byte in 0..<(Word.bitWidth / 8) {
            let plane = target + byte * count
            let shift = Word(byte * 8)
            for index in 0..<count { plane[index] = UInt8(truncatingIfNeeded: words[index].littleEndian &>> shift) }
        }
    }

    private static func grow(_ buffer: inout UnsafeMutableRawBufferPointer, to byteCount: Int) {
        guard buffer.count < byteCount else { return }
        buffer.deallocate()
        buffer = .allocate(byteCount: byteCount, alignment: 16)
    }
}

extension Array where Element: BitwiseCopyable {
    /// Calls `body` with the bytes of the elements, passing on its typed error.
    func withRawBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withUnsafeBufferPointer { buffer throws(Failure) in try body(UnsafeRawBufferPointer(buffer)) }
    }
}
