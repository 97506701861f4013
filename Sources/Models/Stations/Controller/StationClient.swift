public import OCPP
internal import OCPPMessages
public import OCPPWire

/// A charging station's OCPP client on a wire: frames in, frames out.
///
/// ``StationController`` between a ``OCPPWire/StationTranslator`` and an ``OCPPWire/RPCEndpoint``. The owner carries bytes,
/// keeps one timer (``nextDeadline``), does jobs and moves the plant; it decides nothing.
public struct StationClient: Sendable {
    public enum Input: Equatable, Sendable {
        /// Of the plant; not for links, answers and timers, which come in by the cases below.
        case everyday(StationFirmware.Input)
        /// The connection asked for by ``Output/connect`` is open in this client's version.
        case opened
        /// A text frame.
        case frame([UInt8])
        /// The connection is gone, or could not be made.
        case closed
        /// The CSMS refused the credentials.
        case unauthorized
        case event(StationEvent)
        case jobDone(Int, StationJobResult)
        /// ``StationClient/nextDeadline`` has come.
        case timer
    }

    public enum Output: Equatable, Sendable {
        /// Open a connection and say ``Input/opened`` or ``Input/closed``.
        case connect
        /// Close the connection; no ``Input/closed`` is expected.
        case disconnect(code: UInt16, reason: String)
        case transmit([UInt8])
        /// For the plant: authorization, meter, charging and transactions.
        case everyday(StationFirmware.Output)
        case directive(Directive)
        case job(id: Int, StationJob)
        /// A message of the charging station has ended; `microseconds` since it was sent.
        case answered(action: String, AnswerKind, microseconds: Int64)
        /// For logs: a frame of the CSMS that breaks the rules.
        case malformed(String)
        /// An answer to BootNotification that the charging station cannot use, and why: it goes on asking.
        case unusableBootAnswer(String)
    }

    /// How a message of the charging station ended.
    public enum AnswerKind: Hashable, Sendable {
        case result
        case error(RPCErrorCode)
        case timedOut
    }

    private struct Outstanding: Sendable {
        var id: String
        var action: String
        var sent: Timestamp
        var purpose: Purpose
    }
    private enum Purpose: Sendable {
        case everyday
        case block(V2.Request)
        /// Nobody waits for the answer.
        case notification
    }

    public private(set) var controller: StationController
    private var translator: StationTranslator
    private var rpc: RPCEndpoint
    private var outstanding: [Outstanding] = []
    private var timerAt = Timestamp.distantFuture
    private var timerGeneration: UInt32 = 0
    private var messageCount: UInt64 = 0
    /// Connections that could not be made since the last one that could.
    private var attempts = 0
    /// Microseconds that the CSMS's clock is ahead of `now`: timers keep to `now`, messages to the CSMS's clock.
    public private(set) var clockOffset: Int64 = 0
    private let followsClock: Bool
    /// A smaller difference is the round trip's.
    private static let clockTolerance: Int64 = 1_000_000
    /// Different for each start of the process, so that ids do not come back.
    private let idPrefix: String
    // Scratch, empty between inputs.
    private var controllerOutputs = ControllerOutputs()
    private var rpcOutputs: [RPCEndpoint.Output] = []

    /// - Parameters:
    ///   - idPrefix: at most 12 characters that begin the ids of messages.
    ///   - followsClock: whether the clock is set by the CSMS's `currentTime` (G02.FR.06); not where `now` runs at
    ///     another pace than the CSMS's clock.
    ///   - limits: what is taken from the CSMS.
    public init(
        controller: StationController, translator: StationTranslator, idPrefix: String, followsClock: Bool = true,
        limits: RPCLimits = RPCLimits()
    ) {
        precondition(idPrefix.utf8.count <= 12, "36 characters have to do for an id")
        self.controller = controller
        self.translator = translator
        self.idPrefix = idPrefix
        self.followsClock = followsClock
        rpc = RPCEndpoint(version: controller.version, role: .chargingStation, limits: limits)
        self.controller.signing.clockOffset = 0
    }

    public var version: OCPPVersion { controller.version }
    /// What EVSE index `evse` may draw by its charging profiles, W; infinite where none limits.
    public mutating func limitW(evse: Int, now: Timestamp) -> Double { controller.limitW(evse: evse, now: now) }
    /// How to make the next connection.
    public var connectionSettings: ConnectionSettings { controller.connectionSettings(attempt: attempts) }

    /// When ``Input/timer`` is to be handed in; `distantFuture` for not at all.
    public var nextDeadline: Timestamp { min(timerAt, controller.nextDeadline, rpc.nextDeadline) }

