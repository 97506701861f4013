import Models
import OCPP
import Sim

/// One charging station's firmware at a bench: connections succeed, frames pile up until a test answers them.
struct FirmwareScript {
    static let start = Timestamp(microseconds: 1_736_150_400_000_000)  // 2025-01-06T08:00:00Z
    static let token = Core.IdToken(idToken: "A1B2", type: .iso14443)

    var firmware: StationFirmware
    var outputs = OutputBuffer()
    var now = start
    /// Frames sent and not answered yet, oldest first.
    var frames: [StationCall] = []
    /// Everything else that came out.
    var seen: [StationFirmware.Output] = []
    /// When connections were asked for.
    var connects: [Timestamp] = []
    var timer: (at: Timestamp, generation: UInt32)?
    var linkIsUp = true
    var registersWh: [Double]

    init(
        connectors: [Int] = [1], stationKey: UInt64 = 42, seed: UInt64 = 1,
        _ change: (inout FirmwareSettings) -> Void = { _ in }
    ) {
        var settings = FirmwareSettings()
        change(&settings)
        firmware = StationFirmware(
            identity: Core.ChargingStation(model: "Model", vendorName: "Vendor"), connectors: connectors,
            stationKey: stationKey,
            settings: settings, random: RandomStream(seed: seed, purpose: 1, entity: 1))
        registersWh = connectors.map { _ in 0 }
    }

    /// A firmware that is registered, has told its connectors, and waits.
    static func ready(connectors: [Int] = [1], _ change: (inout FirmwareSettings) -> Void = { _ in }) -> FirmwareScript
    {
        var script = FirmwareScript(connectors: connectors, change)
        script.hand(.powerUp(reason: .powerUp))
        script.answerAll()
        script.seen = []
        return script
    }

    mutating func hand(_ input: StationFirmware.Input) {
        firmware.handle(input, now: now, outputs: &outputs)
        var index = 0
        while index < outputs.count {
            switch outputs[index] {
            case .send(let call): frames.append(outputs.call(call))
            case .connect:
                connects.append(now)
                firmware.handle(linkIsUp ? .linkUp : .linkDown, now: now, outputs: &outputs)
            case .startTimer(let at, let generation): timer = (at, generation)
            case .needMeter(let evse):
                registersWh[evse] += 100
                firmware.handle(
                    .meterReading(evse: evse, meterWh: registersWh[evse], powerW: 7400, stateOfCharge: 0.25), now: now,
                    outputs: &outputs)
            case .disconnect, .authorization, .authorizationExpired, .stopCharging, .transactionStarted,
                .transactionEnded, .transactionMessageDiscarded:
                seen.append(outputs[index])
            }
            index += 1
        }
        outputs.removeAll()
    }

    /// Lets time pass up to `seconds` from now; timers fire on the way, and frames are answered where `answering`.
    mutating func wait(_ seconds: Int64, answering: Bool = false) {
        let end = now.adding(seconds: seconds)
        while let next = timer, next.at <= end {
            now = max(now, next.at)
            timer = nil
            hand(.timer(generation: next.generation))
            if answering { answerAll() }
        }
        now = end
    }

    /// Lets time pass until the connection is back.
    mutating func reconnect() {
        linkIsUp = true
        while !firmware.isConnected, let timer { wait((timer.at.microseconds - now.microseconds) / 1_000_000 + 1) }
    }

    /// Answers the oldest frame.
    mutating func answer(_ response: CSMSResponse) {
        let frame = frames.removeFirst()
        hand(.answer(CSMSAnswer(messageID: frame.messageID, response: response)))
    }

    /// Answers frames as a CSMS does that accepts everything, until there are no more.
    mutating func answerAll() {
        while let frame = frames.first { answer(Self.consent(to: frame.request)) }
    }

    static func consent(to request: StationRequest) -> CSMSResponse {
        switch request {
        case .authorize: .authorize(.init(idTokenInfo: .init(status: .accepted)))
        case .bootNotification: .bootNotification(.init(currentTime: start, interval: 300, status: .accepted))
        case .heartbeat: .heartbeat(.init(currentTime: start))
        case .meterValues: .meterValues(.init())
        case .statusNotification: .statusNotification(.init())
        case .transactionEvent(let event):
            .transactionEvent(.init(idTokenInfo: event.idToken.map { _ in .init(status: .accepted) }))
        }
    }

    /// Collects the frames of `body` while a CSMS accepts everything.
    mutating func exchange(_ body: (inout FirmwareScript) -> Void) -> [StationRequest] {
        var requests: [StationRequest] = []
        body(&self)
        while let frame = frames.first {
            requests.append(frame.request)
            answer(Self.consent(to: frame.request))
        }
        return requests
    }

    /// Plugs in, authorizes and starts to charge at an EVSE.
    mutating func charge(_ evse: Int = 0, idToken: Core.IdToken = token) {
        hand(.vehiclePlugged(evse: evse))
        hand(.tokenPresented(evse: evse, idToken: idToken))
        if linkIsUp { answerAll() }
        hand(.chargingStarted(evse: evse, meterWh: registersWh[evse]))
    }

    var actions: [StationAction] { frames.map(\.request.action) }
    /// The oldest frame's event, if it is one.
    var event: Core.TransactionEventRequest? {
        guard case .transactionEvent(let event) = frames.first?.request else { return nil }
        return event
    }
}

extension [StationRequest] {
    var events: [Core.TransactionEventRequest] {
        compactMap { request in
            guard case .transactionEvent(let event) = request else { return nil }
            return event
        }
    }
}
