import Sim
import TestSupport
import Testing

@testable import Models

/// The segment's differential equation stepped by hand: classic Runge-Kutta.
private func stepped(_ acceptance: Acceptance, from soc: Double, seconds: Double, capacityWh: Double) -> Double {
    let steps = 20_000
    let h = seconds / Double(steps)
    let rate = { (s: Double) in acceptance.powerW(atSoC: s) / (3600 * capacityWh) }
    var s = soc
    for _ in 0..<steps {
        let k1 = rate(s)
        let k2 = rate(s + 0.5 * h * k1)
        let k3 = rate(s + 0.5 * h * k2)
        let k4 = rate(s + h * k3)
        s += h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    }
    return s
}

@Suite("Acceptance")
struct AcceptanceTests {
    private static func random(_ seed: UInt64) -> (Acceptance, Double) {
        var stream = RandomStream(seed: seed, purpose: 1, entity: 0)
        let vehicle = VehicleCatalogue.all[Int(stream.next() % UInt64(VehicleCatalogue.all.count))]
        var acceptance = Acceptance(vehicle: vehicle)
        acceptance.factor = 0.2 + 0.8 * stream.unit()
        if stream.unit() < 0.5 { acceptance.limitW = vehicle.dcPeakW * (0.1 + stream.unit()) }
        if stream.unit() < 0.5 { acceptance.currentLimitA = 60 + 400 * stream.unit() }
        return (acceptance, vehicle.usableWh)
    }

    @Test("segments tile the whole range, each with the power the limits allow")
    func segmentsTile() {
        for seed in Soak.seeds(400) {
            let (acceptance, _) = Self.random(seed)
            var soc = 0.0
            var count = 0
            while soc < 1 {
                let segment = acceptance.segment(fromSoC: soc)
                #expect(segment.soc1 > soc, "seed \(seed) stuck at \(soc)")
                guard segment.soc1 > soc, count < 200 else { break }
                for part in [0.0, 0.3, 0.7, 0.999] {
                    let at = soc + part * (segment.soc1 - soc)
                    let want = acceptance.powerW(atSoC: at)
                    #expect(abs(segment.power(atSoC: at) - want) < 1e-6 * max(1, want), "seed \(seed) at \(at)")
                }
                soc = segment.soc1
                count += 1
            }
            #expect(soc == 1)
        }
    }

    @Test("charging in pieces ends where charging at once does")
    func splitIsExact() {
        for seed in Soak.seeds(300) {
            var stream = RandomStream(seed: seed, purpose: 2, entity: 0)
            let (acceptance, capacity) = Self.random(seed)
            let start = 0.9 * stream.unit()
            let total = 600 + 7200 * stream.unit()
            let once = acceptance.soc(fromSoC: start, afterSeconds: total, capacityWh: capacity)
            var soc = start
            var left = total
            while left > 0 {
                let piece = min(left, 1 + 900 * stream.unit())
                soc = acceptance.soc(fromSoC: soc, afterSeconds: piece, capacityWh: capacity)
                left -= piece
            }
            #expect(abs(soc - once) < 1e-11, "seed \(seed)")
        }
    }

    @Test("time to a state of charge and the state after that time agree")
    func inverses() {
        for seed in Soak.seeds(300) {
            var stream = RandomStream(seed: seed, purpose: 3, entity: 0)
            let (acceptance, capacity) = Self.random(seed)
            let from = 0.6 * stream.unit()
            let to = from + (0.99 - from) * stream.unit()
            let seconds = acceptance.seconds(fromSoC: from, toSoC: to, capacityWh: capacity)
            #expect(seconds.isFinite && seconds > 0)
            let back = acceptance.soc(fromSoC: from, afterSeconds: seconds, capacityWh: capacity)
            #expect(abs(back - to) < 1e-11, "seed \(seed)")
        }
    }