    /// Handles one input at `now`, which must not run backwards; what has to be done is appended to `outputs`.
    public mutating func handle(_ input: Input, now: Timestamp, outputs: inout [Output]) {
        switch input {
        case .everyday(let input): tell(.everyday(input), now: now, outputs: &outputs)
        case .opened:
            controller.connected(slot: connectionSettings.slot)
            attempts = 0
            rpc = RPCEndpoint(version: controller.version, role: .chargingStation, limits: rpc.limits)
            tell(.everyday(.linkUp), now: now, outputs: &outputs)
        case .unauthorized:
            if !controller.passwordRefused() { attempts += 1 }
            tell(.event(.security(.failedToAuthenticateAtCSMS, techInfo: nil)), now: now, outputs: &outputs)
            tell(.everyday(.linkDown), now: now, outputs: &outputs)
        case .closed:
            if !controller.firmware.isConnected { attempts += 1 }
            outstanding.removeAll()
            rpc = RPCEndpoint(version: controller.version, role: .chargingStation, limits: rpc.limits)
            tell(.everyday(.linkDown), now: now, outputs: &outputs)
        case .frame(let bytes): carry(.frame(bytes), now: now, outputs: &outputs)
        case .event(let event): tell(.event(event), now: now, outputs: &outputs)
        case .jobDone(let job, let result): tell(.jobDone(job, result), now: now, outputs: &outputs)
        case .timer:
            if rpc.nextDeadline <= now { carry(.timer, now: now, outputs: &outputs) }
            if timerAt <= now {
                timerAt = .distantFuture
                tell(.everyday(.timer(generation: timerGeneration)), now: now, outputs: &outputs)
            }
            if controller.nextDeadline <= now { tell(.timer, now: now, outputs: &outputs) }
        }
    }

    // MARK: - Controller

    private mutating func tell(_ input: StationController.Input, now: Timestamp, outputs: inout [Output]) {
        var pending = [input]
        var next = 0
        while next < pending.count {
            controller.handle(pending[next], now: now, outputs: &controllerOutputs)
            next += 1
            if let event = setClock() { pending.append(.event(event)) }
            let done = controllerOutputs
            controllerOutputs.removeAll()
            for item in done.items {
                switch item {
                case .everyday(let index):
                    carryOut(done.everyday[index], done.everyday, pending: &pending, now: now, outputs: &outputs)
                case .answer(let id, let response):
                    var writer = JSONWriter(version: version)
                    writer.clockOffset = clockOffset
                    response.write(to: &writer)
                    carry(.result(id: id, payload: writer.bytes), now: now, outputs: &outputs)
                case .refuse(let id, let code):
                    carry(.error(id: id, code: code, description: "", details: []), now: now, outputs: &outputs)
                case .call(let request): send(request, pending: &pending, now: now, outputs: &outputs)
                case .directive(let directive): outputs.append(.directive(directive))
                case .job(let id, let job): outputs.append(.job(id: id, job))
                }
            }
            for message in translator.takeNotifications() {
                send(message.action, message.payload, .notification, now: now, outputs: &outputs)
            }
        }
    }

    private mutating func carryOut(
        _ output: StationFirmware.Output, _ buffer: OutputBuffer, pending: inout [StationController.Input],
        now: Timestamp, outputs: inout [Output]
    ) {
        switch output {
        case .send(let call):
            translator.extras = controller.extras(for: buffer.call(call).request)
            follow(translator.begin(buffer.call(call)), pending: &pending, now: now, outputs: &outputs)
        case .connect: outputs.append(.connect)
        case .disconnect:
            outstanding.removeAll()
            outputs.append(.disconnect(code: 1001, reason: "no answers"))
        case .startTimer(let at, let generation):
            timerAt = at
            timerGeneration = generation
        case .authorization, .authorizationExpired, .stopCharging, .needMeter, .transactionStarted, .transactionEnded,
            .transactionMessageDiscarded:
            outputs.append(.everyday(output))
        }
    }

    /// Goes on with an everyday message.
    private mutating func follow(
        _ step: StationTranslator.Step, pending: inout [StationController.Input], now: Timestamp,
        outputs: inout [Output]
    ) {
        switch step {
        case .send(let message): send(message.action, message.payload, .everyday, now: now, outputs: &outputs)
        case .done(let answer):
            let extras = translator.takeAnswerExtras()
            pending.append(extras.map { .answered(answer, $0) } ?? .everyday(.answer(answer)))
        case .unusable(_, let answer): pending.append(.everyday(.answer(answer)))
        }
    }

