import CSMS
import Models
import OCPP
import Sim
import TestSupport
import Testing

@testable import Twin

@Suite("Digest")
struct DigestTests {
    private func digest(_ set: [(key: String, value: String)], threads: Int = 1) throws -> RunSummary {
        let scratch = try ScratchDirectory()
        let path = Repository.path("worlds/tiny.yaml")
        return try TwinRun(
            world: try WorldFile.load(path: path, overrides: set), path: path,
            options: RunOptions(days: 2, threads: threads, output: scratch.path, overrides: set)
        ).run()
    }

    @Test("it covers the transformer, which moves no event")
    func thermal() throws {
        let plain = try digest([])
        let warm = try digest([(key: "sites[1].transformer.ambient_offset_k", value: "3")])
        #expect(plain.events == warm.events && plain.energyKWh == warm.energyKWh)
        #expect(plain.digest != warm.digest)
        #expect(try digest([], threads: 2).digest == plain.digest)
    }

    @Test("it covers what the CSMS has recorded: station, transaction, energy")
    func records() {
        func digest(_ energyWh: Double, _ id: IdentifierText) -> UInt64 {
            var audit = SiteAudit(stations: 1)
            audit.take(
                .transactionClosed(
                    TransactionRecord(
                        station: 0, transactionID: id, evse: 1, idToken: nil, started: Timestamp(microseconds: 0),
                        ended: Timestamp(microseconds: 0), meterStartWh: 0, meterStopWh: energyWh,
                        stoppedReason: .local, complete: true, missingEvents: 0)))
            return audit.digest.value
        }
        #expect(digest(500, "x") == digest(500, "x"))
        #expect(digest(500, "x") != digest(500.001, "x"))
    }

    @Test("it covers every message: kind, station, time")
    func messages() throws {
        let plain = try digest([])
        #expect(plain.digest == (try digest([])).digest)
        let world = try WorldFile.load(path: Repository.path("worlds/tiny.yaml"))
        var parameters = WorldCompiler(world: world, seed: 1, end: .zero + .days(1)).compile()[0]
        parameters.csmsOn = true
        let site = Site(parameters, csms: VirtualStations.Settings())
        #expect(site.stations.digest != TraceDigest(), "the boot notifications are in it")
    }
}
