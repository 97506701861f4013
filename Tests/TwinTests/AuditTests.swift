import CSMS
import Models
import OCPP
import Sim
import Testing
import Twin

@Suite("Audit of a CSMS's books")
struct AuditTests {
    private static let ids: [IdentifierText] = {
        var firmware = StationFirmware(
            identity: Core.ChargingStation(model: "M", vendorName: "V"), connectors: [1], stationKey: 9,
            settings: FirmwareSettings(), random: RandomStream(seed: 1, purpose: 1, entity: 1))
        var outputs = OutputBuffer()
        let now = Timestamp(microseconds: 0)
        firmware.handle(.powerUp(reason: .powerUp), now: now, outputs: &outputs)
        firmware.handle(.linkUp, now: now, outputs: &outputs)
        var ids: [IdentifierText] = [""]
        for _ in 0..<3 {
            firmware.handle(.chargingStarted(evse: 0, meterWh: 0), now: now, outputs: &outputs)
            firmware.handle(.vehicleUnplugged(evse: 0, meterWh: 0), now: now, outputs: &outputs)
        }
        var next = 0
        while next < outputs.count {
            if case .send(let call) = outputs[next] {
                let frame = outputs.call(call)
                var response = CSMSResponse.statusNotification(.init())
                if frame.request.action == .bootNotification {
                    response = .bootNotification(.init(currentTime: now, interval: 300, status: .accepted))
                }
                if case .transactionEvent(let event) = frame.request {
                    response = .transactionEvent(.init())
                    if event.eventType == .started { ids.append(event.transactionInfo.transactionId) }
                }
                firmware.handle(
                    .answer(.init(messageID: frame.messageID, response: response)), now: now, outputs: &outputs)
            }
            next += 1
        }
        return ids
    }()

    private static func closed(_ id: IdentifierText, energyWh: Double) -> Effect {
        .transactionClosed(
            TransactionRecord(
                station: 0, transactionID: id, evse: 1, idToken: nil, started: Timestamp(microseconds: 0),
                ended: Timestamp(microseconds: 0), meterStartWh: 1000, meterStopWh: 1000 + energyWh,
                stoppedReason: .local, complete: true, missingEvents: 0))
    }

    @Test("equal books are exact, whichever side speaks first")
    func exact() {
        var audit = SiteAudit(stations: 1)
        audit.transactionEnded(station: 0, number: 1, energyWh: 500.25)
        audit.take(Self.closed(Self.ids[1], energyWh: 500.25))
        audit.take(Self.closed(Self.ids[2], energyWh: 7))
        #expect(audit.totals(pending: [[]]).sessionsDoubled == 1, "booked, but never happened as far as is known")
        audit.transactionEnded(station: 0, number: 2, energyWh: 7)
        let totals = audit.totals(pending: [[]])
        #expect(totals.isExact && totals.sessionsTrue == 2 && totals.sessionsBooked == 2)
        #expect(totals.energyTrueWh == 507.25 && totals.energyBookedWh == 507.25)
    }

    @Test("what is missing is pending while messages about it wait, else lost")
    func lost() {
        var audit = SiteAudit(stations: 1)
        for number: UInt32 in 1...3 { audit.transactionEnded(station: 0, number: number, energyWh: 100) }
        audit.take(Self.closed(Self.ids[3], energyWh: 100))
        let totals = audit.totals(pending: [[2]])
        #expect(totals.sessionsLost == 1 && totals.sessionsPending == 1 && totals.sessionsBooked == 1)
        #expect(totals.energyPendingWh == 100 && !totals.isExact)
    }

    @Test("what is booked twice, or never happened, is doubled")
    func doubled() {
        var audit = SiteAudit(stations: 1)
        audit.transactionEnded(station: 0, number: 1, energyWh: 100)
        audit.take(Self.closed(Self.ids[1], energyWh: 100))
        audit.take(Self.closed(Self.ids[1], energyWh: 100))
        audit.take(Self.closed("somebody else's", energyWh: 5))
        let totals = audit.totals(pending: [[]])
        #expect(totals.sessionsDoubled == 2 && totals.sessionsBooked == 1 && totals.energyBookedWh == 205)
        #expect(!totals.isExact)
    }

    @Test("a booking off by more than a milliwatt-hour is wrong until it is put right")
    func wrong() {
        var audit = SiteAudit(stations: 1)
        audit.transactionEnded(station: 0, number: 1, energyWh: 100)
        audit.take(Self.closed(Self.ids[1], energyWh: 99.998))
        #expect(audit.totals(pending: [[]]).sessionsWrong == 1)
        audit.take(
            .transactionAmended(station: 0, transactionID: Self.ids[1], energyWh: 0.002, idToken: nil))
        #expect(audit.totals(pending: [[]]).isExact)
        audit.take(.transactionAmended(station: 0, transactionID: Self.ids[1], energyWh: 5, idToken: nil))
        #expect(audit.totals(pending: [[]]).sessionsWrong == 1)
    }

    @Test("sites add up")
    func sums() {
        var a = AuditTotals()
        a.sessionsTrue = 2
        a.sessionsBooked = 1
        a.sessionsPending = 1
        a.energyTrueMilliWh = 10
        a.energyBookedMilliWh = 6
        a.energyPendingMilliWh = 4
        var sum = AuditTotals()
        sum += a
        sum += a
        #expect(sum.isExact && sum.sessionsTrue == 4 && sum.energyBookedMilliWh == 12)
    }
}
