import Sim
import Testing

@testable import Models

/// A site of single-EVSE stations whose one component fails; nobody comes.
struct FailingSite {
    var plant: SitePlant

    /// - Parameter mtbfH: of each station's one component that fails.
    init(stations: Int, mtbfH: Double, crews: Int, repairH: Double, onsiteShare: Double = 1, seed: UInt64 = 1) {
        var p = SiteParameters()
        p.seed = seed
        p.entity = 7
        p.end = .distantFuture
        p.position = (0, 0)
        for s in 0..<stations {
            p.evses.append(
                EVSEParameters(
                    station: s, isDirect: false, ratedW: 7360, cableA: 32, voltageV: 230, phases: 1,
                    conversion: .ideal(kind: .ac, ratedW: 7360), compatibilityRow: 0))
            p.stations.append(
                StationParameters(
                    kind: .ac, ratedW: 7360, moduleCount: 0, moduleW: 0, standbyW: 0, evses: s..<s + 1,
                    entity: UInt64(s) << 32, weight: 1))
        }
        let none = ComponentRates(
            acPerYear: 0, dcPerYear: 0, onsiteShare: 1, weibullShape: 1, handsOnMedianH: 1)
        var rates = ContiguousArray(repeating: none, count: ReliabilityTable.components.count)
        rates[0] = ComponentRates(
            acPerYear: 8760 / mtbfH, dcPerYear: 0, onsiteShare: onsiteShare, weibullShape: 1,
            handsOnMedianH: repairH)
        var failures = FailureParameters(
            rates: rates, remoteMedianMin: 30, remoteSigma: 0.8, onsiteMedianH: 0, onsiteSigma: 0.8, crews: crews,
            dispatcherSite: 0)
        failures.repairLaw = .exponential
        failures.detectionMin = 0
        failures.triageMin = 0...0
        failures.crewSetUpMin = 0
        p.failures = failures
        plant = SitePlant(p)
    }

    /// Runs one event; messages arrive at their time.
    mutating func step(before end: SimTime) -> Bool {
        guard let (now, event) = plant.queue.pop(before: end) else { return false }
        plant.handle(event, now: now)
        for message in plant.outgoing { plant.accept(message.message, at: message.deliverAt) }
        plant.outgoing.removeAll(keepingCapacity: true)
        return true
    }
}

@Suite("Maintenance")
struct MaintenanceTests {
    /// Mean stations down and mean wait for a crew, h.
    private func simulate(crews: Int, years: Double) -> (down: Double, waitH: Double, visits: Int) {
        var site = FailingSite(stations: 100, mtbfH: 2000, crews: crews, repairH: 10)
        let end = SimTime.zero + .rounding(seconds: years * 8760 * 3600)
        while site.step(before: end) {}
        var downH = 0.0
        var waitH = 0.0
        let rows = site.plant.records.outages
        for row in rows {
            downH += (row.end - row.start).seconds / 3600
            waitH += Double(row.crewWaitS) / 3600
        }
        for row in site.plant.openOutages(now: end) { downH += (end - row.start).seconds / 3600 }
        return (downH / (years * 8760), waitH / Double(rows.count), rows.count)
    }

    /// - Source: machine-repair model M/M/1 with 100 machines; domain.md section 5.3. Tolerances are chosen
    /// for the test, not computed standard errors.
    @Test("100 stations, one crew, MTBF 2000 h, repair 10 h: the dispatcher queues as the machine-repair model says")
    func machineRepair() {
        let one = simulate(crews: 1, years: 500)
        #expect(abs(one.down - 0.9628725) < 0.04, "\(one.down)")
        #expect(abs(1 - one.down / 100 - 0.9903713) < 0.0004)
        #expect(abs(one.waitH - 9.4447) < 0.6, "\(one.waitH)")
    }

