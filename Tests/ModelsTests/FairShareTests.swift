import Sim
import TestSupport
import Testing

@testable import Models

@Suite("Fair share")
struct FairShareTests {
    private static func random(_ seed: UInt64, count: Int) -> (WeightedFairShare, Double) {
        var stream = RandomStream(seed: seed, purpose: 6, entity: 0)
        var share = WeightedFairShare()
        for i in 0..<count {
            let maximum = 50 * stream.unit()
            let minimum = stream.unit() < 0.5 ? 0 : 10 * stream.unit()
            share.items.append(
                FairShareItem(
                    weight: Double(1 + stream.next() % 3), minimum: minimum, maximum: maximum, arrival: Int64(i)))
        }
        return (share, 25 * Double(count) * stream.unit())
    }

    @Test("grants respect the bounds and use the capacity")
    func bounds() {
        for seed in Soak.seeds(500) {
            var (share, capacity) = Self.random(seed, count: 1 + Int(seed % 60))
            share.allocate(capacity: capacity)
            var sum = 0.0
            var wish = 0.0
            for i in share.items.indices {
                let grant = share.grants[i]
                sum += grant
                guard share.isAdmitted[i] else {
                    #expect(grant == 0, "seed \(seed)")
                    continue
                }
                wish += share.items[i].maximum
                let inside = grant >= share.items[i].minimum - 1e-9 && grant <= share.items[i].maximum + 1e-9
                #expect(inside, "seed \(seed)")
            }
            #expect(abs(sum - min(capacity, wish)) < 1e-8 * max(1, capacity), "seed \(seed)")
        }
    }

    @Test("nobody between the bounds has less per weight than anybody above the minimum")
    func isMaxMin() {
        for seed in Soak.seeds(300) {
            var (share, capacity) = Self.random(seed, count: 20)
            guard let level = share.allocate(capacity: capacity) else { continue }
            for i in share.items.indices where share.isAdmitted[i] {
                let item = share.items[i]
                let perWeight = share.grants[i] / item.weight
                if share.grants[i] < item.maximum - 1e-9 { #expect(perWeight >= level - 1e-9, "seed \(seed)") }
                if share.grants[i] > item.minimum + 1e-9 { #expect(perWeight <= level + 1e-9, "seed \(seed)") }
            }
        }
    }

    @Test("20 chargers of 50 kW on 150 kW get 7.5 kW each")
    func office() {
        var share = WeightedFairShare()
        for i in 0..<20 {
            share.items.append(FairShareItem(weight: 1, minimum: 5000, maximum: 50_000, arrival: Int64(i)))
        }
        share.allocate(capacity: 150_000)
        #expect(share.grants.allSatisfy { abs($0 - 7500) < 1e-9 })
        share.allocate(capacity: 80_000)
        #expect(share.isAdmitted.prefix(16).allSatisfy { $0 } && !share.isAdmitted.suffix(4).contains(true))
    }

    @Test("one resource shared progressively is plain sharing")
    func progressiveIsPlain() {
        for seed in Soak.seeds(200) {
            var (share, capacity) = Self.random(seed, count: 12)
            for i in share.items.indices { share.items[i].minimum = 0 }
            share.allocate(capacity: capacity)
            var filling = ProgressiveFilling()
            filling.capacities = [capacity]
            filling.items = share.items
            for i in share.items.indices { filling.uses.append(ProgressiveFilling.Use(item: i, resource: 0)) }
            filling.allocate()
            for i in share.items.indices {
                #expect(abs(filling.grants[i] - share.grants[i]) < 1e-8, "seed \(seed)")
            }
        }
    }

    @Test("no resource of a tree carries more than it can")
    func treeHolds() {
        for seed in Soak.seeds(200) {
            var stream = RandomStream(seed: seed, purpose: 7, entity: 0)
            var filling = ProgressiveFilling()
            filling.capacities = [200 * stream.unit(), 100 * stream.unit(), 100 * stream.unit(), 63]
            filling.items = Self.random(seed, count: 15).0.items
            for i in filling.items.indices {
                filling.uses.append(ProgressiveFilling.Use(item: i, resource: 0))
                filling.uses.append(ProgressiveFilling.Use(item: i, resource: 1 + Int(stream.next() % 2)))
                if stream.unit() < 0.3 { filling.uses.append(ProgressiveFilling.Use(item: i, resource: 3)) }
            }
            filling.allocate()
            for r in filling.capacities.indices {
                #expect(filling.loads[r] <= filling.capacities[r] + 1e-8, "seed \(seed)")
            }
        }
    }

    @Test("whole amperes keep the sum and go to the largest remainders")
    func quantise() {
        var quantiser = CurrentQuantiser()
        quantiser.quantise([15.75, 15.75, 31.5], maximum: [32, 32, 32])
        #expect(quantiser.amps == [16, 16, 31])
        quantiser.quantise([6.9, 6.9, 6.9], maximum: [6.9, 32, 32])
        #expect(quantiser.amps == [6, 7, 7])
    }

    @Test("the optimal depot peak lies on or above the critical interval and is met by the flow")
    func depot() throws {
        for seed in Soak.seeds(60) {
            var stream = RandomStream(seed: seed, purpose: 8, entity: 0)
            var jobs: [DepotJob] = []
            for _ in 0..<10 {
                let arrival = (2 * 4 * stream.unit()).rounded() / 2 + 18
                jobs.append(
                    DepotJob(
                        arrivalH: arrival, departureH: arrival + 3 + (6 * stream.unit()).rounded(),
                        energyWh: 10_000 + 20_000 * stream.unit(), maximumW: 11_000))
            }
            let bound = DepotPlan.criticalInterval(jobs).powerW
            let peak = try #require(DepotPlan.minimumPeakW(jobs))
            #expect(peak >= bound * (1 - 1e-9), "seed \(seed)")
        }
    }
}