    /// Sends a block's request.
    private mutating func send(
        _ request: V2.Request, pending: inout [StationController.Input], now: Timestamp, outputs: inout [Output]
    ) {
        var writer = JSONWriter(version: version)
        writer.clockOffset = clockOffset
        let action: String
        if version == .v16 {
            let translated = V16Dialect.request(
                request, ways: controller.ways16, isTriggered: controller.isTriggeredCall)
            guard let translated else { return pending.append(.outcome(.notInThisVersion)) }
            translated.write(to: &writer)
            action = translated.action.wireText
        } else {
            request.write(to: &writer)
            action = request.action.wireText
        }
        if request.action == .notifyPeriodicEventStream {
            messageCount += 1
            carry(
                .send(id: "\(idPrefix)-\(messageCount)", action: action, payload: writer.bytes), now: now,
                outputs: &outputs)
            // Nobody answers a SEND.
            return pending.append(.outcome(.unanswered))
        }
        send(action, writer.bytes, .block(request), now: now, outputs: &outputs)
    }

    private mutating func send(
        _ action: String, _ payload: [UInt8], _ purpose: Purpose, now: Timestamp, outputs: inout [Output]
    ) {
        messageCount += 1
        let id = "\(idPrefix)-\(messageCount)"
        outstanding.append(Outstanding(id: id, action: action, sent: now, purpose: purpose))
        carry(.call(id: id, action: action, payload: payload), now: now, outputs: &outputs)
    }

    // MARK: - Wire

    private mutating func carry(_ input: RPCEndpoint.Input, now: Timestamp, outputs: inout [Output]) {
        let first = rpcOutputs.count
        rpc.handle(input, now: now, outputs: &rpcOutputs)
        let done = Array(rpcOutputs[first...])
        rpcOutputs.removeSubrange(first...)
        for output in done {
            if case .malformed(let problem) = output { noteBoot(problem, among: done, outputs: &outputs) }
            take(output, now: now, outputs: &outputs)
        }
    }

    /// What cannot be read while BootNotification waits for its answer is taken for that answer, whether it names it or
    /// not.
    private func noteBoot(
        _ problem: RPCEndpoint.Malformation, among done: [RPCEndpoint.Output], outputs: inout [Output]
    ) {
        let isOther = done.contains { if case .callError(let error) = $0 { !isBoot(error.id) } else { false } }
        guard !isOther, outstanding.contains(where: { $0.action == Self.boot }) else { return }
        outputs.append(.unusableBootAnswer("unreadable frame: \(problem)"))
    }

    /// Whether the frame that ended a call is noted already, just before ``Output/answered(action:_:microseconds:)``.
    private func wasUnreadable(_ outputs: [Output]) -> Bool {
        for output in outputs.reversed() {
            switch output {
            case .answered: continue
            case .malformed: continue
            case .unusableBootAnswer: return true
            default: return false
            }
        }
        return false
    }

    private func isBoot(_ id: String) -> Bool { outstanding.contains { $0.id == id && $0.action == Self.boot } }

    private static let boot = "BootNotification"

    private mutating func take(_ output: RPCEndpoint.Output, now: Timestamp, outputs: inout [Output]) {
        switch output {
        case .transmit(let frame): outputs.append(.transmit(frame))
        case .call(let call): receive(call, now: now, outputs: &outputs)
        case .send: break  // no CSMS sends one
        case .result(let id, let frame, let payload):
            guard let call = finish(id, .result, now: now, outputs: &outputs) else { return }
            switch call.purpose {
            case .notification: break
            case .everyday:
                let step = translator.received(frame, payload: payload)
                if case .unusable(let violation, _) = step {
                    outputs.append(.malformed("\(call.action) answer: \(violation)"))
                    if call.action == Self.boot { outputs.append(.unusableBootAnswer("\(violation)")) }
                }
                goOn(step, now: now, outputs: &outputs)
            case .block(let request):
                tell(
                    .outcome(outcome(of: request, call, frame, payload, now: now, outputs: &outputs)), now: now,
                    outputs: &outputs)
            }
        case .callError(let error):
            guard let call = finish(error.id, .error(error.code), now: now, outputs: &outputs) else { return }
            if call.action == Self.boot, !wasUnreadable(outputs) {
                outputs.append(.unusableBootAnswer("CALLERROR \(error.code.wireText(for: version))"))
            }
            switch call.purpose {
            case .notification: break
            case .everyday: goOn(translator.failed(error.code), now: now, outputs: &outputs)
            case .block: tell(.outcome(.refused(error.code)), now: now, outputs: &outputs)
            }
        case .timedOut(let id):
            guard let call = finish(id, .timedOut, now: now, outputs: &outputs) else { return }
            if case .block = call.purpose { tell(.outcome(.unanswered), now: now, outputs: &outputs) }
        case .refused(let id, _):
            guard let call = finish(id, .timedOut, now: now, outputs: &outputs) else { return }
            if case .block = call.purpose { tell(.outcome(.unanswered), now: now, outputs: &outputs) }
        case .resultError(let error): outputs.append(.malformed("CALLRESULTERROR \(error.codeText)"))
        case .malformed(let problem):
            outputs.append(.malformed("\(problem)"))
            tell(.event(.security(.invalidMessages, techInfo: "\(problem)")), now: now, outputs: &outputs)
        case .close(let code, let reason):
            outputs.append(.disconnect(code: code, reason: reason))
            outputs.append(.malformed(reason))
        }
    }

