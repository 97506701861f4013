import Sim
import Testing

@testable import Models

@Suite("Power electronics")
struct PowerTests {
    @Test(
        "more output always draws more, and output and input are inverse",
        arguments: [(StationKind.dc, 50_000.0), (.dc, 150_000), (.dc, 350_000), (.dc, 600_000), (.ac, 22_000)])
    func conversion(kind: StationKind, ratedW: Double) {
        let station = StationConversion.measured(kind: kind, ratedW: ratedW)
        var last = station.inputW(outputW: 0)
        #expect(last == station.standbyW)
        for i in 1...2000 {
            let output = ratedW * Double(i) / 2000
            let input = station.inputW(outputW: output)
            #expect(input > last && input > output)
            #expect(abs(station.outputW(inputW: input) - output) < 1e-6 * ratedW, "at \(output) W")
            last = input
        }
        #expect(station.outputW(inputW: 0) == 0)
    }

    @Test("an ideal station loses nothing")
    func ideal() {
        let station = StationConversion.ideal(kind: .ac, ratedW: 6656)
        #expect(station.inputW(outputW: 6656) == 6656 && station.powerFactor(inputW: 100) == 1)
    }

    @Test("a meter stays in its class and never counts backwards")
    func meter() {
        for unit in stride(from: 0.000_1, to: 1, by: 0.05) {
            var meter = EnergyMeter(unit: unit)
            meter.count(Power(watts: 11_000), for: .hours(10))
            #expect(abs(meter.registerWh / 110_000 - 1) <= EnergyMeter.classBError + 1e-12)
            let before = meter.registerWh
            meter.count(Energy(wattHours: -5))
            #expect(meter.registerWh == before)
        }
        var exact = EnergyMeter()
        exact.count(Power(watts: 2000), for: .minutes(30))
        #expect(exact.registerWh == 1000 && exact.displayedWh == 1000)
    }

    @Test("no module stands idle while an output lacks power")
    func modules() {
        var matrix = ModuleMatrix()
        for seed in 0..<200 as Range<UInt64> {
            var stream = RandomStream(seed: seed, purpose: 3, entity: 1)
            let demand = ContiguousArray((0..<4).map { _ in 200_000 * stream.unit() })
            matrix.allocate(demandW: demand, weights: [], moduleCount: 12, moduleW: 30_000)
            let used = matrix.modules.reduce(0, +)
            let unmet = demand.indices.contains { matrix.powerW[$0] < demand[$0] - 1e-9 }
            #expect(used == 12 || !unmet, "seed \(seed)")
            #expect(used <= 12)
        }
    }

    @Test("an 800 V car at a 500 V station charges through its booster, a truck not at all")
    func voltageWindow() throws {
        let old = DCOutlet(ratedW: 50_000, currentMaxA: 125, cableMaxA: 125, voltageMaxV: 500)
        let ioniq = VehicleCatalogue.all[try #require(VehicleCatalogue.index(of: "hyundai_ioniq5_72_2021"))]
        let leaf = VehicleCatalogue.all[try #require(VehicleCatalogue.index(of: "nissan_leaf_40_2018"))]
        let truck = VehicleCatalogue.all[try #require(VehicleCatalogue.index(of: "mb_eactros600_2024"))]
        #expect(old.acceptance(for: ioniq)?.limitW == 50_000)
        #expect(old.acceptance(for: leaf)?.currentLimitA == 125)
        #expect(old.acceptance(for: truck) == nil)
        let new = DCOutlet(ratedW: 350_000, currentMaxA: 500, cableMaxA: 500, voltageMaxV: 1000)
        #expect(new.acceptance(for: truck)?.limitW == 350_000)
    }

    @Test("connectors meet the inlets of their market")
    func fits() throws {
        let tesla = VehicleCatalogue.all[0]
        let leaf = VehicleCatalogue.all[try #require(VehicleCatalogue.index(of: "nissan_leaf_40_2018"))]
        #expect(tesla.fit(connector: .ccs2, kind: .dc, market: .europe) == .direct)
        #expect(tesla.fit(connector: .ccs1, kind: .dc, market: .northAmerica) == .adapter)
        #expect(tesla.fit(connector: .nacs, kind: .dc, market: .northAmerica) == .direct)
        #expect(tesla.fit(connector: .type1, kind: .ac, market: .northAmerica) == .adapter)
        #expect(leaf.fit(connector: .chademo, kind: .dc, market: .europe) == .direct)
        #expect(leaf.fit(connector: .ccs2, kind: .dc, market: .europe) == .none)
        #expect(leaf.fit(connector: .type2, kind: .dc, market: .europe) == .none)
        for type in ConnectorType.allCases { #expect(ConnectorType(wireName: type.wireName) == type) }
    }

    @Test("a module's temperature follows its two stages and meets a predicted crossing")
    func foster() throws {
        var module = FosterThermal.module30kW
        let seconds = try #require(module.secondsTo(riseK: 30, lossW: 900))
        module.advance(seconds: seconds, lossW: 900)
        #expect(abs(module.riseK - 30) < 1e-6)
        #expect(module.secondsTo(riseK: 60, lossW: 900) == nil)
    }

    @Test("a pack leaves its band when it says so")
    func packBands() throws {
        let vehicle = VehicleCatalogue.all[4]
        var pack = PackThermal(vehicle: vehicle, temperatureC: -4)
        #expect(pack.powerFactor < 0.45)
        var now = 0.0
        while pack.temperatureC < 15 {
            let heat = pack.chargingHeatW(powerW: 50_000, capacityWh: vehicle.usableWh, heaterW: pack.wantedHeaterW)
            let seconds = try #require(pack.secondsToBandEdge(heatW: heat, ambientC: -4))
            let before = pack.powerFactor
            pack.advance(seconds: seconds + 1e-3, heatW: heat, ambientC: -4)
            #expect(pack.powerFactor >= before)
            now += seconds
            guard now < 36_000 else { break }
        }
        #expect(pack.temperatureC >= 15)
        let wait = try #require(
            PackThermal(vehicle: vehicle, temperatureC: 0).preconditioningSeconds(
                targetC: 25, ambientC: 0))
        #expect(wait > 600 && wait < 7200)
    }

    @Test("building noise keeps its mean, deviation and correlation")
    func buildingNoise() {
        var noise = BuildingNoise(stream: RandomStream(seed: 11, purpose: 12, entity: 0))
        let n = 200_000
        var sum = 0.0
        var squares = 0.0
        var products = 0.0
        for _ in 0..<n {
            let before = noise.value
            noise.step()
            sum += noise.value
            squares += noise.value * noise.value
            products += before * noise.value
        }
        // Four standard errors; the correlation of 0.8 makes nine drawn values worth one.
        #expect(abs(sum / Double(n)) < 4 * 3 / Double(n).squareRoot())
        #expect(abs(squares / Double(n) - 1) < 0.05)
        #expect(abs(products / squares - 0.8) < 0.01)
    }
}
