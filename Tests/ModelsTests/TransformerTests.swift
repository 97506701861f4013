import Sim
import TestSupport
import Testing

@testable import Models

@Suite("Transformer")
struct TransformerTests {
    private static let iecTypes: [IECThermalParameters] = [
        .distributionONAN, .mediumONAN, .mediumONAF, .powerOF, .powerOD,
    ]

    @Test("at rated load and 20 °C the rises are the rated ones")
    func ratedRises() {
        let thermal = TransformerThermal(iec: .distributionONAN, loadK: 1, ambientC: 20)
        #expect(abs(thermal.topOilC - 75) < 1e-12 && abs(thermal.hotSpotC - 98) < 1e-12)
    }

    @Test("one long step equals many short ones", arguments: 0..<5)
    func splitIsExact(type: Int) {
        var once = TransformerThermal(iec: Self.iecTypes[type], loadK: 0.4, ambientC: 30)
        var often = once
        once.advance(seconds: 7200, loadK: 1.5, ambientC: 25)
        for _ in 0..<120 { often.advance(seconds: 60, loadK: 1.5, ambientC: 25) }
        #expect(abs(once.topOilC - often.topOilC) < 1e-10 && abs(once.hotSpotC - often.hotSpotC) < 1e-10)
        #expect(abs(once.agedHours - often.agedHours) < 1e-7 * often.agedHours)
        #expect(abs(once.hotSpotPeakC - often.hotSpotPeakC) < 1e-9)
    }

    @Test("IEEE: one long step equals many short ones under one load")
    func ieeeSplitIsExact() {
        var once = TransformerThermal(ieee: .onan, loadK: 0.5, ambientC: 30)
        var often = once
        once.advance(seconds: 7200, loadK: 1.2, ambientC: 30)
        for _ in 0..<120 { often.advance(seconds: 60, loadK: 1.2, ambientC: 30) }
        #expect(abs(once.hotSpotC - often.hotSpotC) < 1e-10)
    }

    @Test("the ageing integral agrees with one of five-second steps", arguments: 0..<5)
    func ageingIsExact(type: Int) {
        var coarse = TransformerThermal(iec: Self.iecTypes[type], loadK: 0.4, ambientC: 30)
        var fine = coarse
        coarse.advance(seconds: 900, loadK: 1.5, ambientC: 30)
        for _ in 0..<180 { fine.advance(seconds: 5, loadK: 1.5, ambientC: 30) }
        #expect(abs(coarse.agedHours - fine.agedHours) < 1e-8 * fine.agedHours)
    }

    @Test("an hour at the reference hot spot is an hour of life")
    func referenceAgeing() {
        var upgraded = TransformerThermal(iec: .distributionONAN, loadK: 1, ambientC: 32)
        upgraded.advance(seconds: 3600, loadK: 1, ambientC: 32)
        #expect(abs(upgraded.agedHours - 1) < 1e-12)
        var plain = TransformerThermal(iec: .distributionONAN, ageing: .plainPaper, loadK: 1, ambientC: 20)
        plain.advance(seconds: 3600, loadK: 1, ambientC: 20)
        #expect(abs(plain.agedHours - 1) < 1e-12)
    }

    @Test("a predicted crossing is met to the microsecond, for any type and load")
    func crossings() {
        for seed in Soak.seeds(500) {
            var stream = RandomStream(seed: seed, purpose: 4, entity: 0)
            let type = Self.iecTypes[Int(stream.next() % 5)]
            var thermal = TransformerThermal(iec: type, loadK: 1.2 * stream.unit(), ambientC: 40 * stream.unit())
            thermal.advance(seconds: 3000 * stream.unit(), loadK: 1.8 * stream.unit(), ambientC: 30)
            let load = 1.8 * stream.unit()
            let ambient = 40 * stream.unit()
            let threshold = thermal.hotSpotC + 40 * (stream.unit() - 0.5)
            guard let seconds = thermal.secondsToHotSpot(threshold, loadK: load, ambientC: ambient) else {
                var later = thermal
                let above = later.hotSpotC > threshold
                for _ in 0..<200 {
                    later.advance(seconds: 120, loadK: load, ambientC: ambient)
                    #expect((later.hotSpotC > threshold) == above, "seed \(seed): crossed unseen")
                }
                continue
            }
            var at = thermal
            at.advance(seconds: seconds, loadK: load, ambientC: ambient)
            #expect(abs(at.hotSpotC - threshold) < 1e-6, "seed \(seed)")
        }
    }

    @Test("the peak is the highest point between the ends")
    func peak() {
        for seed in Soak.seeds(300) {
            var stream = RandomStream(seed: seed, purpose: 5, entity: 0)
            let type = Self.iecTypes[Int(stream.next() % 5)]
            var thermal = TransformerThermal(iec: type, loadK: 1.5 * stream.unit(), ambientC: 20)
            thermal.advance(seconds: 6000 * stream.unit(), loadK: 2 * stream.unit(), ambientC: 20)
            _ = thermal.takeHotSpotPeakC()
            let load = 2 * stream.unit()
            var walker = thermal
            var highest = walker.hotSpotC
            for _ in 0..<2000 {
                walker.advance(seconds: 5, loadK: load, ambientC: 20)
                highest = max(highest, walker.hotSpotC)
            }
            thermal.advance(seconds: 10_000, loadK: load, ambientC: 20)
            #expect(thermal.hotSpotPeakC >= highest - 1e-9 && thermal.hotSpotPeakC < highest + 1e-3, "seed \(seed)")
        }
    }

    @Test("losses at half and full load give the regulated efficiency")
    func efficiency() throws {
        let us = TransformerTable.rating(kVA: 500, series: .usLiquid)
        #expect(abs(us.efficiency(loadK: 0.5, powerFactor: 1) - 0.9935) < 1e-4)
        let eu = TransformerTable.rating(kVA: 630, series: .euLiquid)
        #expect(eu.noLoadW == 540 && eu.loadW == 4600)
        let between = TransformerTable.rating(kVA: 565, series: .euLiquid)
        #expect(between.noLoadW > 459 && between.noLoadW < 540)
    }
}
