import Sim
import Testing

@testable import Models

/// The transformer under a site's load, and a fleet's evenings.
@Suite("Plant scripts: transformer and fleet")
struct GridScriptTests {
    /// 100 kVA, power factor 0.9, IEC 60076-7 distribution type: 55 K top oil, 23 K hot spot, R 5, x 0.8, y 1.6, 180 min
    /// and 4 min, k11 1, k21 1, k22 2; 20 °C outdoors, idle and settled at the start.
    private func site() -> ScriptedSite {
        ScriptedSite().dc("d1", kW: 150).with {
            $0.transformer = TransformerParameters(
                ratingVA: 100_000, powerFactor: 0.9, ambientOffsetK: 0,
                thermal: TransformerThermal(iec: .distributionONAN, loadK: 0, ambientC: 20))
        }
    }

    @Test("the hot spot follows the load by the exponentials of IEC 60076-7, whoever looks and when")
    func hotSpot() {
        var script = PlantScript(site())
        script.play(
            """
            # no load: 20 + 55 (1/6)^0.8 = 33.117 °C, no gradient
            08:00 expect site: top oil 33.117 C, hot spot 33.117 C
            # 81 kW are 0.9 of the rating: towards 20 + 55 (5.05/6)^0.8 = 67.915 °C and 23 · 0.9^1.6 = 19.432 K
                  charges 486 kWh at 81 kW on d1 until 20:00
            08:00:01 expect site: 81.00 kW
            # after 60 min: 67.915 − 34.798 e^(−1/3) = 42.981; gradient 19.432 (1 − e^(−60/8)) = 19.421
            09:00 expect site: top oil 42.981 C, hot spot 62.403 C
            # after 360 min: 67.915 − 34.798 e^(−2) = 63.206
            13:59:59 expect site: 81.00 kW
            14:00 expect site: top oil 63.206 C, hot spot 82.638 C
            14:00:01 expect d1: finished
            # and back: 33.117 + 30.089 e^(−1/3), the gradient gone in an hour but for 0.011 K
            15:00 expect site: top oil 54.677 C, hot spot 54.687 C
            20:01 expect session d1: 486.000 kWh, ended 14:00:00
                  expect nothing more
            """)
    }

    @Test("load that begins and ends within a quarter of an hour is held for as long as it was there")
    func offTheClock() {
        var script = PlantScript(site())
        script.play(
            """
            # an hour of 0.9 from 08:10, as above, nobody looks; then back: 33.117 + 9.864 e^(−1/3), gradient 19.421 e^(−60/8)
            08:10 charges 81 kWh at 81 kW on d1 until 20:00
            10:10 expect site: top oil 40.185 C, hot spot 40.196 C
            """)
    }

    @Test("an overload is told when it begins, the hot spot when it passes 120 and 140 °C")
    func alarms() {
        var script = PlantScript(site())
        script.play(
            """
            # 135 kW are 1.5 of the rating: 120 °C after 128.06 min, 140 °C after 247.02 min, seen in the quarter of an hour
            08:00 charges 945 kWh at 135 kW on d1 until 20:00
            08:16 expect alarm: over_nameplate, at 08:00...08:15
            10:00 expect site: hot spot at most 120 C
                  expect nothing more
            10:16 expect alarm: hot_spot_over_120_c, at 10:08...10:15
            12:00 expect nothing more
            12:16 expect alarm: hot_spot_over_140_c, at 12:07...12:15
            # top oil: 105 °C after 345.6 min
            13:45 expect nothing more
            14:01 expect alarm: top_oil_over_105_c, at 13:45...14:00
                  expect nothing more
            """)
    }

    /// Vehicles that come home between 17:00 and 17:30 and leave at 07:00; the run starts at a midnight `day` days after
    /// Monday.
    private func depot(vehicles: Int, day: Double, weekends: Bool) -> ScriptedSite {
        ScriptedSite().ac("a1", amps: 16).ac("a2", amps: 16).with {
            $0.calendar = WorldCalendar(startHourOfWeek: day * 24, startHourOfYear: 0)
            $0.fleet = FleetParameters(
                vehicles: vehicles, vehicle: ScriptedSite.vehicles["id4"] ?? 0,
                returnS: Triangular(low: 17 * 3600, mode: 17.25 * 3600, high: 17.5 * 3600), departureS: 7 * 3600,
                energyWh: QuantileTable(points: [(0, 22_000), (1, 22_000)]), weekends: weekends)
        }
    }

    @Test("a fleet comes home in the evening, charges what it has used and leaves in the morning, every working day")
    func workingDays() {
        var script = PlantScript(depot(vehicles: 2, day: 4, weekends: false))
        let charge = "22 kWh into the pack, 0.86 to 0.905 of what the meter sees"
        script.play(
            """
            # Friday
            16:59 expect a1: free
            17:45 expect a1: charging
                  expect a2: charging
            # \(charge); at 16 A no faster than 11.04 kW
            d1 06:59 expect a1: finished
            d1 07:01 expect session a1: unplugged 07:00:00, at least 24.3 kWh, at most 25.6 kWh, end battery_full
                  expect session a2: unplugged 07:00:00, plugged 17:00...17:40, peak at most 11.04 kW
                  expect signals a1: plugged, token, energyStarted, energyEnded battery_full, unplugged
            # Saturday and Sunday off
            d3 16:59 expect a1: free
                  expect nothing more
            d3 17:45 expect a1: charging
                  expect a2: charging
            d4 07:01 expect session a1: unplugged 07:00:00
            d4 17:45 expect a1: charging
            """)
    }

    @Test("a fleet that works all week comes home on Saturday too")
    func allWeek() {
        var script = PlantScript(depot(vehicles: 1, day: 4, weekends: true))
        script.play(
            """
            d1 17:45 expect a1: charging
            d2 17:45 expect a1: charging
            """)
    }

    @Test("a vehicle too many waits twelve hours for an outlet, as nobody leaves before the morning, and goes without")
    func oneTooMany() {
        var script = PlantScript(depot(vehicles: 3, day: 0, weekends: false))
        script.play(
            """
            17:45 expect site: waiting 1
            d1 05:31 expect loss: reneged, waited 12.000 h, gave up
                  expect site: waiting 0
            d1 07:01 expect session a1: unplugged 07:00:00
                  expect session a2: unplugged 07:00:00
                  expect nothing more
            """)
    }
}
