/// An order-sensitive 64-bit digest of integers: two runs that mix the same words in the same order agree.
@frozen
public struct TraceDigest: Hashable, Sendable, BitwiseCopyable, Codable {
    @usableFromInline var state: UInt64
    /// The digest of the words so far.
    @inlinable public var value: UInt64 { state }

    @inlinable public init() { state = 0xCBF2_9CE4_8422_2325 }

    @inlinable public mutating func mix(_ word: UInt64) { fold(word) }
    @inlinable public mutating func mix(_ word: Int64) { fold(UInt64(bitPattern: word)) }
    @inlinable mutating func fold(_ word: UInt64) {
        var z = (state ^ word) &* 0x9E37_79B9_7F4A_7C15
        z ^= z >> 32
        state = z &* 0xD6E8_FEB8_6659_FD93
    }
}