    private mutating func goOn(_ step: StationTranslator.Step, now: Timestamp, outputs: inout [Output]) {
        var pending: [StationController.Input] = []
        follow(step, pending: &pending, now: now, outputs: &outputs)
        for input in pending { tell(input, now: now, outputs: &outputs) }
    }

    /// Takes over what the last BootNotification or Heartbeat said of the time; a great difference is a security event.
    private mutating func setClock() -> StationEvent? {
        let difference = controller.takeClockDifference()
        guard followsClock, difference.magnitude >= Self.clockTolerance.magnitude else { return nil }
        let (sum, overflow) = clockOffset.addingReportingOverflow(difference)
        guard !overflow else { return nil }
        clockOffset = sum
        translator.clockOffset = sum
        controller.signing.clockOffset = sum
        guard difference.magnitude >= controller.clockReportThreshold.magnitude else { return nil }
        return .security(.settingSystemTime, techInfo: "\(difference / 1_000_000) s")
    }

    private mutating func finish(
        _ id: String, _ kind: AnswerKind, now: Timestamp, outputs: inout [Output]
    ) -> Outstanding? {
        guard let index = outstanding.firstIndex(where: { $0.id == id }) else { return nil }
        let call = outstanding.remove(at: index)
        outputs.append(
            .answered(action: call.action, kind, microseconds: now.microseconds - call.sent.microseconds))
        return call
    }

    /// Reads the answer to a block's request.
    private mutating func outcome(
        of request: V2.Request, _ call: Outstanding, _ frame: [UInt8], _ payload: Range<Int>, now: Timestamp,
        outputs: inout [Output]
    ) -> CallOutcome {
        do throws(SchemaViolation) {
            var reader = JSONReader(frame, range: payload, version: version)
            reader.clockOffset = clockOffset
            let response = try AnyResponse(action: call.action, reading: &reader)
            try reader.finish()
            switch response {
            case .v2(let response): return .response(response)
            case .v16(let response):
                return V16Dialect.response(response, to: request).map { .response($0) } ?? .refused(.protocolError)
            }
        } catch {
            outputs.append(.malformed("\(call.action) answer: \(error.path): \(error.problem)"))
            if version == .v21 {
                carry(
                    .resultError(id: call.id, code: error.code, description: error.path, details: []), now: now,
                    outputs: &outputs)
            }
            return .refused(error.code)
        }
    }

    /// A CALL of the CSMS: read, handled, answered.
    private mutating func receive(_ call: RPCEndpoint.ReceivedCall, now: Timestamp, outputs: inout [Output]) {
        do throws(SchemaViolation) {
            var reader = JSONReader(call.frame, range: call.payload, version: version)
            reader.clockOffset = clockOffset
            let request = try AnyRequest(action: call.action, reading: &reader)
            try reader.finish()
            switch request {
            case .v2(let request): tell(.request(id: call.id, request), now: now, outputs: &outputs)
            case .v16(let request):
                let transactionID = request.transactionNumber.flatMap { translator.transactionID(of: $0)?.description }
                tell(.request16(id: call.id, request, transactionID: transactionID), now: now, outputs: &outputs)
            }
        } catch {
            outputs.append(.malformed("\(call.action): \(error.path): \(error.problem)"))
            let description = error.path.isEmpty ? error.problem : "\(error.path): \(error.problem)"
            carry(
                .error(id: call.id, code: error.code, description: String(description.prefix(255)), details: []),
                now: now, outputs: &outputs)
        }
    }
}

extension V16.Request {
    /// The CSMS's number of the transaction that it is about.
    fileprivate var transactionNumber: Int? {
        switch self {
        case .remoteStopTransaction(let request): request.transactionId
        case .setChargingProfile(let request): request.csChargingProfiles.transactionId
        default: nil
        }
    }
}
