import CSMS
import OCPP
import Testing

/// The sessions of a site at a bench, with one registered charging station unless told otherwise.
struct SessionScript {
    static let start = Timestamp(microseconds: 1_736_150_400_000_000)
    static let token = Core.IdToken(idToken: "A1B2", type: .iso14443)

    var sessions: SiteSessions
    var directory = TokenDirectory([
        TokenRecord(idToken: "a1b2", group: "fleet"), TokenRecord(idToken: "bad", status: .blocked),
    ])
    var now = start
    var effects: [Effect] = []
    private var messages: UInt64 = 0

    init(stations: Int = 1, booted: Bool = true, settings: CSMSSettings = CSMSSettings()) {
        sessions = SiteSessions(stations: stations, settings: settings)
        guard booted else { return }
        for station in 0..<stations { _ = boot(station) }
        effects = []
    }

    mutating func call(_ request: StationRequest, from station: Int = 0) -> CSMSResponse {
        messages += 1
        let frame = StationCall(messageID: IdentifierText(hexadecimal: messages), request: request)
        let answer = sessions.handle(frame, from: station, now: now, directory: directory, effects: &effects)
        #expect(answer.messageID == frame.messageID)
        return answer.response
    }
    mutating func boot(_ station: Int = 0) -> CSMSResponse {
        let identity = Core.ChargingStation(model: "M", vendorName: "V")
        return call(.bootNotification(.init(reason: .powerUp, chargingStation: identity)), from: station)
    }

    var records: [TransactionRecord] {
        effects.compactMap { effect in
            guard case .transactionClosed(let record) = effect else { return nil }
            return record
        }
    }
    var amendedWh: Double {
        effects.reduce(0) { sum, effect in
            guard case .transactionAmended(_, _, let energyWh, _) = effect else { return sum }
            return sum + energyWh
        }
    }

    /// The events of one transaction: Started at 1000 Wh, `updates` readings 100 Wh apart, Ended 100 Wh later.
    static func events(
        id: IdentifierText = "T", updates: Int = 3, endCarriesBegin: Bool = true
    )
        -> [Core.TransactionEventRequest]
    {
        (0..<updates + 2).map { index in
            let isStart = index == 0
            let isEnd = index == updates + 1
            func reading(_ index: Int, _ context: Core.ReadingContext) -> Core.MeterValue {
                Core.MeterValue(
                    timestamp: start.adding(seconds: Int64(index) * 900), context: context,
                    energyActiveImportRegisterWh: 1000 + 100 * Double(index))
            }
            return Core.TransactionEventRequest(
                eventType: isStart ? .started : isEnd ? .ended : .updated,
                timestamp: start.adding(seconds: Int64(index) * 900),
                triggerReason: isStart || isEnd ? .chargingStateChanged : .meterValuePeriodic, seqNo: Int32(index),
                offline: false,
                transactionInfo: Core.Transaction(transactionId: id, stoppedReason: isEnd ? .evDisconnected : nil),
                evse: isStart ? Core.EVSE(id: 2, connectorId: 1) : nil, idToken: isStart ? token : nil,
                meterValue: reading(index, isStart ? .transactionBegin : isEnd ? .transactionEnd : .samplePeriodic),
                meterValueAtBegin: isEnd && endCarriesBegin ? reading(0, .transactionBegin) : nil)
        }
    }
}
