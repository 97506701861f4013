import Foundation
import Sim
import Testing

@Suite("HourlyRate")
struct HourlyRateTests {
    let rate = HourlyRate(perHour: [
        2, 1, 1, 1, 2, 4, 8, 12, 14, 12, 10, 10, 12, 12, 10, 10, 12, 16, 18, 14, 10, 6, 4, 3,
    ])

    @Test("next arrivals and expected counts are those of reference/vectors/queueing.json")
    func vectors() throws {
        #expect(abs(rate.expected(fromH: 6.5, toH: 19.25) - 155.5) < 1e-9)
        for (after, draw, next) in [(6.5, 0.7, 6.5875), (5.9, 3.1, 6.3375), (23.8, 5.0, 27.4)] {
            let found = try #require(rate.nextArrivalH(afterH: after, draw: draw))
            #expect(abs(found - next) < 1e-7)
        }
    }

    @Test("the area up to the next arrival is the draw, over hours, days and years")
    func inversion() throws {
        var stream = RandomStream(seed: 1, purpose: 2, entity: 3)
        for _ in 0..<20_000 {
            let after = stream.uniform(0, 500)
            let draw = stream.exponential(mean: stream.bernoulli(0.2) ? 3000 : 2)
            let next = try #require(rate.nextArrivalH(afterH: after, draw: draw))
            #expect(abs(rate.expected(fromH: after, toH: next) - draw) < 1e-9 * max(1, draw))
        }
    }

    @Test("a draw spent piece by piece, with another factor in each, ends where the areas add up to it")
    func pieces() {
        var stream = RandomStream(seed: 5, purpose: 2, entity: 3)
        for _ in 0..<5000 {
            let cut = stream.uniform(3, 40)
            var draw = stream.exponential(mean: 150)
            let whole = draw
            let first = rate.spend(&draw, fromH: 3, toH: cut, factor: 0.4)
            if let first {
                #expect(abs(0.4 * rate.expected(fromH: 3, toH: first) - whole) < 1e-9 && first <= cut)
            } else if let second = rate.spend(&draw, fromH: cut, toH: 5000, factor: 2.5) {
                let area = 0.4 * rate.expected(fromH: 3, toH: cut) + 2.5 * rate.expected(fromH: cut, toH: second)
                #expect(abs(area - whole) < 1e-9 * max(1, whole))
            }
        }
        var draw = 1.0
        #expect(rate.spend(&draw, fromH: 0, toH: 100, factor: 0) == nil && draw == 1)
    }

    @Test("hours without arrivals are passed over, and a rate of zero never has one")
    func zeroHours() throws {
        let noon = HourlyRate(perHour: (0..<24).map { $0 == 12 ? 4 : 0 })
        #expect(try #require(noon.nextArrivalH(afterH: 13, draw: 1)) == 36.25)
        #expect(try #require(noon.nextArrivalH(afterH: 12.5, draw: 2)) == 13)
        #expect(try #require(noon.nextArrivalH(afterH: 0, draw: 400)) == 12 + 99 * 24 + 1)
        #expect(HourlyRate(perHour: [0, 0]).nextArrivalH(afterH: 1, draw: 1) == nil)
        #expect(rate.nextArrivalH(afterH: 1, draw: 1, factor: 0) == nil)
    }

    @Test("arrivals of a busy year match the rate hour by hour and are independent of one another")
    func process() throws {
        var stream = RandomStream(seed: 4, purpose: 2, entity: 3)
        var now = SimTime.zero
        var byHour = [Double](repeating: 0, count: 24)
        var areas: [Double] = []
        let days = 365.0
        while let nextH = rate.nextArrivalH(
            afterH: now.seconds / 3600, draw: stream.exponential(mean: 1), factor: 1.5)
        {
            let next = SimTime.zero + .roundingUp(seconds: nextH * 3600)
            guard next.seconds < days * 86_400 else { break }
            areas.append(1.5 * rate.expected(fromH: now.seconds / 3600, toH: next.seconds / 3600))
            byHour[Int(next.seconds / 3600) % 24] += 1
            now = next
        }
        for (hour, count) in byHour.enumerated() {
            let expected = 1.5 * rate.perHour[hour] * days
            #expect(abs(count - expected) < 4 * expected.squareRoot(), "hour \(hour)")
        }
        #expect(kolmogorov(areas) { 1 - exp(-$0) } < 1.95)
    }
}
