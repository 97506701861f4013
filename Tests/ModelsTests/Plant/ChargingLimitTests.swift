import Sim
import Testing

@testable import Models

@Suite("Limits at an outlet")
struct ChargingLimitTests {
    /// One outlet with one vehicle that charges from the start, as a replayed session.
    private func plant(direct: Bool = false, maxW: Double = 11_000) -> SitePlant {
        var p = SiteParameters()
        p.end = .zero + .days(2)
        p.stations = [
            StationParameters(
                kind: direct ? .dc : .ac, ratedW: 22_000, moduleCount: 0, moduleW: 0, standbyW: 0, evses: 0..<1,
                entity: 1, weight: 1)
        ]
        p.evses = [
            EVSEParameters(
                station: 0, isDirect: direct, ratedW: 22_000, cableA: 32, voltageV: 230, phases: 3,
                conversion: .ideal(kind: direct ? .dc : .ac, ratedW: 22_000), compatibilityRow: 0)
        ]
        p.replay = [
            ReplayedSession(
                arrival: .zero + .minutes(1), departure: .zero + .hours(20), evse: 0, energyWh: 30_000,
                batteryWh: 75_000, initialWh: 15_000, maxPowerW: maxW)
        ]
        var plant = SitePlant(p)
        while let (now, event) = plant.queue.pop(before: .zero + .minutes(2)) {
            plant.sample(upTo: now)
            plant.handle(event, now: now)
        }
        return plant
    }

    @Test("a limit reaches a vehicle as whole amperes, the duty follows, below 6 A it pauses and the contactor opens")
    func pilot() throws {
        var plant = plant()
        let now = SimTime.zero + .minutes(5)
        #expect(plant.readMeter(0, now: now).powerW == 11_000)
        plant.limit(0, watts: 5000, now: now)
        // 5,000 W on three phases of 230 V are 7.2 A.
        #expect(abs(plant.readMeter(0, now: now).powerW - 7 * 690) < 1e-6)
        #expect(abs(plant.evses[0].pilot.dutyPct - 7 / 0.6) < 1e-9)
        #expect(plant.evses[0].pilot.isContactorClosed)
        plant.limit(0, watts: 4139, now: now)
        #expect(plant.readMeter(0, now: now).powerW == 0)
        #expect(!plant.evses[0].pilot.isContactorClosed && plant.evses[0].pilot.dutyPct == 100)
        #expect(plant.evses[0].phase == .charging)
        plant.limit(0, watts: 4140, now: now)
        #expect(abs(plant.readMeter(0, now: now).powerW - 6 * 690) < 1e-6)
        #expect(plant.evses[0].pilot.isContactorClosed && plant.evses[0].pilot.dutyPct == 10)
        plant.limit(0, watts: .infinity, now: now)
        #expect(plant.readMeter(0, now: now).powerW == 11_000)
    }

    @Test("direct current follows a limit to the watt")
    func direct() {
        var plant = plant(direct: true)
        plant.limit(0, watts: 5001.5, now: .zero + .minutes(5))
        #expect(abs(plant.readMeter(0, now: .zero + .minutes(5)).powerW - 5001.5) < 1e-9)
    }

    @Test("an outlet's rating holds at the connector, not in the battery")
    func ratingAtConnector() throws {
        let id4 = UInt16(try #require(VehicleCatalogue.index(of: "vw_id4_77_2020")))
        var p = SiteParameters()
        p.end = .zero + .days(1)
        p.mix = [id4]
        p.compatibility = [ContiguousArray(repeating: true, count: VehicleCatalogue.all.count)]
        p.stations = [
            StationParameters(
                kind: .dc, ratedW: 50_000, moduleCount: 0, moduleW: 0, standbyW: 0, evses: 0..<1, entity: 1, weight: 1)
        ]
        p.evses = [
            EVSEParameters(
                station: 0, isDirect: true, ratedW: 50_000, cableA: 125, voltageV: 500, phases: 3,
                conversion: .measured(kind: .dc, ratedW: 50_000), compatibilityRow: 0)
        ]
        let need = NeedParameters(
            form: .stateOfCharge(
                arrival: BetaShape(a: 2.2, b: 6), target: Triangular(low: 0.6, mode: 0.8, high: 1)),
            energyWh: QuantileTable(p: [0, 1], x: [10_000, 40_000]), stayH: QuantileTable(p: [0, 1], x: [1, 8]),
            latentCorrelation: 0, overstayMedianMin: 4, patienceMedianMin: 12)
        p.demand = [
            DemandPopulation(
                isDirect: true, entity: 1, rate: HourlyRate(perHour: [Double](repeating: 1, count: 168)), need: need,
                mixWeights: WeightTable(weights: [1]))
        ]
        var plant = SitePlant(p)
        var most = 0.0
        while let (now, event) = plant.queue.pop(before: p.end) {
            plant.sample(upTo: now)
            plant.handle(event, now: now)
            most = max(most, plant.readMeter(0, now: now).powerW)
        }
        #expect(most <= 50_000 * (1 + 1e-12) && most > 45_000, "\(most) W")
        // 125 A at the connector: the pack at 330 to 400 V takes that much and no more.
        #expect(plant.totals.gridMicroWh > plant.totals.meterMicroWh)
    }

    @Test("grid energy of a charge does not depend on where it is cut, and is the integral of the losses")
    func lossIntegral() {
        let conversion = StationConversion.measured(kind: .dc, ratedW: 150_000)
        for (from, to) in [(140_000.0, 500.0), (2000, 149_000), (60_000, 60_000), (1000, 2000)] {
            let energy = 20_000.0
            // Power is linear in energy: hours = ∫ dE / P.
            let steps = 200_000
            var hours = 0.0
            var grid = 0.0
            for k in 0..<steps {
                let power = from + (to - from) * (Double(k) + 0.5) / Double(steps)
                let part = energy / Double(steps)
                hours += part / power
                grid += (conversion.inputW(outputW: power) - conversion.standbyW) * part / power
            }
            let whole = conversion.gridWh(outputWh: energy, fromW: from, toW: to, hours: hours)
            #expect(abs(whole / grid - 1) < 1e-6, "\(from) to \(to): \(whole) against \(grid)")
        }
    }

    @Test("amperes left over go by largest remainder, whatever an ampere is worth, and the watts are kept")
    func mixedPhases() {
        var quantiser = CurrentQuantiser()
        quantiser.quantise([10.6, 10.9, 7.5], maximum: [16, 16, 32], units: [690, 690, 230])
        // Left: 0.6 and 0.9 of 690 W and 0.5 of 230 W, 1150 W: one ampere more on three phases and one on one.
        #expect(quantiser.amps == [10, 11, 8])
        quantiser.quantise([0, 6.5], maximum: [16, 16], units: [690, 690])
        #expect(quantiser.amps == [0, 6])
    }
}