    @Test("three crews make a wait rare, a hundred make none; the work takes as long")
    func crews() {
        let one = simulate(crews: 1, years: 100)
        let three = simulate(crews: 3, years: 100)
        let hundred = simulate(crews: 100, years: 100)
        #expect(one.waitH > 8)
        #expect(three.waitH > 0 && three.waitH < 0.3, "\(three.waitH)")
        #expect(hundred.waitH == 0)
        #expect(hundred.down < three.down && three.down < one.down)
        // With a crew for each, stations are independent: 100 × 10 / 2010 are down.
        #expect(abs(hundred.down - 100 * 10.0 / 2010) < 0.02, "\(hundred.down)")
    }

    @Test("the nearest free crew is sent, and parts of the repair add up to its length")
    func dispatch() {
        var dispatcher = MaintenanceDispatcher(crews: 1, latitude: 0, longitude: 0)
        func order(_ outage: UInt32, ready: SimTime, latitude: Float) -> WorkOrder {
            WorkOrder(
                site: 0, outage: outage, readyAt: ready, handsOn: .hours(2), latitude: latitude, longitude: 0)
        }
        let t = SimTime.zero + .hours(1)
        dispatcher.receive(order(1, ready: t, latitude: 0))
        dispatcher.receive(order(2, ready: SimTime.zero + .minutes(30), latitude: 1))
        let first = dispatcher.dispatch(now: t)
        #expect(first.map(\.order.outage) == [2], "ready longest")
        #expect(dispatcher.waitingCount == 1)
        let wake = dispatcher.nextWake(now: t)
        #expect(wake?.at == first[0].done, "the crew is free again when it is done")
        #expect(dispatcher.nextWake(now: t) == nil, "one event is pending, not two")
        #expect(!dispatcher.wakes(99) && dispatcher.wakes(wake?.generation ?? 0))
        let second = dispatcher.dispatch(now: first[0].done)
        let km = Geography.distanceKm(0, 0, 1, 0)
        #expect(abs((second[0].arrives - second[0].dispatched).seconds - (900 + km / 50 * 3600)) < 1)
    }

    @Test("every working component has one pending failure, however often it was repaired; stale events are disowned")
    func oneNextFailure() throws {
        var site = FailingSite(stations: 20, mtbfH: 50, crews: 1, repairH: 1, onsiteShare: 0)
        #expect(site.plant.queue.count == 20)
        for _ in 0..<4000 {
            _ = site.step(before: .distantFuture)
            // A remote fix is the other thing a component can wait for.
            #expect(site.plant.queue.count == 20)
        }
        let before = site.plant.failures.clocks[0]
        let count = site.plant.queue.count
        site.plant.handle(
            .componentFailure(clock: 0, generation: before.generation &- 1), now: site.plant.nextTime)
        #expect(site.plant.failures.clocks[0].isDown == before.isDown && site.plant.queue.count == count)
    }
}

@Suite("Hidden conditions of ports")
struct PortConditionTests {
    private let parameters = PortConditionParameters(
        flakyPerYear: 0.2, deadPerYear: 0.1, growthPerYear: 3, ageMaxY: 3, flakySuccess: 0.4, inspectionD: 90,
        callShare: 0, remoteShare: 0.5)

    @Test("the area under the rate up to the onset is the draw", arguments: [0.0, 0.5, 2.9, 3.5, 20])
    func onset(age: Double) {
        for draw in [0.001, 0.1, 1, 7.5] {
            let onset = parameters.onsetAge(years: age, draw: draw)
            // Midpoints of many small steps.
            let n = 20_000
            let step = (onset - age) / Double(n)
            var area = 0.0
            for k in 0..<n {
                area += parameters.perYear * parameters.aging(years: age + (Double(k) + 0.5) * step) * step
            }
            #expect(abs(area - draw) < 1e-6 * max(1, draw), "age \(age), draw \(draw): \(area)")
        }
    }

    @Test("equipment that never ages has a constant rate")
    func constant() {
        var flat = parameters
        flat.growthPerYear = 0
        #expect(abs(flat.onsetAge(years: 2, draw: 0.6) - 4) < 1e-12)
    }
}
