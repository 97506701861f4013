internal import CSMS
internal import Logging
internal import NIOCore
internal import OCPP
internal import OCPPMessages
internal import OCPPWire
internal import Sockets
internal import Synchronization

/// One connection of a charging station: frames to typed messages to its desk, and the way back.
///
/// Touched on its event loop alone, except for ``isOpen`` and ``context``.
final class StationConnection: WebSocketEvents, @unchecked Sendable {
    let context: LoopContext
    let entry: StationEntry
    let slot: StationSlot
    let version: OCPPVersion
    /// The registered serial number that a client certificate named; `nil` where it named the identity, or there is none.
    let certifiedSerial: String?
    let socket: WebSocketConnection
    /// Of the charging station's clock, for times without an offset (1.6); `nil` for UTC.
    var zone: LocalTimeZone?

    var endpoint: RPCEndpoint
    /// When the loop's wheel will look at the endpoint.
    private var wakesAt = Timestamp.distantFuture
    /// Own calls under way: id and action.
    var ownCalls: [(id: String, action: String)] = []
    /// Requests that the desk has put aside, until it answers them: it never has more than a few.
    private var waitingFrames: [(id: String, frame: StoredFrame)] = []
    private let opened = Atomic(false)
    /// Another connection has taken over, or this one is over: nothing comes in or goes out any more.
    private var isRetired = false
    private var isPaused = false
    /// Messages that wait for their commit.
    private var heldCount = 0
    /// When a malformed frame was last noted, so that a flood of them does not fill the diary.
    private var notedMalformed = Timestamp.distantPast
    /// Messages refused so far; after a few only those who debug are told.
    private var refusalsLogged = 0
    private static let refusalsLoggedMax = 10
    private static let malformedNoteIntervalS: Int64 = 60

    var hub: Hub { context.hub }

    init(
        socket: WebSocketConnection, context: LoopContext, entry: StationEntry, slot: StationSlot,
        version: OCPPVersion, certifiedSerial: String?
    ) {
        self.socket = socket
        self.context = context
        self.entry = entry
        self.slot = slot
        self.version = version
        self.certifiedSerial = certifiedSerial
        zone = version == .v16 ? TimeZones.zone(entry.with { $0.timeZone } ?? context.hub.settings.timeZone) : nil
        endpoint = RPCEndpoint(version: version, role: .csms, limits: context.hub.settings.rpcLimits)
    }

    /// Whether messages can be exchanged.
    var isOpen: Bool { opened.load(ordering: .acquiring) }

    // MARK: from the socket

    func opened(_ connection: WebSocketConnection) {
        guard !isRetired else { return socket.close(code: .policyViolation, reason: "replaced by a new connection") }
        opened.store(true, ordering: .releasing)
        context.count { $0.opened += 1 }
        hub.logger.info(
            "connected", metadata: ["station": "\(slot.identity)", "version": "\(version.rawValue)"])
        hub.run(.connected(version: version), slot: slot, on: self, context: context, now: WallClock.now)
    }

    func received(text: [UInt8], on connection: WebSocketConnection) {
        guard !isRetired else { return }
        let now = WallClock.now
        var outputs = context.takeRPC()
        endpoint.handle(.frame(text), now: now, outputs: &outputs)
        carryOut(outputs, now: now)
        context.giveBack(consume outputs)
        if context.isCongested, !isPaused { pauseReading() }
    }

    func closed(_ connection: WebSocketConnection, _ closure: WebSocketClosure) {
        opened.store(false, ordering: .releasing)
        context.count { $0.closed += 1 }
        hub.logger.info(
            "disconnected",
            metadata: [
                "station": "\(slot.identity)", "cause": "\(closure.cause)", "code": "\(closure.code?.rawValue ?? 0)",
                "reason": "\(LogText.escaped(closure.reason))",
            ])
        end()
    }

    /// Ends this connection's work for the slot; the loop's records leave for the writer before the call returns.
    ///
    /// - Parameter replaced: whether another connection takes over.
    func retire(replaced: Bool) {
        if replaced, isOpen {
            context.count { $0.replaced += 1 }
            socket.close(code: .policyViolation, reason: "replaced by a new connection")
        }
        end()
        context.flush()
    }

    /// Ends the connection by an operator's decision.
    func expel(reason: String) {
        socket.close(code: .policyViolation, reason: reason)
        retire(replaced: false)
    }

    private func end() {
        guard !isRetired else { return }
        isRetired = true
        let now = WallClock.now
        var outputs = context.takeRPC()
        endpoint.handle(.closed, now: now, outputs: &outputs)
        for case .timedOut(let id) in outputs {
            hub.run(.failed(id: id, .notSent), slot: slot, on: nil, context: context, now: now)
        }
        context.giveBack(consume outputs)
        ownCalls = []
        waitingFrames = []
        hub.run(.disconnected, slot: slot, on: nil, context: context, now: now)
        slot.with { if $0.connection === self { $0.connection = nil } }
        entry.with { if $0.connection === self { $0.connection = nil } }
    }

