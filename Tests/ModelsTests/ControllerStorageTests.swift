import Foundation
import OCPP
import OCPPMessages
import Sim
import Testing

@testable import Models

@Suite("Blocks in storage and under attack")
struct ControllerStorageTests {
    private static func stored<Block: ControllerBlock>(_ block: Block) throws -> Block {
        try JSONDecoder().decode(Block.self, from: JSONEncoder().encode(block))
    }
    /// Whether storage loses nothing: what was read back is written the same.
    private static func isKept<Block: ControllerBlock>(_ block: Block) throws -> Bool {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return try encoder.encode(block) == encoder.encode(stored(block))
    }

    @Test("each block in the midst of its work is stored and read back whole")
    func roundTrips() throws {
        var bench = BlockBench(version: .v21)
        var list = LocalList()
        _ = list.sendLocalList(
            .init(
                versionNumber: 3, updateType: .full,
                localAuthorizationList: [
                    .init(idToken: BlockBench.token, idTokenInfo: .init(status: .accepted, evseId: [1]))
                ]), context: &bench.context)
        #expect(try Self.isKept(list))
        #expect(
            try Self.stored(list).verdict(on: BlockBench.token, evse: 0, context: bench.context)?.status == .accepted)

        var remote = RemoteControl()
        _ = remote.requestStartTransaction(
            .init(idToken: BlockBench.token, remoteStartId: 1), context: &bench.context)
        _ = remote.unlockConnector(.init(evseId: 1, connectorId: 1), context: &bench.context)
        #expect(try Self.isKept(remote))

        var availability = Availability()
        bench.occupy(0)
        _ = availability.changeAvailability(.init(operationalStatus: .inoperative), context: &bench.context)
        _ = availability.reset(.init(type: .onIdle, evseId: 1), context: &bench.context)
        #expect(try Self.isKept(availability))
        #expect(try Self.stored(availability).waiting == .evses([0]))
        bench.free(0)

        var reservations = Reservations()
        _ = reservations.reserveNow(
            .init(id: 1, expiryDateTime: bench.context.now.adding(seconds: 9), idToken: BlockBench.token),
            context: &bench.context)
        #expect(try Self.isKept(reservations))
        #expect(try Self.stored(reservations).nextDeadline == bench.context.now.adding(seconds: 9))

        var events = SecurityEvents()
        events.notice(.security(.invalidMessages, techInfo: "a"), context: &bench.context)
        #expect(try Self.isKept(events))
        #expect(try Self.stored(events).log() == events.log())

        var certificates = Certificates()
        certificates.preset(
            roots: [RootCertificate(use: .csmsRootCertificate, pem: "PEM", facts: BlockBench.facts())],
            own: [(.chargingStation, BlockBench.facts("02"))])
        certificates.notice(.triggered(.signChargingStationCertificate, custom: nil), context: &bench.context)
        _ = certificates.installCertificate(
            .init(certificateType: .moRootCertificate, certificate: "X"), context: &bench.context)
        #expect(try Self.isKept(certificates))
        #expect(try Self.stored(certificates).roots(for: .csmsRootCertificate) == ["PEM"])

        var contracts = ContractCertificates()
        contracts.notice(
            .contractWanted(evse: 0, schemaVersion: "s", action: .update, exi: "e", chainsMax: nil),
            context: &bench.context)
        #expect(try Self.isKept(contracts))

        var update = FirmwareUpdate()
        _ = update.updateFirmware(
            .init(requestId: 1, firmware: .init(location: "http://h", retrieveDateTime: bench.context.now)),
            context: &bench.context)
        _ = update.publishFirmware(.init(location: "http://h", checksum: "c", requestId: 2), context: &bench.context)
        #expect(try Self.isKept(update))

