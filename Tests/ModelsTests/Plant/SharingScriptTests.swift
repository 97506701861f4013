import Sim
import Testing

@testable import Models

/// What outlets get when they share: modules of a cabinet, the rating of a station, the site's limit.
@Suite("Plant scripts: sharing")
struct SharingScriptTests {
    @Test("power modules go whole to the outlets that need them, and back when one is done")
    func modules() {
        var script = PlantScript(ScriptedSite().dc("d1", "d2", kW: 150, modules: (4, 50)))
        script.play(
            """
            # alone: three of four modules, 150 kW, 25 kWh in ten minutes
            08:00 charges 50 kWh at 150 kW on d1 until 10:00
                  expect d1: charging, 150.0 kW, modules 150 kW
            # two each: 25 kWh more at 100 kW last until 08:25
            08:10 charges 75 kWh at 150 kW on d2 until 10:00
                  expect d1: 100.0 kW
                  expect d2: 100.0 kW
                  expect site: 200.0 kW, metered 25.00 kWh
            08:24:59 expect d2: 100.0 kW
            # the other has 25 kWh of its 75 and gets 150 kW for the last 20 minutes
            08:25:01 expect d1: finished, 0 kW
                  expect d2: 150.0 kW, modules 150 kW
            10:00 expect session d1: 50.00 kWh, ended 08:25:00, peak 150.0 kW
                  expect session d2: 75.00 kWh, ended 08:45:00, peak 150.0 kW
            """)
    }

    @Test("an odd module goes to the first outlet, and nobody gets a part of one")
    func oddModule() {
        var script = PlantScript(ScriptedSite().dc("d1", "d2", kW: 150, modules: (3, 50)))
        script.play(
            """
            08:00 charges 50 kWh at 150 kW on d2 until 10:00
                  expect d2: 150.0 kW
            08:05 charges 50 kWh at 150 kW on d1 until 10:00
                  expect d1: 100.0 kW
                  expect d2: 50.0 kW
            # modules stay where the vehicles could use them, whatever a profile allows
            08:10 limit d1 to 0 kW
                  expect d1: 0 kW, charging
                  expect d2: 50.0 kW
            """)
    }

    @Test("a station on alternating current shares its rating in whole amperes")
    func stationRating() {
        var script = PlantScript(ScriptedSite().ac("a1", "a2", "a3", stationKW: 33 * 0.69))
        script.play(
            """
            08:00 charges 20 kWh at 22.08 kW on a1 until 12:00
                  expect a1: 22.08 kW, pilot 32 A
            # 33 A for two: one gets 17
            08:10 charges 20 kWh at 22.08 kW on a2 until 12:00
                  expect a1: 11.73 kW, pilot 17 A
                  expect a2: 11.04 kW, pilot 16 A
            08:20 charges 20 kWh at 22.08 kW on a3 until 12:00
                  expect a1: pilot 11 A
                  expect a2: pilot 11 A
                  expect a3: pilot 11 A
                  expect site: 22.77 kW
            """)
    }

    private func shared(amps: Double) -> ScriptedSite {
        ScriptedSite().ac("a1").ac("a2").ac("a3").ac("a4").ac("a5").ac("a6").with {
            $0.importLimitW = amps * 690
            $0.control = .fairShare(margin: 0, minimumW: 1400)
        }
    }

    @Test("the site's limit is shared in whole amperes, used to the last one and never passed")
    func siteLimit() {
        var script = PlantScript(shared(amps: 32))
        script.play(
            """
            08:00 charges 11.04 kWh at 11.04 kW on a1 until 12:00
                  charges 22.08 kWh at 11.04 kW on a2 until 12:00
                  expect a1: pilot 16 A, 11.04 kW
                  expect site: 22.08 kW
            # 32 A for three are 10.67 A: 11, 11 and 10
            08:30 charges 22.08 kWh at 11.04 kW on a3 until 12:00
                  expect a1: pilot 11 A
                  expect a2: pilot 11 A
                  expect a3: pilot 10 A
                  expect site: 22.08 kW, metered 11.04 kWh
            # the first wants 5.52 kWh more: at 7.59 kW 43 min 38 s
            09:13 expect a1: charging
            09:14 expect a1: finished
                  expect a2: 11.04 kW
                  expect a3: 11.04 kW
                  expect site: 22.08 kW
            12:00 expect session a1: 11.04 kWh, ended 09:13:38
                  expect session a2: 22.08 kWh
                  expect session a3: 22.08 kWh
            """)
    }

    @Test("when not even 6 A are left for each, who came last is paused, and goes on when somebody is done")
    func pausedByLimit() {
        var script = PlantScript(shared(amps: 13))
        script.play(
            """
            08:00 charges 4.48 kWh at 11.04 kW on a1 until 12:00
            08:01 charges 10 kWh at 11.04 kW on a2 until 12:00
                  expect a1: pilot 7 A, 4.83 kW
                  expect a2: pilot 6 A, 4.14 kW
            08:02 charges 10 kWh at 11.04 kW on a3 until 12:00
                  expect a3: charging, pilot 0 A, 0 kW, contactor open
                  expect site: 8.97 kW
            # a1 has 0.15 kWh of its first minute alone; 4.33 kWh at 4.83 kW last until 08:54:48
            08:54 expect a3: 0 kW
            08:56 expect a1: finished
                  expect a3: 4.14 kW, contactor closed
                  expect a2: 4.83 kW
            """)
    }

    @Test("a profile's limit and the site's: the lower one holds, and what it leaves is for others")
    func bothLimits() {
        var script = PlantScript(shared(amps: 32))
        script.play(
            """
            08:00 charges 30 kWh at 22.08 kW on a1 until 18:00
                  charges 30 kWh at 22.08 kW on a2 until 18:00
                  expect a1: 11.04 kW
                  expect a2: 11.04 kW
            08:10 limit a1 to 4.2 kW
                  expect a1: 4.14 kW, pilot 6 A
                  expect a2: 17.94 kW, pilot 26 A
            08:20 unlimit a1
                  expect a1: 11.04 kW
                  expect a2: 11.04 kW
                  expect site: 22.08 kW
            """)
    }
}
