import Twin

/// Progress of a run: on a terminal one line that renews itself, elsewhere a plain line now and then.
struct ProgressBar {
    /// Between two lines where there is no terminal: short runs stay silent in logs.
    private static let plainInterval = Duration.seconds(10)
    private static let terminalInterval = Duration.milliseconds(150)

    private let started = ContinuousClock.now
    private let isShown: Bool
    private let isTerminal: Bool
    private var lastShown: ContinuousClock.Instant
    private var firstFraction: Double?
    private var firstEvents: UInt64 = 0

    init(isShown: Bool) {
        self.isShown = isShown
        isTerminal = Terminal.isInteractive
        lastShown = isTerminal ? started - Self.terminalInterval : started
    }

    mutating func show(_ progress: RunProgress) {
        guard isShown else { return }
        let now = ContinuousClock.now
        if firstFraction == nil {
            firstFraction = progress.fraction
            firstEvents = progress.events
        }
        let isLast = progress.fraction >= 1 && isTerminal
        guard isLast || now - lastShown >= (isTerminal ? Self.terminalInterval : Self.plainInterval) else { return }
        lastShown = now
        let elapsed = (now - started) / .seconds(1)
        let done = progress.fraction - (firstFraction ?? 0)
        let line = ProgressLine(
            fraction: progress.fraction, date: String(progress.date.prefix(16)),
            eventsPerSecond: elapsed > 0 ? Double(progress.events - firstEvents) / elapsed : 0,
            secondsLeft: done > 0 ? elapsed * (1 - progress.fraction) / done : .infinity)
        if isTerminal {
            Terminal.status(line.text(width: Terminal.width))
        } else {
            Terminal.error(line.plain)
        }
    }

    func finish() { if isShown && isTerminal { Terminal.status("") } }
}

/// The text of a progress line: percentage and time left always, the rest where there is room.
struct ProgressLine {
    private static let barRange = 10...40

    /// 0 ... 1.
    let fraction: Double
    /// Simulated local time.
    let date: String
    let eventsPerSecond: Double
    let secondsLeft: Double

    /// For a terminal of `width` columns; one column less, because the last one makes some terminals wrap.
    func text(width: Int) -> String {
        let room = max(1, width - 1)
        for tail in tails {
            let bar = room - tail.count - 3
            guard bar >= Self.barRange.lowerBound else { continue }
            let length = min(bar, Self.barRange.upperBound)
            let filled = min(length, max(0, Int(fraction * Double(length))))
            return "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: length - filled) + "] "
                + tail
        }
        let shortest = tails.first { $0.count <= room } ?? "\(percent)%"
        return String(shortest.prefix(room))
    }

    /// For a log.
    var plain: String { "\(percent) %  \(date)  \(rate)  \(left) left" }

    /// From the most to the least that is worth saying.
    private var tails: [String] {
        [
            "\(padded) %  \(date)  \(rate)  \(left) left", "\(padded) %  \(date)  \(left) left",
            "\(padded) %  \(left) left", "\(padded) % \(left)",
        ]
    }

    private var percent: Int { Int(max(0, min(1, fraction)) * 100) }
    private var padded: String { String(repeating: " ", count: 3 - min(3, "\(percent)".count)) + "\(percent)" }

    private var rate: String {
        if eventsPerSecond < 1e6 { return "\(Int(max(0, eventsPerSecond) / 1e3)) k events/s" }
        let tenths = Int(eventsPerSecond / 1e5)
        return "\(tenths / 10).\(tenths % 10) M events/s"
    }

    private var left: String {
        guard secondsLeft.isFinite, secondsLeft < 1e8 else { return "--:--" }
        let seconds = Int(max(0, secondsLeft).rounded())
        let minutes = seconds / 60 % 60
        return seconds >= 3600
            ? "\(seconds / 3600) h \(minutes) min" : "\(minutes):" + (seconds % 60 < 10 ? "0" : "") + "\(seconds % 60)"
    }
}
