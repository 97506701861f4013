/// The first 48 bytes of a version 3 HDF5 file, as far as the writer needs to know them.
///
/// - Source: HDF5 File Format Specification 3.0, II.A "Disk Format: Level 0A - Format Signature and Superblock", and
///   VII.A for the checksum (lookup3, Bob Jenkins, public domain, 2006).
enum Superblock {
    static let byteCount = 48
    private static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
    private static let flagsOffset = 11
    private static let endOfFileOffset = 28
    private static let checksumOffset = 44

    /// True if `bytes` starts with a superblock of version 3 with 8-byte addresses.
    static func isPresent(in bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count >= byteCount && bytes.prefix(8).elementsEqual(signature) && bytes[8] == 3 && bytes[9] == 8
    }

    /// The end of the file that the superblock promises; a file shorter than this is refused as truncated.
    static func endOfFile(of bytes: UnsafeRawBufferPointer) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: endOfFileOffset, as: UInt64.self))
    }

    /// Clears the marks "open for writing", which make every plain reader refuse the file, and seals it anew.
    static func clearOpenMarks(in bytes: UnsafeMutableRawBufferPointer) {
        bytes[flagsOffset] = 0
        seal(bytes)
    }

    /// Promises another end of the file, and seals it anew.
    static func setEndOfFile(_ end: UInt64, in bytes: UnsafeMutableRawBufferPointer) {
        bytes.storeBytes(of: end.littleEndian, toByteOffset: endOfFileOffset, as: UInt64.self)
        seal(bytes)
    }

    private static func seal(_ bytes: UnsafeMutableRawBufferPointer) {
        let sealed = UnsafeRawBufferPointer(rebasing: bytes.prefix(checksumOffset))
        bytes.storeBytes(of: lookup3(sealed).littleEndian, toByteOffset: checksumOffset, as: UInt32.self)
    }

    /// Jenkins' lookup3 hash with initial value 0, the checksum of HDF5's metadata.
    static func lookup3(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        func word(_ offset: Int) -> UInt32 {
            UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        }
        func turn(_ value: UInt32, _ bits: UInt32) -> UInt32 { value << bits | value >> (32 - bits) }

        let seed = 0xDEAD_BEEF &+ UInt32(bytes.count)
        var (a, b, c) = (seed, seed, seed)
        var position = 0
        while bytes.count - position > 12 {
            a &+= word(position)
            b &+= word(position + 4)
            c &+= word(position + 8)
            position += 12
            a = (a &- c) ^ turn(c, 4)
            c = c &+ b
            b = (b &- a) ^ turn(a, 6)
            a = a &+ c
            c = (c &- b) ^ turn(b, 8)
            b = b &+ a
            a = (a &- c) ^ turn(c, 16)
            c = c &+ b
            b = (b &- a) ^ turn(a, 19)
            a = a &+ c
            c = (c &- b) ^ turn(b, 4)
            b = b &+ a
        }
        if position == bytes.count { return c }
        var last: (UInt32, UInt32, UInt32) = (0, 0, 0)
        for offset in position..<bytes.count {
            let place = offset - position
            let bits = UInt32(bytes[offset]) << UInt32(8 * (place % 4))
            switch place / 4 {
            case 0: last.0 |= bits
            case 1: last.1 |= bits
            default: last.2 |= bits
            }
        }
        a &+= last.0
        b &+= last.1
        c &+= last.2
        c = (c ^ b) &- turn(b, 14)
        a = (a ^ c) &- turn(c, 11)
        b = (b ^ a) &- turn(a, 25)
        c = (c ^ b) &- turn(b, 16)
        a = (a ^ c) &- turn(c, 4)
        b = (b ^ a) &- turn(a, 14)
        c = (c ^ b) &- turn(b, 24)
        return c
    }
}