        var logs = Logs()
        _ = logs.getLog(
            .init(log: .init(remoteLocation: "http://h"), logType: .securityLog, requestId: 1),
            context: &bench.context)
        #expect(try Self.isKept(logs))
    }

    /// Numbers that break what is reckoned without care.
    private static let edges = [0, 1, 2, -1, Int.min, Int.max, Int(Int32.max), Int(Int32.max) + 1, Int(Int32.min)]

    @Test("no number that a CSMS may send makes a block trap", arguments: OCPPVersion.allCases)
    func hostileNumbers(version: OCPPVersion) {
        var bench = BlockBench(version: version)
        var (list, remote, availability) = (LocalList(), RemoteControl(), Availability())
        var (reservations, certificates, contracts) = (Reservations(), Certificates(), ContractCertificates())
        var (update, logs, security) = (FirmwareUpdate(), Logs(), SecurityEvents())
        let times = [Timestamp.distantPast, .distantFuture, bench.context.now, Timestamp(microseconds: 0)]
        for edge in Self.edges {
            for other in Self.edges {
                _ = remote.requestStartTransaction(
                    .init(idToken: BlockBench.token, remoteStartId: edge, evseId: other), context: &bench.context)
                _ = remote.unlockConnector(.init(evseId: edge, connectorId: other), context: &bench.context)
                let place = V2.EVSE(id: edge, connectorId: other)
                for message in V2.MessageTriggerEnum.allCases {
                    _ = remote.triggerMessage(
                        .init(requestedMessage: message, evse: place), context: &bench.context)
                }
                _ = availability.changeAvailability(
                    .init(operationalStatus: .inoperative, evse: place), context: &bench.context)
                for time in times {
                    _ = reservations.reserveNow(
                        .init(id: edge, expiryDateTime: time, idToken: BlockBench.token, evseId: other),
                        context: &bench.context)
                    _ = update.updateFirmware(
                        .init(
                            requestId: edge,
                            firmware: .init(location: "ftp://h", retrieveDateTime: time, installDateTime: time),
                            retries: edge, retryInterval: other), context: &bench.context)
                    _ = logs.getLog(
                        .init(
                            log: .init(remoteLocation: "ftp://h", oldestTimestamp: time, latestTimestamp: time),
                            logType: .securityLog, requestId: edge, retries: edge, retryInterval: other),
                        context: &bench.context)
                }
                _ = update.publishFirmware(
                    .init(location: "ftp://h", checksum: "", requestId: edge, retries: other, retryInterval: edge),
                    context: &bench.context)
            }
            _ = reservations.cancelReservation(.init(reservationId: edge), context: &bench.context)
            _ = list.sendLocalList(
                .init(versionNumber: edge, updateType: .differential), context: &bench.context)
            for type in V2.ResetEnum.allCases {
                _ = availability.reset(.init(type: type, evseId: edge), context: &bench.context)
            }
            _ = certificates.certificateSigned(
                .init(certificateChain: "", requestId: edge), context: &bench.context)
        }
        // Every job fails, every block is told of everything, and time goes on.
        let jobs = bench.jobs()
        for job in jobs {
            remote.jobDone(job.id, .failed(""), context: &bench.context)
            certificates.jobDone(job.id, .failed(""), context: &bench.context)
            update.jobDone(job.id, .failed(""), context: &bench.context)
            logs.jobDone(job.id, .failed(""), context: &bench.context)
        }
        for evse in [-1, 0, 1, 2, Int.max] {
            for event in [
                .booted(.unknown), .transactionEnded(evse: evse, transactionID: "", .other),
                .transactionStarted(evse: evse, transactionID: ""), .authorization(evse: evse, accepted: true),
                .fault(evse: evse), .keptFree(evse: evse, true), .unplugged(evse: evse),
            ] as [StationEvent] {
                remote.notice(event, context: &bench.context)
                availability.notice(event, context: &bench.context)
                reservations.notice(event, context: &bench.context)
                update.notice(event, context: &bench.context)
                logs.notice(event, context: &bench.context)
                certificates.notice(event, context: &bench.context)
                contracts.notice(event, context: &bench.context)
                security.notice(event, context: &bench.context)
            }
        }
        for time in [bench.context.now.adding(seconds: 100_000), Timestamp(microseconds: 253_402_300_799_000_000)] {
            bench.context.now = time
            for _ in 0..<3 {
                reservations.timerDue(context: &bench.context)
                certificates.timerDue(context: &bench.context)
                contracts.timerDue(context: &bench.context)
                update.timerDue(context: &bench.context)
                logs.timerDue(context: &bench.context)
            }
        }
        #expect(jobs.count < 5000)
    }

    @Test("a firmware in the midst of a remote start is stored and read back whole")
    func firmware() throws {
        var script = FirmwareScript.ready()
        script.hand(
            .remoteStart(
                evse: 0, idToken: FirmwareScript.token, group: "g", remoteStartID: 1, listed: .init(status: .accepted),
                asksFirst: false))
        script.hand(.vehiclePlugged(evse: 0))
        script.hand(.chargingStarted(evse: 0, meterWh: 0))
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let data = try encoder.encode(script.firmware)
        let copy = try JSONDecoder().decode(StationFirmware.self, from: data)
        #expect(try encoder.encode(copy) == data)
        #expect(copy.marks.count == 1 && copy.evses[0].hasTransaction)
    }
}
