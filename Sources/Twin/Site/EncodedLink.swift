internal import CSMS
internal import OCPP
internal import OCPPMessages
internal import OCPPWire
internal import Sim

/// The `encoded` wire of a site: everyday messages as JSON in RPC frames, made, checked and read at both ends.
///
/// Proof that translators, framing and codec lose nothing: in 2.x a run ends with the digest of the `typed` wire. In 1.6
/// more frames travel (states of connectors), and registers at start and stop are whole Wh.
struct EncodedLink: Sendable, Codable {
    /// Both ends of one charging station's connection.
    private struct Line: Sendable, Codable {
        var station: StationTranslator
        var stationEnd: RPCEndpoint
        var csms: CSMSTranslator
        var csmsEnd: RPCEndpoint
        /// Message id of the CALL that the firmware waits for.
        var awaited = ""
        /// Counts CALLs that the firmware knows nothing of.
        var extraCalls: UInt64 = 0
    }
    /// A frame under way, or an answer for the firmware.
    enum Delivery {
        case frame([UInt8])
        case answer(CSMSAnswer)
    }
    /// A CALL as the CSMS has to handle it.
    struct Opened {
        var id: String
        var calls: [StationCall]
        var receipt: CSMSTranslator.Receipt
    }

    private let version: OCPPVersion
    private var lines: ContiguousArray<Line>
    var frames = FrameSlab()

    /// - Parameter connectors: `[station][evse]`, number of connectors.
    init(version: OCPPVersion, connectors: [[Int]]) {
        self.version = version
        var limits = RPCLimits()
        limits.framesPerSecond = 1_000_000  // on an ideal link everything happens at once
        limits.frameBurst = 1_000_000_000
        lines = ContiguousArray(
            connectors.map { counts in
                Line(
                    station: StationTranslator(version: version, connectors: counts),
                    stationEnd: RPCEndpoint(version: version, role: .chargingStation, limits: limits),
                    csms: CSMSTranslator(version: version),
                    csmsEnd: RPCEndpoint(version: version, role: .csms, limits: limits))
            })
    }

    /// The connection is lost, and all that was under way with it.
    mutating func disconnect(_ s: Int, now: Timestamp) {
        var outputs: [RPCEndpoint.Output] = []
        lines[s].stationEnd.handle(.closed, now: now, outputs: &outputs)
        lines[s].csmsEnd.handle(.closed, now: now, outputs: &outputs)
        lines[s].awaited = ""
    }

    /// The effect with its transaction under the charging station's own name; in 1.6 the CSMS has another.
    func named(_ effect: Effect) -> Effect {
        switch effect {
        case .transactionClosed(var record):
            record.transactionID = stationID(of: record.transactionID, at: record.station)
            return .transactionClosed(record)
        case .transactionAmended(let station, let transactionID, let energyWh, let idToken):
            return .transactionAmended(
                station: station, transactionID: stationID(of: transactionID, at: station), energyWh: energyWh,
                idToken: idToken)
        case .stationBooted, .stationOnline, .stationOffline, .connectorStatus, .tokenRefused, .transactionOpened:
            return effect
        }
    }

    private func stationID(of transactionID: IdentifierText, at s: Int) -> IdentifierText {
        guard version == .v16, let number = CSMSTranslator.number(of: transactionID) else { return transactionID }
        return lines[s].station.transactionID(of: number) ?? transactionID
    }

    // MARK: - The charging station's end

    /// The firmware sends a call.
    mutating func send(_ call: StationCall, from s: Int, now: Timestamp) -> [Delivery] {
        var deliveries: [Delivery] = []
        hand(.timer, toStation: s, now: now, into: &deliveries)  // the firmware has given up whatever is overdue
        let step = lines[s].station.begin(call)
        carryOut(step, id: call.messageID.description, s, now: now, into: &deliveries)
        return deliveries
    }

    /// A frame arrives at the charging station.
    mutating func arrive(_ frame: [UInt8], atStation s: Int, now: Timestamp) -> [Delivery] {
        var deliveries: [Delivery] = []
        hand(.frame(frame), toStation: s, now: now, into: &deliveries)
        return deliveries
    }

    private mutating func carryOut(
        _ step: StationTranslator.Step, id: String, _ s: Int, now: Timestamp, into deliveries: inout [Delivery]
    ) {
        switch step {
        case .send(let message):
            lines[s].awaited = id
            let call = RPCEndpoint.Input.call(id: id, action: message.action, payload: message.payload)
            hand(call, toStation: s, now: now, into: &deliveries)
        case .done(let answer), .unusable(_, let answer): deliveries.append(.answer(answer))
        }
        for message in lines[s].station.takeNotifications() {
            let extra = RPCEndpoint.Input.call(id: extraID(s), action: message.action, payload: message.payload)
            hand(extra, toStation: s, now: now, into: &deliveries)
        }
    }