    @Test("the closed form follows the differential equation")
    func matchesODE() {
        for seed in Soak.seeds(12) {
            let (acceptance, capacity) = Self.random(seed)
            let exact = acceptance.soc(fromSoC: 0.1, afterSeconds: 1800, capacityWh: capacity)
            let numeric = stepped(acceptance, from: 0.1, seconds: 1800, capacityWh: capacity)
            #expect(abs(exact - numeric) < 2e-6, "seed \(seed)")
        }
    }

    @Test("a two-stage battery is never full, but comes as near as one waits")
    func twoStage() {
        let acceptance = Acceptance.twoStage(maximumW: 7000)
        #expect(acceptance.seconds(fromSoC: 0.5, toSoC: 1, capacityWh: 50_000) == .infinity)
        let soc = acceptance.soc(fromSoC: 0.5, afterSeconds: 1e6, capacityWh: 50_000)
        #expect(soc > 0.999_999 && soc <= 1)
        // Full power to 80 %: 15 kWh at 7 kW.
        #expect(abs(acceptance.seconds(fromSoC: 0.5, toSoC: 0.8, capacityWh: 50_000) - 15_000 / 7000.0 * 3600) < 1e-8)
        // Above the knee the rest decays with tau = 0.2 * capacity / power.
        let tau = 0.2 * 50_000 / 7000.0 * 3600
        let after = acceptance.soc(fromSoC: 0.8, afterSeconds: tau, capacityWh: 50_000)
        #expect(abs((1 - after) - 0.2 * Math.exp(-1)) < 1e-12)
    }

    @Test("a full battery takes nothing")
    func full() {
        let segment = Acceptance.twoStage(maximumW: 7000).segment(fromSoC: 1)
        #expect(segment.powerW == 0 && segment.soc1 == 1)
        #expect(segment.seconds(toSoC: 1, capacityWh: 1) == 0)
    }

    @Test("no limit leaves no power and the battery stays where it is")
    func noPower() {
        let acceptance = Acceptance(vehicle: VehicleCatalogue.all[0], limitW: 0)
        #expect(acceptance.soc(fromSoC: 0.4, afterSeconds: 3600, capacityWh: 1000) == 0.4)
        #expect(acceptance.seconds(fromSoC: 0.4, toSoC: 0.5, capacityWh: 1000) == .infinity)
    }

    @Test("energy is power integrated over time")
    func energyIsConserved() {
        let (acceptance, capacity) = Self.random(7)
        var soc = 0.05
        var joules = 0.0
        while soc < 0.95 {
            let segment = acceptance.segment(fromSoC: soc)
            let end = min(segment.soc1, 0.95)
            let seconds = segment.seconds(toSoC: end, capacityWh: capacity)
            // Simpson on one hundred pieces of the segment in time.
            let n = 100
            for i in 0..<n {
                let a = segment.soc(afterSeconds: seconds * Double(i) / Double(n), capacityWh: capacity)
                let m = segment.soc(afterSeconds: seconds * (Double(i) + 0.5) / Double(n), capacityWh: capacity)
                let b = segment.soc(afterSeconds: seconds * Double(i + 1) / Double(n), capacityWh: capacity)
                let sum = segment.power(atSoC: a) + 4 * segment.power(atSoC: m) + segment.power(atSoC: b)
                joules += sum * seconds / Double(n) / 6
            }
            soc = end
        }
        #expect(abs(joules - 0.9 * capacity * 3600) < 1e-6 * joules)
    }

    @Test("a 400 V car on a 200 A cable charges at the cable's current")
    func currentLimit() throws {
        let index = try #require(VehicleCatalogue.index(of: "vw_id4_77_2020"))
        let acceptance = Acceptance(vehicle: VehicleCatalogue.all[index], currentLimitA: 200)
        let segment = acceptance.segment(fromSoC: 0.1)
        #expect(segment.powerW == 200 * (330 + 70 * 0.1))
        #expect(segment.slopeWPerSoC == 200 * 70)
    }
}
