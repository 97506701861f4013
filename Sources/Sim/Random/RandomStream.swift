/// A counter-based stream of random numbers, named by what it is for.
///
/// A draw is a pure function of (seed, purpose, entity, counter): streams never disturb each other, and adding an
/// entity or a draw moves no other stream.
@frozen
public struct RandomStream: Sendable, BitwiseCopyable, Codable {
    @usableFromInline var key: UInt64
    @usableFromInline var counter: UInt64

    /// - Parameters:
    ///   - seed: the run's seed.
    ///   - purpose: what the draws decide; one constant per use.
    ///   - entity: index of the thing that draws (site, station, EVSE …), dense and stable.
    @inlinable public init(seed: UInt64, purpose: UInt64, entity: UInt64) {
        key = Self.mix(Self.mix(Self.mix(seed) ^ purpose) ^ entity)
        counter = 0
    }

    /// 64 uniform bits.
    @inlinable public mutating func next() -> UInt64 {
        counter &+= 0x9E37_79B9_7F4A_7C15
        return Self.mix(key ^ Self.mix(counter &+ key))
    }
    /// Uniform in the open interval 0 to 1: an odd multiple of 2^-53, never 0 and never 1.
    @inlinable public mutating func unit() -> Double {
        Double(bitPattern: 0x3FF0_0000_0000_0000 | next() >> 12) - (1 - 0x1p-53)
    }

    @inlinable static func mix(_ x: UInt64) -> UInt64 {
        var z = x
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