    // MARK: between the endpoint and the desk

    func timerDue(now: Timestamp) {
        wakesAt = .distantFuture
        guard !isRetired else { return }
        hand(.timer, now: now)
    }

    /// Gives the endpoint one input and carries out what comes of it.
    func hand(_ input: RPCEndpoint.Input, now: Timestamp) {
        var outputs = context.takeRPC()
        endpoint.handle(input, now: now, outputs: &outputs)
        carryOut(outputs, now: now)
        context.giveBack(consume outputs)
    }

    private func carryOut(_ outputs: [RPCEndpoint.Output], now: Timestamp) {
        for output in outputs {
            switch output {
            case .transmit(let frame): socket.send(text: frame)
            case .call(let call): take(call, isAnswered: true, now: now)
            case .send(let call): take(call, isAnswered: false, now: now)
            case .result(let id, let frame, let payload): answered(id, frame, payload, now: now)
            case .callError(let error):
                context.count { $0.callsRefused += 1 }
                forget(error.id)
                run(.failed(id: error.id, .refused(error.code, description: error.description)), now: now)
            case .timedOut(let id):
                context.count { $0.callsTimedOut += 1 }
                forget(id)
                run(.failed(id: id, .timedOut), now: now)
            case .refused(let id, _):
                forget(id)
                run(.failed(id: id, .notSent), now: now)
            case .resultError(let error):
                hub.logger.warning(
                    "an answer was not understood",
                    metadata: ["station": "\(slot.identity)", "code": "\(LogText.escaped(error.codeText))"])
            case .malformed(let problem): note(problem, now: now)
            case .close(let code, let reason):
                socket.close(code: CloseCode(rawValue: code), reason: reason)
            }
        }
        let deadline = endpoint.nextDeadline
        if deadline < wakesAt {
            wakesAt = deadline
            context.wake(.connection(self), at: deadline)
        }
    }

    /// Decodes a message of the charging station and hands it to the desk.
    private func take(_ call: RPCEndpoint.ReceivedCall, isAnswered: Bool, now: Timestamp) {
        let request: AnyRequest
        do throws(SchemaViolation) {
            guard !AnyRequest.isSentByCSMSAlone(call.action, in: version) else {
                throw SchemaViolation(
                    code: .notSupported, path: "", problem: "the action is not one that a charging station sends")
            }
            var reader = JSONReader(call.frame, range: call.payload, version: version)
            reader.zone = zone
            request = try AnyRequest(action: call.action, reading: &reader)
            try reader.finish()
        } catch {
            if let tolerated = tolerate(call, error, now: now) {
                return handle(tolerated.request, call, violations: tolerated.violations, isAnswered, now)
            }
            context.count {
                if error.code == .notImplemented { $0.unknownActions += 1 } else { $0.invalidMessages += 1 }
            }
            hub.logger.log(
                level: refusalsLogged < Self.refusalsLoggedMax ? .notice : .debug, "a message was refused",
                metadata: [
                    "station": "\(slot.identity)", "action": "\(LogText.escaped(call.action))",
                    "problem": "\(LogText.escaped(error.description))",
                ])
            refusalsLogged += 1
            if isAnswered {
                hand(.error(id: call.id, code: error.code, description: error.description, details: []), now: now)
            }
            return
        }
        handle(request, call, violations: [], isAnswered, now)
    }

    /// What a message says that breaks its schema, where accounts depend on it and the server is told to be tolerant.
    private func tolerate(
        _ call: RPCEndpoint.ReceivedCall, _ violation: SchemaViolation, now: Timestamp
    ) -> TolerantReading? {
        guard hub.settings.tolerance == .billing, TolerantReading.isBilling(call.action),
            let reading = TolerantReading(
                action: call.action, bytes: call.frame, range: call.payload, version: version, zone: zone,
                received: now)
        else { return nil }
        context.count { $0.toleratedMessages += 1 }
        hub.logger.log(
            level: refusalsLogged < Self.refusalsLoggedMax ? .notice : .debug, "schema violation tolerated",
            metadata: [
                "station": "\(slot.identity)", "action": "\(LogText.escaped(call.action))",
                "problem": "\(LogText.escaped(violation.description))",
            ])
        refusalsLogged += 1
        return reading
    }

    private func handle(
        _ request: AnyRequest, _ call: RPCEndpoint.ReceivedCall, violations: [SchemaViolation], _ isAnswered: Bool,
        _ now: Timestamp
    ) {
        if let refusal = refusal(of: request, now: now) {
            noteSecurity("InvalidChargingStationCertificate", refusal, now: now)
            hand(.error(id: call.id, code: .securityError, description: refusal, details: []), now: now)
            return socket.close(code: .policyViolation, reason: refusal)
        }
        let frame = StoredFrame(
            received: now, bytes: call.frame, payload: call.payload, violations: violations.map(\.description))
        let outcome = hub.run(
            .request(id: call.id, request), slot: slot, on: self, context: context, now: now,
            request: isAnswered ? (call.id, frame) : nil)
        context.count { figures in
            figures.count(request, outcome)
            if outcome == .answered, endpoint.isAnswering == false, figures.isSampled() {
                figures.latencies.add(Double(WallClock.now.microseconds - now.microseconds) * 1e-6)
            }
        }
    }

