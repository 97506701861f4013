import Models
import OCPP
import Sim
import TestSupport

@testable import Twin

/// A simulated site: its stations and its CSMS in one process, decoded messages or JSON between them.
struct VirtualSite: ScriptedSite {
    var runtime: Site

    /// - Parameter encoded: the version on the wire; `nil` for decoded messages.
    init(encoded: OCPPVersion?) throws {
        let world = try ScriptedWorld.load()
        var settings = TwinRun.stationSettings(world)
        if let encoded {
            settings?.wire = .encoded
            settings?.version = encoded
        }
        runtime = Site(ScriptedWorld.parameters(world), csms: settings)
    }

    mutating func exchange(now: SimTime) {}

    mutating func order(_ line: ScriptLine, station: Int, now: SimTime) -> Bool { false }

    func books() -> [ScriptFact] {
        let totals = runtime.stations.auditTotals()
        return [
            ScriptFact("true", .figure(Double(totals.sessionsTrue), unit: "")),
            ScriptFact("closed", .figure(Double(totals.sessionsBooked), unit: "")),
            ScriptFact("pending", .figure(Double(totals.sessionsPending), unit: "")),
            ScriptFact("doubled", .figure(Double(totals.sessionsDoubled), unit: "")),
            ScriptFact("wrong", .figure(Double(totals.sessionsWrong + totals.sessionsLost), unit: "")),
            ScriptFact("energy", .figure(totals.energyBookedWh, unit: "Wh")),
        ]
    }
}
