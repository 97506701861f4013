/// An instant of simulated time: whole microseconds since the start of the world.
///
/// Integer time makes order exact and repeatable; `Int64` covers 292,000 years.
@frozen
public struct SimTime: Hashable, Comparable, Sendable, BitwiseCopyable, Codable {
    public var microseconds: Int64

    @inlinable public init(microseconds: Int64) { self.microseconds = microseconds }
    /// The start of the world.
    @inlinable public static var zero: SimTime { SimTime(microseconds: 0) }
    /// Later than every event.
    @inlinable public static var distantFuture: SimTime { SimTime(microseconds: .max) }

    /// Seconds since the start of the world, rounded to the nearest representable `Double`.
    @inlinable public var seconds: Double { Double(microseconds) * 1e-6 }

    @inlinable public static func < (a: SimTime, b: SimTime) -> Bool { a.microseconds < b.microseconds }
    @inlinable public static func + (a: SimTime, d: SimDuration) -> SimTime {
        SimTime(microseconds: a.microseconds + d.microseconds)
    }
    @inlinable public static func - (a: SimTime, d: SimDuration) -> SimTime {
        SimTime(microseconds: a.microseconds - d.microseconds)
    }
    @inlinable public static func - (a: SimTime, b: SimTime) -> SimDuration {
        SimDuration(microseconds: a.microseconds - b.microseconds)
    }
}

/// A length of simulated time in whole microseconds; may be negative as a difference.
@frozen
public struct SimDuration: Hashable, Comparable, Sendable, BitwiseCopyable, Codable {
    public var microseconds: Int64

    @inlinable public init(microseconds: Int64) { self.microseconds = microseconds }
    @inlinable public static var zero: SimDuration { SimDuration(microseconds: 0) }
    @inlinable public static func seconds(_ n: Int64) -> SimDuration { SimDuration(microseconds: n * 1_000_000) }
    @inlinable public static func minutes(_ n: Int64) -> SimDuration { .seconds(n * 60) }
    @inlinable public static func hours(_ n: Int64) -> SimDuration { .seconds(n * 3600) }
    @inlinable public static func days(_ n: Int64) -> SimDuration { .seconds(n * 86_400) }

    /// The shortest duration on the microsecond clock that is not below `seconds`: rounding up makes an event
    /// find its threshold already crossed. Values beyond a million years saturate there.
    @inlinable public static func roundingUp(seconds: Double) -> SimDuration {
        precondition(!seconds.isNaN, "a duration must be a number")
        let us = seconds * 1e6
        guard us < 9.2e18 else { return SimDuration(microseconds: 9_200_000_000_000_000_000) }
        let whole = Int64(us)  // towards zero
        return SimDuration(microseconds: Double(whole) < us ? whole + 1 : whole)
    }
    /// The nearest duration on the microsecond clock; halves go away from zero.
    @inlinable public static func rounding(seconds: Double) -> SimDuration {
        let us = seconds * 1e6
        let whole = Int64(us)  // towards zero
        let rest = us - Double(whole)
        return SimDuration(microseconds: whole + Int64(rest + rest))  // a branch here would be a coin toss
    }

    @inlinable public var seconds: Double { Double(microseconds) * 1e-6 }

    @inlinable public static func < (a: SimDuration, b: SimDuration) -> Bool { a.microseconds < b.microseconds }
    @inlinable public static func + (a: SimDuration, b: SimDuration) -> SimDuration {
        SimDuration(microseconds: a.microseconds + b.microseconds)
    }
    @inlinable public static func - (a: SimDuration, b: SimDuration) -> SimDuration {
        SimDuration(microseconds: a.microseconds - b.microseconds)
    }
    @inlinable public static func * (a: SimDuration, n: Int64) -> SimDuration {
        SimDuration(microseconds: a.microseconds * n)
    }
}
