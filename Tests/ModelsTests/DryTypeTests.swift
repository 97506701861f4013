import Sim
import TestSupport
import Testing

@testable import Models

/// Claims of domain reference 1.3: one relaxation of the hot spot, by insulation class, and a second stage of cooling.
@Suite("Dry-type transformers")
struct DryTypeTests {
    private static let fans = FanStage(q: 1.8, minutes: 45)
    private static let fanned = DryTypeParameters(
        hotSpotRiseK: 125, ratedHotSpotC: 145, q: 1.6, minutes: 60, fans: fans)

    @Test("at rated load and 20 °C the hot spot is the class's rated one, where an hour is an hour of life")
    func classes() {
        for (parameters, rated, limit) in [
            (DryTypeParameters.f155AN, 145.0, 155.0), (.f155AF, 145, 155), (.h180AN, 170, 180),
        ] {
            var thermal = TransformerThermal(dry: parameters, loadK: 1, ambientC: 20)
            thermal.advance(seconds: 3600, loadK: 1, ambientC: 20)
            #expect(abs(thermal.hotSpotC - rated) < 1e-9 && abs(thermal.agedHours - 1) < 1e-9)
            #expect(thermal.classLimitC == limit)
        }
        #expect(TransformerThermal(iec: .distributionONAN, loadK: 1, ambientC: 20).classLimitC == nil)
    }

    @Test("fans start when the hot spot reaches 120 °C, and from there the fanned constants hold")
    func fansStart() throws {
        var thermal = TransformerThermal(dry: Self.fanned, loadK: 0.5, ambientC: 30)
        let from = thermal.hotSpotC
        let natural = 30 + 125 * Math.pow(1.25, 1.6)
        // Relaxation with 60 min, solved for 120 °C.
        let wait = 3600 * Math.log((natural - from) / (natural - 120))
        thermal.advance(seconds: wait - 1, loadK: 1.25, ambientC: 30)
        #expect(!thermal.isFanned && thermal.hotSpotC < 120)
        thermal.advance(seconds: 1801, loadK: 1.25, ambientC: 30)
        let cooled = 30 + 125 * Math.pow(1.25 / 1.33, 1.8)
        #expect(thermal.isFanned)
        #expect(abs(thermal.hotSpotC - (cooled + (120 - cooled) * Math.exp(-1800.0 / 2700))) < 1e-6)
        // 1.33 times the rating is the rating with fans.
        thermal.advance(seconds: 400_000, loadK: 1.33, ambientC: 20)
        #expect(abs(thermal.hotSpotC - 145) < 1e-6)
    }

    @Test("fans stop at 105 °C and not before")
    func fansStop() {
        var thermal = TransformerThermal(dry: Self.fanned, loadK: 1.3, ambientC: 30)
        #expect(thermal.isFanned)
        while thermal.hotSpotC > 105.1 {
            thermal.advance(seconds: 10, loadK: 0.5, ambientC: 30)
            #expect(thermal.isFanned || thermal.hotSpotC <= 105)
        }
        thermal.advance(seconds: 60, loadK: 0.5, ambientC: 30)
        #expect(!thermal.isFanned && thermal.hotSpotC < 105)
    }

    @Test("one long step equals many short ones, across starts and stops of the fans")
    func splitIsExact() {
        for seed in Soak.seeds(100) {
            var stream = RandomStream(seed: seed, purpose: 5, entity: 0)
            var once = TransformerThermal(dry: Self.fanned, loadK: 1.4 * stream.unit(), ambientC: 40 * stream.unit())
            var often = once
            for _ in 0..<6 {
                let load = 1.6 * stream.unit()
                let ambient = 40 * stream.unit()
                once.advance(seconds: 7200, loadK: load, ambientC: ambient)
                for _ in 0..<240 { often.advance(seconds: 30, loadK: load, ambientC: ambient) }
                #expect(once.isFanned == often.isFanned, "seed \(seed)")
                #expect(abs(once.hotSpotC - often.hotSpotC) < 1e-6, "seed \(seed)")
            }
            #expect(abs(once.agedHours - often.agedHours) < 1e-6 * often.agedHours, "seed \(seed)")
            #expect(abs(once.hotSpotPeakC - often.hotSpotPeakC) < 1e-6, "seed \(seed)")
        }
    }

    @Test("a hot spot set by hand relaxes to the one that the load asks for")
    func setByHand() {
        var thermal = TransformerThermal(dry: .f155AN, loadK: 0, ambientC: 20)
        thermal.set(topOilC: 80, gradient1K: 0, gradient2K: 0, ambientC: 20)
        #expect(abs(thermal.hotSpotC - 80) < 1e-12)
        thermal.advance(seconds: 3600, loadK: 0, ambientC: 20)
        #expect(abs(thermal.hotSpotC - (20 + 60 / Math.exp(1))) < 1e-9)
    }
}
