import Testing

@testable import CSMS

@Suite("SequenceWindow")
struct SequenceWindowTests {
    /// A small generator of its own: tests of the CSMS know nothing of the simulation's.
    private struct Dice {
        var state: UInt64
        mutating func roll(_ sides: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % sides
        }
    }

    @Test("numbers up to 63 ahead are known exactly, in any order")
    func matchesSet() {
        for seed: UInt64 in 0..<500 {
            var dice = Dice(state: seed)
            var window = SequenceWindow()
            var seen: Set<Int32> = []
            var first: Int32 = 0  // the least number not seen
            for _ in 0..<300 {
                let number = max(0, first - 3) + Int32(dice.roll(64))
                #expect(window.isNew(number) == !seen.contains(number), "seed \(seed), \(number)")
                window.insert(number)
                seen.insert(number)
                while seen.contains(first) { first += 1 }
                #expect(window.count == Int32(seen.count), "seed \(seed)")
            }
        }
    }

    @Test("a jump far ahead forgets what lies more than 63 behind, and counts it as received")
    func jump() {
        var window = SequenceWindow()
        window.insert(0)
        window.insert(1000)
        #expect(window.count == 2)
        #expect(!window.isNew(1000) && !window.isNew(0) && !window.isNew(936))
        #expect(window.isNew(937) && window.isNew(999) && window.isNew(1001))
        window.insert(.max)
        #expect(!window.isNew(.max) && window.isNew(.max - 1) && window.count == 3)
    }
}
