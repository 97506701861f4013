internal import Dispatch
public import Sim

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Simulated time as the wall clock times a factor, from a start that all sites share.
public struct WallClock: Sendable {
    /// Simulated seconds a second.
    public let speed: Double
    /// Simulated time at the start.
    public let origin: SimTime
    private let startedAt: UInt64

    public init(speed: Double, origin: SimTime) {
        self.speed = speed
        self.origin = origin
        startedAt = DispatchTime.now().uptimeNanoseconds
    }

    /// Simulated time now.
    public var now: SimTime {
        let nanoseconds = Double(DispatchTime.now().uptimeNanoseconds - startedAt)
        return SimTime(microseconds: origin.microseconds + Int64(nanoseconds * speed / 1000))
    }

    /// Nanoseconds until the simulated instant; 0 when it has passed, at most a day.
    public func nanoseconds(until instant: SimTime) -> Int64 {
        guard instant < .distantFuture else { return Self.day }
        let due = Double(instant.microseconds - origin.microseconds) * 1000 / speed
        let passed = Double(DispatchTime.now().uptimeNanoseconds - startedAt)
        return Int64(min(max(0, due - passed), Double(Self.day)))
    }
    private static let day: Int64 = 86_400_000_000_000
}

/// The date, for certificates.
enum WallTime {
    static var secondsSince1970: Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