    /// A charging station whose certificate names a serial number has to announce that one (B01.FR.11, B01.FR.12). Any
    /// other is noted where it is not the registered one; what is announced changes nothing that is registered.
    private func refusal(of request: AnyRequest, now: Timestamp) -> String? {
        let told: String?
        switch request {
        case .v2(.bootNotification(let boot)): told = boot.chargingStation.serialNumber
        case .v16(.bootNotification(let boot)): told = boot.chargePointSerialNumber ?? boot.chargeBoxSerialNumber
        default: return nil
        }
        if let certifiedSerial {
            return told == certifiedSerial ? nil : "the certificate is that of another serial number"
        }
        if let told, let registered = entry.with({ $0.registeredSerial }), told != registered {
            noteSecurity("SerialNumberMismatch", "announced \(told), registered \(registered)", now: now)
        }
        return nil
    }

    private func answered(_ id: String, _ frame: [UInt8], _ payload: Range<Int>, now: Timestamp) {
        guard let action = forget(id) else { return }
        do throws(SchemaViolation) {
            var reader = JSONReader(frame, range: payload, version: version)
            reader.zone = zone
            let response = try AnyResponse(action: action, reading: &reader)
            try reader.finish()
            run(.response(id: id, response), now: now)
        } catch {
            if version == .v21 {
                hand(.resultError(id: id, code: error.code, description: error.description, details: []), now: now)
            }
            run(.failed(id: id, .refused(error.code, description: error.description)), now: now)
        }
    }

    @discardableResult
    private func forget(_ id: String) -> String? {
        guard let index = ownCalls.firstIndex(where: { $0.id == id }) else { return nil }
        return ownCalls.remove(at: index).action
    }

    private func run(_ input: StationDesk.Input, now: Timestamp) {
        hub.run(input, slot: slot, on: self, context: context, now: now)
    }

    // MARK: requests that wait

    /// Keeps the frame of a request that is answered later.
    func keep(_ frame: StoredFrame, of id: String) {
        if waitingFrames.count >= endpoint.limits.waitingCallsMax { waitingFrames.removeFirst() }
        waitingFrames.append((id, frame))
    }

    /// The frame of a request that has not been answered.
    func kept(_ id: String) -> StoredFrame? { waitingFrames.last { $0.id == id }?.frame }

    /// The same, for the last time.
    func takeKept(_ id: String) -> StoredFrame? {
        guard let index = waitingFrames.lastIndex(where: { $0.id == id }) else { return nil }
        return waitingFrames.remove(at: index).frame
    }

    // MARK: from the writer

    /// Keeps a message until everything before it is committed.
    func hold(_ message: HeldMessage) {
        heldCount += 1
        context.append(.message(self, message))
    }

    /// What the message tells is stored.
    func release(_ message: HeldMessage) {
        heldCount -= 1
        guard !isRetired else { return }
        let now = WallClock.now
        context.count {
            if $0.isSampled() {
                $0.latencies.add(Double(now.microseconds - message.received.microseconds) * 1e-6)
            }
        }
        give(message, now: now)
    }

    /// Sends a call, behind the answers that wait for their commit.
    func send(_ call: HeldMessage) { if heldCount > 0 { hold(call) } else { give(call, now: call.received) } }

    /// Hands a message to the endpoint.
    func give(_ message: HeldMessage, now: Timestamp) {
        switch message.body {
        case .result(let payload): hand(.result(id: message.id, payload: payload), now: now)
        case .error(let code, let description):
            hand(.error(id: message.id, code: code, description: description, details: []), now: now)
        case .call(let action, let payload):
            hand(.call(id: message.id, action: action, payload: payload), now: now)
        }
    }

    /// What was to be answered could not be stored: the charging station has to send it again.
    func abandon() {
        guard !isRetired else { return }
        socket.close(code: .internalError, reason: "not stored, send again")
        end()
    }

    private func pauseReading() {
        isPaused = true
        context.count { $0.pausedReads += 1 }
        context.pause(self)
        socket.setReading(false)
    }

    func resumeReading() {
        isPaused = false
        socket.setReading(true)
    }

    // MARK: notes

    private func note(_ problem: RPCEndpoint.Malformation, now: Timestamp) {
        context.count { $0.malformedFrames += 1 }
        guard now >= notedMalformed.adding(seconds: Self.malformedNoteIntervalS) || notedMalformed == .distantPast
        else {
            return
        }
        notedMalformed = now
        hub.logger.notice(
            "a frame could not be read", metadata: ["station": "\(slot.identity)", "problem": "\(problem)"])
        noteSecurity("InvalidMessages", "\(problem)", now: now)
    }

    private func noteSecurity(_ kind: String, _ detail: String, now: Timestamp) {
        context.append(.security(slot, SecurityNote(kind: kind, detail: detail, at: now)))
    }
}
