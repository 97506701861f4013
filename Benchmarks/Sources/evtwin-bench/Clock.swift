#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Seconds of processor time of this process and of wall time.
struct Stopwatch {
    private let startCPU = Stopwatch.read(CLOCK_PROCESS_CPUTIME_ID)
    private let startWall = Stopwatch.read(CLOCK_MONOTONIC)

    var cpuS: Double { Self.read(CLOCK_PROCESS_CPUTIME_ID) - startCPU }
    var wallS: Double { Self.read(CLOCK_MONOTONIC) - startWall }

    private static func read(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
    }
}
