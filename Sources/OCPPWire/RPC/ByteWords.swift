/// Eight bytes at a time; every access is checked against the bounds.
extension RawSpan {
    /// The eight bytes from `offset` on, the first one lowest.
    @inline(__always) func word(at offset: Int) -> UInt64 {
        UInt64(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    @inline(__always) func byte(at offset: Int) -> UInt8 { unsafeLoad(fromByteOffset: offset, as: UInt8.self) }
}

extension UInt64 {
    /// Top bits of the bytes that are quotes or backslashes. The lowest bit is right; those above it may be too many.
    @inline(__always) var quotesAndBackslashes: UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quotes = self ^ (ones &* 0x22)
        let backslashes = self ^ (ones &* 0x5C)
        return (((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes)) & (ones &* 0x80)
    }
}
