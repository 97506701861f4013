import Sim
import Testing

@testable import Models

/// Tokens before and after the vehicle, refusals, and orders to stop in each phase of a visit.
@Suite("Plant scripts: authorization and orders to stop")
struct AuthorizationScriptTests {
    private func script(_ change: (inout SiteParameters) -> Void = { _ in }) -> PlantScript {
        PlantScript(ScriptedSite().ac("a1").with(change), csms: .manual)
    }

    @Test("a vehicle waits for the answer to its token, and energy flows when it comes")
    func answerLater() {
        var script = script()
        script.play(
            """
            08:00 charges 11.04 kWh at 11.04 kW on a1 until 18:00
                  expect a1: plugged, contactor open, state b1
                  expect signals a1: plugged, token
            09:00 expect a1: plugged, 0 kW
                  authorize a1
                  expect a1: charging, 11.04 kW, contactor closed
                  expect signals a1: energyStarted
            18:01 expect session a1: 11.040 kWh, plugged 08:00:00, started 09:00:00, ended 10:00:00
            """)
    }

    @Test("a refused driver leaves within a minute, without a session, and drives on or is lost")
    func refused() {
        var script = script()
        script.play(
            """
            08:00 parks Ann for 4 h with 10 kWh
            08:10 expect a1: plugged, driver Ann
                  expect signals a1: plugged, token
                  refuse a1
                  expect a1: finished, contactor open
                  expect attempt a1: authorization, number 1
                  expect signals a1:
            08:11 expect signals a1: unplugged
            08:20 expect a1: free
                  expect loss: authorization_failed, gave up
                  expect nothing more
            """)
    }

    @Test("what is authorized ahead charges the next vehicle without a token, and that one alone")
    func ahead() {
        var script = script()
        script.play(
            """
            08:00 authorize a1
                  expect a1: free, released
            08:30 charges 5.52 kWh at 11.04 kW on a1 until 10:00
                  expect a1: charging, 11.04 kW
                  expect signals a1: plugged, energyStarted
            10:01 expect session a1: 5.520 kWh
                  expect signals a1: energyEnded battery_full, unplugged
            10:30 charges 5.52 kWh at 11.04 kW on a1 until 12:00
                  expect a1: plugged, 0 kW
                  expect signals a1: plugged, token
            """)
    }

    @Test("an authorization that is taken back, or lost with the station's power, serves nobody")
    func takenBack() {
        var script = PlantScript(ScriptedSite().ac("a1").failing(onsiteShare: 0), csms: .manual)
        script.play(
            """
            08:00 authorize a1
                  expect a1: released
            08:02 withdraw a1
            08:03 charges 5 kWh at 11.04 kW on a1 until 10:00
                  expect a1: plugged
                  expect signals a1: plugged, token
            10:01 expect a1: free
                  authorize a1
            10:02 outage controller_board at a1
            d1 08:00 expect a1: free, in order
                  charges 5 kWh at 11.04 kW on a1 until 10:00
                  expect a1: plugged
            """)
    }

    // MARK: orders to stop

    @Test("a stop before the token is answered ends the visit: no energy, and the station is told")
    func stopPlugged() {
        var script = script()
        script.play(
            """
            08:00 parks Ann for 4 h with 10 kWh
            08:10 expect a1: plugged
                  expect signals a1: plugged, token
                  stop a1
                  expect a1: finished, 0 kW, contactor open, driver Ann
                  expect signals a1: energyEnded driver_left
            # an answer that comes now changes nothing
            08:10:30 authorize a1
                  expect a1: finished, contactor open
            08:21 expect session a1: 0.000 kWh, unplugged 08:11...08:21, end driver_left
                  expect signals a1: unplugged
            08:30 expect a1: free
                  expect nothing more
            """)
    }

    @Test("a stop during the start sequence keeps the contactor open for good")
    func stopStarting() {
        var script = script()
        script.play(
            """
            08:00 parks Ann for 4 h with 10 kWh
            08:10 expect signals a1: plugged, token
                  authorize a1
                  expect a1: starting, state b2
                  stop a1
                  expect a1: finished, contactor open, state b1, driver Ann
                  expect signals a1: energyEnded driver_left
            08:10:59 expect a1: finished, 0 kW, contactor open
                  expect signals a1:
            08:21 expect session a1: 0.000 kWh, unplugged 08:11...08:21, end driver_left
                  expect site: metered 0.000 kWh, lost 0
            """)
    }

    @Test("a stop of a charge ends it at once, and its driver leaves soon")
    func stopCharging() {
        var script = script()
        script.play(
            """
            08:00 charges 20 kWh at 11.04 kW on a1 until 18:00
                  authorize a1
                  expect signals a1: plugged, token, energyStarted
            08:30 stop a1
                  expect a1: finished, 0 kW, contactor open
                  expect signals a1: energyEnded driver_left
            08:41 expect session a1: 5.520 kWh, ended 08:30:00, unplugged 08:31...08:40, end driver_left
                  expect a1: free
            """)
    }

    @Test("a stop of a paused charge ends it too, and the next one is paused as well")
    func stopPaused() {
        var script = script()
        script.play(
            """
            08:00 charges 20 kWh at 11.04 kW on a1 until 18:00
                  authorize a1
            08:30 limit a1 to 0 kW
            09:00 stop a1
                  expect a1: finished, contactor open
            09:11 expect session a1: 5.520 kWh, ended 09:00:00
                  charges 20 kWh at 11.04 kW on a1 until 18:00
                  authorize a1
                  expect a1: paused, contactor open
            """)
    }

    @Test("a stop after the charge is told, and the vehicle stays until its driver comes")
    func stopFinished() {
        var script = script()
        script.play(
            """
            08:00 charges 5.52 kWh at 11.04 kW on a1 until 12:00
                  authorize a1
            09:00 expect a1: finished
                  expect signals a1: plugged, token, energyStarted, energyEnded battery_full
                  stop a1
                  expect a1: finished
                  expect signals a1: energyEnded driver_left
            12:01 expect session a1: 5.520 kWh, ended 08:30:00, unplugged 12:00:00, end battery_full
            """)
    }

    @Test("a stop before the vehicle takes the authorization back")
    func stopAhead() {
        var script = script()
        script.play(
            """
            08:00 authorize a1
                  stop a1
                  expect a1: free
                  expect signals a1: energyEnded driver_left
            08:03 charges 5 kWh at 11.04 kW on a1 until 10:00
                  expect a1: plugged
            """)
    }
}
