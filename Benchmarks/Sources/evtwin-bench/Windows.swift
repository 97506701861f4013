import Sim

/// PHOLD cut into logical processes that run in windows, each with a queue and a stream of its own.
///
/// With one pending event a process and every event sent to another this is PHOLD to the letter; with tens of pending
/// events and few of them sent it has the shape of charging sites.
struct WindowedPhold {
    let processes: Int
    let events: Int
    let lookahead: Double
    let threads: Int
    /// Events of each process at the start.
    let pending: Int
    /// Share of events that schedule elsewhere, 0 ... 1.
    let remote: Double
    let seed: UInt64

    struct Process: LogicalProcess {
        var queue = EventQueue<UInt32>()
        var stream: RandomStream
        var digest = TraceDigest()
        var events = 0
        var sent: UInt32 = 0
        let index: UInt32
        let processes: Int
        let lookahead: Double
        let remote: Double

        @inline(__always)
        mutating func delay() -> SimDuration {
            .rounding(seconds: (lookahead + stream.exponential(mean: 1)) * Phold.unitS)
        }

        var nextTime: SimTime { queue.nextTime ?? .distantFuture }

        mutating func run(until end: SimTime, outbox: inout [Envelope<UInt32>]) {
            while let (now, event) = queue.pop(before: end) {
                events += 1
                digest.mix(UInt64(event))
                let at = now + delay()
                if remote >= 1 || stream.bernoulli(remote) {
                    let destination = UInt32(stream.below(processes))
                    outbox.append(
                        Envelope(
                            deliverAt: at, source: index, sequence: sent, destination: destination, message: event))
                    sent &+= 1
                } else {
                    queue.schedule(event, at: at)
                }
            }
        }

        mutating func deliver(_ message: UInt32, at time: SimTime) { queue.schedule(message, at: time) }
    }

    func run() {
        let made = (0..<processes).map { index in
            var process = Process(
                stream: RandomStream(seed: seed, purpose: 3, entity: UInt64(index)), index: UInt32(index),
                processes: processes, lookahead: lookahead, remote: remote)
            for _ in 0..<pending { process.queue.schedule(process.index, at: .zero + process.delay()) }
            return process
        }
        let pool = WorkerPool(threads: threads)
        let run = WindowedRun(
            processes: made, lookahead: .rounding(seconds: lookahead * Phold.unitS), pool: pool)
        let units = Double(events) * (1 + lookahead) / Double(processes * pending)
        let watch = Stopwatch()
        run.advance(to: .zero + .rounding(seconds: units * Phold.unitS))
        let (cpuS, wallS) = (watch.cpuS, watch.wallS)
        var digest = TraceDigest()
        var handled = 0
        for i in 0..<run.count {
            digest.mix(run[i].digest.value)
            handled += run[i].events
        }
        emit([
            ("kernel", "evtwin-windows"), ("N", processes), ("pending", pending), ("remote", remote),
            ("threads", threads), ("events", handled), ("lookahead", lookahead), ("wall_s", wallS), ("cpu_s", cpuS),
            ("ev_per_s", (Double(handled) / wallS).rounded()), ("ev_per_cpu_s", (Double(handled) / cpuS).rounded()),
            ("hash", String(digest.value, radix: 16)),
        ])
    }
}
