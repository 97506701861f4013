import Foundation
import Sim
import Testing

/// The obvious queue: a list in the order of scheduling, searched for its earliest.
private struct PlainQueue {
    var items: [(time: Int64, event: UInt32)] = []

    mutating func pop() -> (time: Int64, event: UInt32)? {
        guard var best = items.indices.first else { return nil }
        for i in items.indices where items[i].time < items[best].time { best = i }
        return items.remove(at: best)
    }
}

/// How far ahead a random script schedules.
enum Spread: String, CaseIterable, Sendable {
    case sameInstant
    case fewInstants
    case exponential
    case bursts
    case outliers
    case extremes
    case growing

    func delay(_ stream: inout RandomStream) -> Int64 {
        switch self {
        case .sameInstant: 0
        case .fewInstants: Int64(stream.below(4))
        case .exponential: Int64(stream.exponential(mean: 1e6))
        case .bursts: stream.below(10) == 0 ? Int64(stream.below(1000)) * 1_000_000 : 3_000_000
        case .outliers: stream.below(50) == 0 ? Int64(stream.below(1 << 50)) : Int64(stream.below(1000))
        case .extremes: stream.below(20) == 0 ? .max : Int64(stream.below(1 << 20))
        case .growing: Int64(1) << Int64(stream.below(50))
        }
    }
}

@Suite("EventQueue")
struct EventQueueTests {
    @Test("events come by time and then in the order of scheduling, whatever the pattern", arguments: Spread.allCases)
    func sameAsPlainQueue(spread: Spread) throws {
        for seed in UInt64(0)..<12 {
            var stream = RandomStream(seed: seed, purpose: 7, entity: 0)
            var queue = EventQueue<UInt32>()
            var plain = PlainQueue()
            var now: Int64 = 0
            var name: UInt32 = 0
            let crowd = [3, 40, 300, 1500][Int(seed) % 4]
            for step in 0..<3000 {
                let grows = queue.count < crowd && (step < crowd || stream.below(2) == 0)
                if grows {
                    let time = now.addingReportingOverflow(spread.delay(&stream))
                    let at = time.overflow ? Int64.max : time.partialValue
                    queue.schedule(name, at: SimTime(microseconds: at))
                    plain.items.append((at, name))
                    name += 1
                } else {
                    let expected = plain.pop()
                    let found = queue.pop()
                    #expect(found?.event == expected?.event, "\(spread), seed \(seed), step \(step)")
                    #expect(found?.time.microseconds == expected?.time, "\(spread), seed \(seed), step \(step)")
                    now = expected?.time ?? now
                }
                #expect(queue.count == plain.items.count)
                #expect(queue.nextTime?.microseconds == plain.items.map(\.time).min())
                if step % 1000 == 999 {
                    queue = try JSONDecoder().decode(
                        EventQueue<UInt32>.self, from: JSONEncoder().encode(queue))
                }
            }
        }
    }

    @Test("a hundred thousand events, held and replaced, leave in order")
    func largeHold() {
        for seed in UInt64(1)...3 {
            var stream = RandomStream(seed: seed, purpose: 8, entity: 0)
            var queue = EventQueue<Int>()
            for i in 0..<100_000 { queue.schedule(i, at: SimTime(microseconds: Int64(stream.exponential(mean: 1e8)))) }
            var last = (time: SimTime.zero, event: -1)
            for i in 100_000..<400_000 {
                guard let next = queue.pop() else { break }
                #expect(next.time > last.time || (next.time == last.time && next.event > last.event), "seed \(seed)")
                last = next
                let delay = Int64(stream.exponential(mean: 1e8))
                queue.schedule(i, at: next.time + SimDuration(microseconds: delay))
            }
            #expect(queue.count == 100_000)
            var left = 0
            while let next = queue.pop() {
                #expect(next.time >= last.time)
                last = next
                left += 1
            }
            #expect(left == 100_000)
        }
    }

    @Test("many events of one instant do not slow down those before it")
    func crowdedInstant() {
        var queue = EventQueue<Int>()
        let crowd = SimTime(microseconds: 1_000_000)
        for i in 0..<100_000 { queue.schedule(i, at: crowd) }
        let start = ContinuousClock.now
        for i in 0..<100_000 {
            queue.schedule(-i, at: SimTime(microseconds: Int64(i)))
            #expect(queue.pop()?.event == -i)
        }
        for i in 0..<100_000 { queue.schedule(100_000 + i, at: crowd) }
        for i in 0..<200_000 where queue.pop()?.event != i { Issue.record("event \(i) came at the wrong place") }
        #expect(ContinuousClock.now - start < .seconds(20), "quadratic cost")
    }

    @Test("popping before a time leaves what comes at or after it")
    func popBefore() {
        var queue = EventQueue<UInt8>()
        for (event, time) in [(1, 30), (2, 10), (3, 20), (4, 20)] as [(UInt8, Int64)] {
            queue.schedule(event, at: SimTime(microseconds: time))
        }
        #expect(queue.pop(before: SimTime(microseconds: 10))?.event == nil)
        #expect(queue.pop(before: SimTime(microseconds: 11))?.event == 2)
        #expect(queue.pop(before: SimTime(microseconds: 30))?.event == 3)
        #expect(queue.pop(before: SimTime(microseconds: 30))?.event == 4)
        #expect(queue.pop(before: SimTime(microseconds: 30))?.event == nil)
        #expect(queue.count == 1)
    }

    @Test("a copy goes its own way")
    func copies() {
        var queue = EventQueue<Int>()
        for i in 0..<200 { queue.schedule(i, at: SimTime(microseconds: Int64(i * 7919 % 200))) }
        var copy = queue
        while copy.pop() != nil {}
        #expect(queue.count == 200)
        #expect(queue.nextTime == .zero)
    }

    @Test("a saved queue is the same text however its events were arranged, and a damaged one is refused")
    func saving() throws {
        var one = EventQueue<Int>()
        var other = EventQueue<Int>()
        for i in 0..<500 { one.schedule(i, at: SimTime(microseconds: Int64(i) * 1000)) }
        for i in 0..<500 { other.schedule(-1, at: SimTime(microseconds: Int64(i))) }
        while other.pop() != nil {}
        for i in (0..<500).reversed() { other.schedule(i, at: SimTime(microseconds: Int64(i) * 1000)) }
        let encoder = JSONEncoder()
        #expect(try encoder.encode(one).count == encoder.encode(other).count)
        let restored = try JSONDecoder().decode(EventQueue<Int>.self, from: encoder.encode(other))
        #expect(restored.count == 500)
        let damaged = Data(#"{"times":[{"microseconds":1}],"events":[]}"#.utf8)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(EventQueue<Int>.self, from: damaged) }
    }
}
