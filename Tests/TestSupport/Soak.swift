import Foundation

/// Tests that go through seeds or rounds take more of them in `make soak`.
public enum Soak {
    /// `EVTWIN_SOAK`, how many times the usual; 1 when it is not set.
    public static let factor = max(1, ProcessInfo.processInfo.environment["EVTWIN_SOAK"].flatMap { Int($0) } ?? 1)

    /// `usual` rounds, or that many times ``factor``.
    public static func rounds(_ usual: Int) -> Int { usual * factor }

    /// `usual` seeds from `first` on, or that many times ``factor``.
    public static func seeds(_ usual: Int, from first: UInt64 = 0) -> Range<UInt64> {
        first..<(first + UInt64(rounds(usual)))
    }

    /// The number that an environment variable names, else `usual`: `EVTWIN_KILL_ROUNDS`, `EVTWIN_WORLDS`.
    public static func count(_ variable: String, usual: Int) -> Int {
        ProcessInfo.processInfo.environment[variable].flatMap { Int($0) } ?? usual
    }
}
