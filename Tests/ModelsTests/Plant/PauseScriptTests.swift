import Sim
import Testing

@testable import Models

/// A limit of nothing, and back: the charge pauses and goes on, and not a watt-hour is lost or won.
@Suite("Plant scripts: pauses")
struct PauseScriptTests {
    @Test("a charge with an hour's pause ends an hour later with the same energy")
    func pause() {
        var script = PlantScript(ScriptedSite().ac("a1"))
        script.play(
            """
            # 20 kWh at 11.04 kW are 1 h 48 min 42 s
            08:00 charges 20 kWh at 11.04 kW on a1 until 12:30
                  expect signals a1: plugged, token, energyStarted
            08:30 limit a1 to 0 kW
                  expect a1: charging, paused, 0 kW, contactor open, state b1
                  expect site: metered 5.52 kWh
            09:30 expect site: metered 5.52 kWh
                  unlimit a1
                  expect a1: charging, 11.04 kW, contactor closed, state c2
            10:48:41 expect a1: charging
            10:48:43 expect a1: finished, contactor open
                  expect signals a1: energyEnded battery_full
            12:31 expect session a1: 20.000 kWh, started 08:00:00, ended 10:48:42, unplugged 12:30:00, end battery_full
                  expect site: metered 20.000 kWh
                  expect signals a1: unplugged
            """)
    }

    @Test("what flowed before a limit flowed at the old power, what flows after it at the new one")
    func energyAroundLimits() {
        var script = PlantScript(ScriptedSite().ac("a1"))
        script.play(
            """
            08:00 charges 20 kWh at 11.04 kW on a1 until 18:00
            # between two quarters of an hour, where nobody samples: 20 min at 16 A, 10 at 8 A, 8 at 16 A
            08:20 limit a1 to 5.52 kW
            08:30 unlimit a1
            08:38 limit a1 to 0 kW
                  expect site: metered 6.072 kWh
            """)
    }

    @Test("many pauses, whole hours apart or within one second, change nothing but the time")
    func manyPauses() {
        var script = PlantScript(ScriptedSite().ac("a1"))
        let hours = (8..<14).map { hour in
            let clock = hour < 10 ? "0\(hour)" : "\(hour)"
            return """
                \(clock):00 unlimit a1
                \(clock):15 limit a1 to 0 kW
                      unlimit a1
                      limit a1 to 4 kW
                      expect a1: paused, 0 kW
                """
        }
        // Six quarters of an hour at 11.04 kW: 16.56 kWh; the remaining 3.44 kWh take 18 min 42 s.
        script.play(
            """
            07:59 limit a1 to 0 kW
                  charges 20 kWh at 11.04 kW on a1 until 20:00
                  expect a1: 0 kW
            """)
        script.play(hours.joined(separator: "\n"))
        script.play(
            """
            14:00 expect site: metered 16.56 kWh
                  unlimit a1
            20:01 expect session a1: 20.000 kWh, ended 14:18:42
            """)
    }

    @Test("the driver leaves a paused charge as planned, with what there was")
    func leavesPaused() {
        var script = PlantScript(ScriptedSite().ac("a1"))
        script.play(
            """
            08:00 charges 20 kWh at 11.04 kW on a1 until 10:00
            08:30 limit a1 to 0 kW
            10:01 expect session a1: 5.520 kWh, ended 10:00:00, unplugged 10:00:00, end driver_left
            # the limit is the outlet's, not the visit's
            11:00 charges 20 kWh at 11.04 kW on a1 until 14:00
                  expect a1: charging, paused, 0 kW, contactor open
            11:30 limit a1 to 5 kW
                  expect a1: 4.83 kW, pilot 7 A
            14:01 expect session a1: 12.075 kWh, end driver_left
            """)
    }

    @Test("on direct current a limit of nothing pauses at closed contactor")
    func directPause() {
        var script = PlantScript(ScriptedSite().dc("d1", kW: 50))
        script.play(
            """
            08:00 charges 25 kWh at 50 kW on d1 until 12:00
            08:15 limit d1 to 0 kW
                  expect d1: charging, paused, 0 kW
            08:45 limit d1 to 12.5 kW
                  expect d1: charging, 12.5 kW, contactor closed
            # half of 25 kWh before, half at a quarter of the power: an hour
            12:01 expect session d1: 25.000 kWh, ended 09:45:00
            """)
    }

    @Test("a limit that comes before energy flows holds from the first watt")
    func limitBeforeStart() {
        var script = PlantScript(ScriptedSite().ac("a1"), csms: .manual)
        script.play(
            """
            08:00 charges 20 kWh at 11.04 kW on a1 until 18:00
                  expect a1: plugged, 0 kW
            08:01 limit a1 to 0 kW
            08:02 authorize a1
                  expect a1: charging, paused, 0 kW, contactor open
            09:00 limit a1 to 4.14 kW
                  expect a1: 4.14 kW, pilot 6 A
            10:00 expect site: metered 4.14 kWh
            """)
    }
}
