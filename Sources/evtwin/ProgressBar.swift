import Twin

/// One line on a terminal: bar, simulated date, events a second, time left. Nothing where nobody looks.
struct ProgressBar {
    private let started = ContinuousClock.now
    private let isShown: Bool
    private var lastShown: ContinuousClock.Instant?
    private var firstFraction: Double?
    private var firstEvents: UInt64 = 0

    init(isShown: Bool) { self.isShown = isShown }

    mutating func show(_ progress: RunProgress) {
        guard isShown else { return }
        let now = ContinuousClock.now
        if let lastShown, now - lastShown < .milliseconds(150), progress.fraction < 1 { return }
        lastShown = now
        if firstFraction == nil {
            firstFraction = progress.fraction
            firstEvents = progress.events
        }
        let elapsed = (now - started) / .seconds(1)
        let done = progress.fraction - (firstFraction ?? 0)
        let left = done > 0 ? elapsed * (1 - progress.fraction) / done : .infinity
        let rate = elapsed > 0 ? Double(progress.events - firstEvents) / elapsed : 0
        let tail =
            " \(padded(Int(progress.fraction * 100), 3)) %  \(progress.date.prefix(16))  "
            + "\(millions(rate)) M events/s  \(clock(left)) left"
        let room = max(10, min(40, Terminal.width - tail.count - 3))
        let filled = Int(progress.fraction * Double(room))
        Terminal.status(
            "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: room - filled) + "]" + tail)
    }

    func finish() { if isShown { Terminal.status("") } }

    private func padded(_ n: Int, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - String(n).count)) + String(n)
    }
    private func millions(_ rate: Double) -> String {
        let tenths = Int(rate / 1e5)
        return "\(tenths / 10).\(tenths % 10)"
    }
    private func clock(_ seconds: Double) -> String {
        guard seconds.isFinite else { return "--:--" }
        let s = Int(seconds.rounded())
        let minutes = s / 60 % 60
        return s >= 3600 ? "\(s / 3600) h \(minutes) min" : "\(minutes):" + (s % 60 < 10 ? "0" : "") + "\(s % 60)"
    }
}
