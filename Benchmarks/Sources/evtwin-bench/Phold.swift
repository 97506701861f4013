import Sim

/// PHOLD on one queue: N logical processes, one event each at the start; every event schedules one on a process drawn
/// at random, lookahead + Exp(1) later. The same work as `phold.cpp`.
struct Phold {
    /// Clock ticks of a unit of time: fine enough that ties are rare with a million pending events.
    static let unitS = 1000.0

    let processes: Int
    let events: Int
    let lookahead: Double
    let seed: UInt64

    func run() {
        var stream = RandomStream(seed: seed, purpose: 1, entity: 0)
        var queue = EventQueue<UInt32>()
        var counts = ContiguousArray<UInt64>(repeating: 0, count: processes)
        for i in 0..<processes {
            queue.schedule(UInt32(i), at: .zero + delay(&stream))
        }
        var digest = TraceDigest()
        var now = SimTime.zero
        let watch = Stopwatch()
        for _ in 0..<events {
            guard let next = queue.pop() else { break }
            now = next.time
            counts[Int(next.event)] += 1
            digest.mix(UInt64(next.event))
            let wait = delay(&stream)
            queue.schedule(UInt32(stream.below(processes)), at: now + wait)
        }
        let (cpuS, wallS) = (watch.cpuS, watch.wallS)
        emit([
            ("kernel", "evtwin"), ("N", processes), ("events", events), ("lookahead", lookahead),
            ("wall_s", wallS), ("cpu_s", cpuS), ("ev_per_s", (Double(events) / wallS).rounded()),
            ("ev_per_cpu_s", (Double(events) / cpuS).rounded()), ("hash", String(digest.value, radix: 16)),
            ("tend", now.seconds / Self.unitS),
        ])
    }

    @inline(__always)
    private func delay(_ stream: inout RandomStream) -> SimDuration {
        .rounding(seconds: (lookahead + stream.exponential(mean: 1)) * Self.unitS)
    }
}

/// Prints one JSON object on a line.
func emit(_ fields: [(String, any CustomStringConvertible)]) {
    let parts = fields.map { key, value in
        value is String ? "\"\(key)\":\"\(value)\"" : "\"\(key)\":\(value)"
    }
    print("{" + parts.joined(separator: ",") + "}")
}
