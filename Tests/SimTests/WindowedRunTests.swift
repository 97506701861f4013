import Foundation
import Sim
import Synchronization
import Testing

/// A process that counts, draws and sends to others; its digest shows every event it has seen, in order.
private struct Gossip: LogicalProcess, Codable {
    static let lookaheadUs: Int64 = 1000

    var queue = EventQueue<UInt32>()
    var stream: RandomStream
    var digest = TraceDigest()
    var sent: UInt32 = 0
    let index: UInt32
    let others: Int

    init(index: Int, others: Int, seed: UInt64) {
        stream = RandomStream(seed: seed, purpose: 1, entity: UInt64(index))
        self.index = UInt32(index)
        self.others = others
        for i in 0..<3 { queue.schedule(UInt32(i), at: SimTime(microseconds: Int64(stream.below(5000)))) }
    }

    var nextTime: SimTime { queue.nextTime ?? .distantFuture }

    mutating func run(until end: SimTime, outbox: inout [Envelope<UInt32>]) {
        while let (now, event) = queue.pop(before: end) {
            digest.mix(now.microseconds)
            digest.mix(UInt64(event))
            // Whole milliseconds make ties between local events and messages frequent.
            let wait = SimDuration(microseconds: Int64(1 + stream.below(5)) * 1000)
            if stream.below(3) == 0 {
                outbox.append(
                    Envelope(
                        deliverAt: now + wait, source: index, sequence: sent,
                        destination: UInt32(stream.below(others)), message: event &+ 1))
                sent += 1
            } else {
                queue.schedule(event &+ 2, at: now + wait)
            }
        }
    }

    mutating func deliver(_ message: UInt32, at time: SimTime) { queue.schedule(message, at: time) }
}

@Suite("Windows and threads")
struct WindowedRunTests {
    private static let lookahead = SimDuration(microseconds: Gossip.lookaheadUs)

    private func digests(_ run: WindowedRun<Gossip>) -> [UInt64] { (0..<run.count).map { run[$0].digest.value } }

    private func gossips(seed: UInt64) -> [Gossip] { (0..<60).map { Gossip(index: $0, others: 60, seed: seed) } }

    @Test("threads, interruptions and a saved and restored run change nothing")
    func sameResult() throws {
        for seed in UInt64(1)...10 {
            let end = SimTime(microseconds: 300_000)
            let alone = WindowedRun(
                processes: gossips(seed: seed), lookahead: Self.lookahead, pool: WorkerPool(threads: 1))
            alone.advance(to: end)
            #expect(alone.now == end)

            let pool = WorkerPool(threads: 3)
            let together = WindowedRun(processes: gossips(seed: seed), lookahead: Self.lookahead, pool: pool)
            together.advance(to: end)
            #expect(digests(together) == digests(alone), "seed \(seed)")

            var pieces = WindowedRun(processes: gossips(seed: seed), lookahead: Self.lookahead, pool: pool)
            var stream = RandomStream(seed: seed, purpose: 99, entity: 0)
            while pieces.now < end {
                pieces.advance(to: min(end, pieces.now + SimDuration(microseconds: Int64(stream.below(30_000)))))
                let processes = try JSONDecoder().decode(
                    [Gossip].self, from: JSONEncoder().encode((0..<pieces.count).map { pieces[$0] }))
                let state = try JSONDecoder().decode(
                    WindowState<UInt32>.self, from: JSONEncoder().encode(pieces.state))
                pieces = WindowedRun(processes: processes, lookahead: Self.lookahead, pool: pool, resuming: state)
            }
            #expect(digests(pieces) == digests(alone), "seed \(seed)")
        }
    }

    @Test("without messages one window reaches the end, and idle time is passed over")
    func oneWindow() {
        struct Ticker: LogicalProcess {
            var next = SimTime.zero
            var runs = 0
            var nextTime: SimTime { next }
            mutating func run(until end: SimTime, outbox: inout [Envelope<UInt8>]) {
                runs += 1
                while next < end { next = next + .hours(1) }
            }
            mutating func deliver(_ message: UInt8, at time: SimTime) {}
        }
        let pool = WorkerPool(threads: 2)
        let free = WindowedRun(processes: [Ticker(), Ticker()], lookahead: .unlimited, pool: pool)
        free.advance(to: .zero + .days(30))
        #expect(free[0].runs == 1 && free[0].next == .zero + .days(30))
        let sparse = WindowedRun(processes: [Ticker()], lookahead: .seconds(1), pool: pool)
        sparse.advance(to: .zero + .days(1))
        #expect(sparse[0].runs == 24)
        sparse[0].next = .zero + .days(2)
        sparse.advance(to: .zero + .days(3))
        #expect(sparse[0].runs == 24 + 24)
    }

    @Test("a pool runs every index once, for any count and grain, thousands of times over")
    func everyIndexOnce() {
        let pool = WorkerPool(threads: 4)
        let sums = (0..<1000).map { _ in Counter() }
        for round in 0..<3000 {
            let count = [0, 1, 5, 63, 1000][round % 5]
            pool.forEach(count: count, grain: 1 + round % 7) { sums[$0].value.add(1, ordering: .relaxed) }
        }
        for (index, sum) in sums.enumerated() {
            let expected = 600 * [1, 5, 63, 1000].count { index < $0 }
            #expect(sum.value.load(ordering: .relaxed) == expected, "index \(index)")
        }
    }

    @Test("sleeping threads wake up for the next loop")
    func sleepers() {
        let pool = WorkerPool(threads: 3)
        let sum = Counter()
        for _ in 0..<20 {
            pool.forEach(count: 30) { _ in sum.value.add(1, ordering: .relaxed) }
            usleep(2000)
        }
        #expect(sum.value.load(ordering: .relaxed) == 600)
    }
}

private final class Counter: Sendable {
    let value = Atomic<Int>(0)
}