    private mutating func extraID(_ s: Int) -> String {
        lines[s].extraCalls &+= 1
        return "x\(lines[s].extraCalls)"
    }

    private mutating func hand(
        _ input: RPCEndpoint.Input, toStation s: Int, now: Timestamp, into deliveries: inout [Delivery]
    ) {
        var outputs: [RPCEndpoint.Output] = []
        lines[s].stationEnd.handle(input, now: now, outputs: &outputs)
        for output in outputs {
            switch output {
            case .transmit(let bytes): deliveries.append(.frame(bytes))
            case .result(let id, let frame, let payload) where id == lines[s].awaited:
                let step = lines[s].station.received(frame, payload: payload)
                carryOut(step, id: extraID(s), s, now: now, into: &deliveries)
            case .callError(let error) where error.id == lines[s].awaited:
                let step = lines[s].station.failed(error.code)
                carryOut(step, id: extraID(s), s, now: now, into: &deliveries)
            case .result, .callError, .timedOut, .refused, .call, .send, .resultError, .malformed, .close: break
            }
        }
    }

    // MARK: - The CSMS's end

    /// A frame arrives at the CSMS: what it has to handle, or else the frames that go back at once.
    mutating func open(_ frame: [UInt8], from s: Int, now: Timestamp) -> (opened: Opened?, frames: [[UInt8]]) {
        var outputs: [RPCEndpoint.Output] = []
        lines[s].csmsEnd.handle(.frame(frame), now: now, outputs: &outputs)
        var frames: [[UInt8]] = []
        var opened: Opened?
        for output in outputs {
            switch output {
            case .transmit(let bytes): frames.append(bytes)
            case .call(let call):
                do throws(SchemaViolation) {
                    opened = try read(call, from: s, now: now)
                } catch {
                    frames += refuse(call.id, error, s, now: now)
                }
            case .result, .callError, .timedOut, .refused, .send, .resultError, .malformed, .close: break
            }
        }
        return (opened, frames)
    }

    /// The CSMS has handled the calls of an opened frame.
    mutating func answer(
        _ opened: Opened, _ responses: [CSMSResponse], to s: Int, now: Timestamp
    ) -> [[UInt8]] {
        switch lines[s].csms.answer(opened.receipt, responses) {
        case .response(let response):
            var writer = JSONWriter(version: version)
            response.write(to: &writer)
            return hand(.result(id: opened.id, payload: writer.bytes), toCSMS: s, now: now)
        case .error(let code):
            return hand(.error(id: opened.id, code: code, description: "", details: []), toCSMS: s, now: now)
        }
    }

    private mutating func read(
        _ call: RPCEndpoint.ReceivedCall, from s: Int, now: Timestamp
    ) throws(SchemaViolation) -> Opened {
        var reader = JSONReader(call.frame, range: call.payload, version: version)
        let request = try AnyRequest(action: call.action, reading: &reader)
        try reader.finish()
        guard let everyday = lines[s].csms.everyday(request, now: now) else {
            throw SchemaViolation(code: .notSupported, path: "", problem: "not spoken here")
        }
        let messageID = IdentifierText(folding: call.id)
        return Opened(
            id: call.id, calls: everyday.requests.map { StationCall(messageID: messageID, request: $0) },
            receipt: everyday.receipt)
    }

    private mutating func refuse(
        _ id: String, _ violation: SchemaViolation, _ s: Int, now: Timestamp
    ) -> [[UInt8]] {
        let error = RPCEndpoint.Input.error(
            id: id, code: violation.code, description: violation.description, details: [])
        return hand(error, toCSMS: s, now: now)
    }

    private mutating func hand(_ input: RPCEndpoint.Input, toCSMS s: Int, now: Timestamp) -> [[UInt8]] {
        var outputs: [RPCEndpoint.Output] = []
        lines[s].csmsEnd.handle(input, now: now, outputs: &outputs)
        return outputs.compactMap { if case .transmit(let bytes) = $0 { bytes } else { nil } }
    }
}

/// Frames under way, by small indices that are used again.
struct FrameSlab: Sendable, Codable {
    struct Flight: Sendable, Codable {
        var station: UInt16
        var connection: UInt32
        /// When the station sent the CALL that the frame carries or answers.
        var sent: SimTime
        var bytes: [UInt8]
    }
    private var flights: [Flight?] = []
    private var free: [UInt32] = []

    mutating func insert(_ flight: Flight) -> UInt32 {
        guard let slot = free.popLast() else {
            flights.append(flight)
            return UInt32(flights.count - 1)
        }
        flights[Int(slot)] = flight
        return slot
    }

    /// `nil` when nothing lies there.
    mutating func remove(_ slot: UInt32) -> Flight? {
        guard flights.indices.contains(Int(slot)), let flight = flights[Int(slot)] else { return nil }
        flights[Int(slot)] = nil
        free.append(slot)
        return flight
    }
}
