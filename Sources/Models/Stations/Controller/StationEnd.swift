public import OCPP
internal import OCPPMessages
public import OCPPWire

/// A charging station's OCPP client at its end of a connection: frames in, frames out.
///
/// ``StationController`` between a ``OCPPWire/StationTranslator`` and a ``OCPPWire/MessageWire``. The owner carries frames,
/// keeps one timer (``nextDeadline``), does jobs and moves the plant; it decides nothing.
public struct StationEnd<Wire: MessageWire>: Sendable {
    public enum Input: Sendable {
        /// Of the plant; not for links, answers and timers, which come in by the cases below.
        case everyday(StationFirmware.Input)
        /// The connection asked for by ``Output/connect`` is open in this client's version.
        case opened
        case frame(Wire.Frame)
        /// The connection is gone, or could not be made.
        case closed
        /// The CSMS refused the credentials.
        case unauthorized
        case event(StationEvent)
        case jobDone(Int, StationJobResult)
        /// ``StationEnd/nextDeadline`` has come.
        case timer
    }

    public enum Output: Sendable {
        /// Open a connection and say ``Input/opened`` or ``Input/closed``.
        case connect
        /// Close the connection; no ``Input/closed`` is expected.
        case disconnect(code: UInt16, reason: String)
        case transmit(Wire.Frame)
        /// For the plant: authorization, meter, charging and transactions.
        case everyday(StationFirmware.Output)
        case directive(Directive)
        case job(id: Int, StationJob)
        /// A message of the charging station has ended; `microseconds` since it was sent.
        case answered(action: String, StationAnswerKind, microseconds: Int64)
        /// For logs: a frame of the CSMS that breaks the rules.
        case malformed(String)
        /// An answer to BootNotification that the charging station cannot use, and why: it goes on asking.
        case unusableBootAnswer(String)
    }

    private struct Outstanding: Sendable, Codable {
        var id: String
        var action: String
        var sent: Timestamp
        var purpose: Purpose
    }
    private enum Purpose: Sendable, Codable {
        case everyday
        case block(AnyRequest)
        /// Nobody waits for the answer.
        case notification
    }

    public private(set) var controller: StationController
    private var translator: StationTranslator
    private var wire: Wire
    private var outstanding: [Outstanding] = []
    private var timerAt = Timestamp.distantFuture
    private var timerGeneration: UInt32 = 0
    private var messageCount: UInt64 = 0
    /// Connections that could not be made since the last one that could.
    private var attempts = 0
    /// Microseconds that the CSMS's clock is ahead of `now`: timers keep to `now`, messages to the CSMS's clock.
    public var clockOffset: Int64 { wire.clockOffset }
    private let followsClock: Bool
    /// Different for each start of the process, so that ids do not come back.
    private let idPrefix: String
    private let limits: RPCLimits
    // Scratch, empty between inputs.
    private var controllerOutputs = ControllerOutputs()
    private var wireOutputs: [WireOutput<Wire.Frame>] = []

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
        self.limits = limits
        wire = Wire(version: controller.version, role: .chargingStation, limits: limits)
        self.controller.signing.clockOffset = 0
    }

    public var version: OCPPVersion { controller.version }
    /// What EVSE index `evse` may draw by its charging profiles, W; infinite where none limits.
    public mutating func limitW(evse: Int, now: Timestamp) -> Double { controller.limitW(evse: evse, now: now) }
    /// The charging station's own id of the transaction that a 1.6 CSMS calls `number`; `nil` where it is not known.
    public func transactionID(of number: Int) -> IdentifierText? { translator.transactionID(of: number) }
    /// How to make the next connection.
    public var connectionSettings: ConnectionSettings { controller.connectionSettings(attempt: attempts) }

    /// When ``Input/timer`` is to be handed in; `distantFuture` for not at all.
    public var nextDeadline: Timestamp { min(timerAt, controller.nextDeadline, wire.nextDeadline) }

    /// Handles one input at `now`, which must not run backwards; what has to be done is appended to `outputs`.
    public mutating func handle(_ input: Input, now: Timestamp, outputs: inout [Output]) {
        switch input {
        case .everyday(let input): tell(.everyday(input), now: now, outputs: &outputs)
        case .opened:
            controller.connected(slot: connectionSettings.slot)
            attempts = 0
            startWire()
            tell(.everyday(.linkUp), now: now, outputs: &outputs)
        case .unauthorized:
            if !controller.passwordRefused() { attempts += 1 }
            tell(.event(.security(.failedToAuthenticateAtCSMS, techInfo: nil)), now: now, outputs: &outputs)
            tell(.everyday(.linkDown), now: now, outputs: &outputs)
        case .closed:
            if !controller.firmware.isConnected { attempts += 1 }
            startWire()
            tell(.everyday(.linkDown), now: now, outputs: &outputs)
        case .frame(let frame): carry(.frame(frame), now: now, outputs: &outputs)
        case .event(let event): tell(.event(event), now: now, outputs: &outputs)
        case .jobDone(let job, let result): tell(.jobDone(job, result), now: now, outputs: &outputs)
        case .timer:
            if wire.nextDeadline <= now { carry(.timer, now: now, outputs: &outputs) }
            if timerAt <= now {
                timerAt = .distantFuture
                tell(.everyday(.timer(generation: timerGeneration)), now: now, outputs: &outputs)
            }
            if controller.nextDeadline <= now { tell(.timer, now: now, outputs: &outputs) }
        }
    }

    private mutating func startWire() {
        let offset = wire.clockOffset
        outstanding.removeAll()
        wire = Wire(version: version, role: .chargingStation, limits: limits)
        wire.clockOffset = offset
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
                case .answer(let id, let response): carry(.response(id: id, response), now: now, outputs: &outputs)
                case .refuse(let id, let code): carry(.refusal(id: id, code, ""), now: now, outputs: &outputs)
                case .call(let request): send(request, pending: &pending, now: now, outputs: &outputs)
                case .directive(let directive): outputs.append(.directive(directive))
                case .job(let id, let job): outputs.append(.job(id: id, job))
                }
            }
            for request in translator.takeNotifications() {
                send(request, .notification, now: now, outputs: &outputs)
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
        case .send(let request): send(request, .everyday, now: now, outputs: &outputs)
        case .done(let answer):
            let extras = translator.takeAnswerExtras()
            pending.append(extras.map { .answered(answer, $0) } ?? .everyday(.answer(answer)))
        }
    }

    /// Sends a block's request.
    private mutating func send(
        _ request: V2.Request, pending: inout [StationController.Input], now: Timestamp, outputs: inout [Output]
    ) {
        var wired = AnyRequest.v2(request)
        if version == .v16 {
            let translated = V16Dialect.request(
                request, ways: controller.ways16, isTriggered: controller.isTriggeredCall)
            guard let translated else { return pending.append(.outcome(.notInThisVersion)) }
            wired = .v16(translated)
        }
        guard request.action != .notifyPeriodicEventStream else {
            carry(.send(id: nextID(), wired), now: now, outputs: &outputs)
            return pending.append(.outcome(.unanswered))  // nobody answers a SEND
        }
        send(wired, .block(.v2(request)), now: now, outputs: &outputs)
    }

    private mutating func nextID() -> String {
        messageCount += 1
        return "\(idPrefix)-\(messageCount)"
    }

    private mutating func send(
        _ request: AnyRequest, _ purpose: Purpose, now: Timestamp, outputs: inout [Output]
    ) {
        let id = nextID()
        outstanding.append(Outstanding(id: id, action: request.actionText, sent: now, purpose: purpose))
        carry(.call(id: id, request), now: now, outputs: &outputs)
    }

    // MARK: - Wire

    private mutating func carry(_ input: WireInput<Wire.Frame>, now: Timestamp, outputs: inout [Output]) {
        let first = wireOutputs.count
        wire.handle(input, now: now, outputs: &wireOutputs)
        let done = Array(wireOutputs[first...])
        wireOutputs.removeSubrange(first...)
        for output in done {
            if case .malformed(let problem) = output { noteBoot(problem, among: done, outputs: &outputs) }
            take(output, now: now, outputs: &outputs)
        }
    }

    private mutating func take(_ output: WireOutput<Wire.Frame>, now: Timestamp, outputs: inout [Output]) {
        switch output {
        case .transmit(let frame): outputs.append(.transmit(frame))
        case .call(_, _, isAnswered: false): break  // no CSMS sends one
        case .call(let id, let request, isAnswered: true): receive(id, request, now: now, outputs: &outputs)
        case .response(let id, let response): answered(id, response, now: now, outputs: &outputs)
        case .failed(let id, let failure): failed(id, failure, now: now, outputs: &outputs)
        case .rejected(let action, let violation):
            outputs.append(.malformed("\(action): \(violation.path): \(violation.problem)"))
        case .notUnderstood(let code): outputs.append(.malformed("CALLRESULTERROR \(code)"))
        case .malformed(let problem):
            outputs.append(.malformed("\(problem)"))
            tell(.event(.security(.invalidMessages, techInfo: "\(problem)")), now: now, outputs: &outputs)
        case .close(let code, let reason):
            outputs.append(.disconnect(code: code, reason: reason))
            outputs.append(.malformed(reason))
        }
    }

    private mutating func answered(_ id: String, _ response: AnyResponse, now: Timestamp, outputs: inout [Output]) {
        guard let call = finish(id, .result, now: now, outputs: &outputs) else { return }
        switch call.purpose {
        case .notification: break
        case .everyday: goOn(translator.received(response), now: now, outputs: &outputs)
        case .block(let request):
            tell(.outcome(Self.outcome(of: request, response)), now: now, outputs: &outputs)
        }
    }

    private mutating func failed(_ id: String, _ failure: WireFailure, now: Timestamp, outputs: inout [Output]) {
        let kind: StationAnswerKind =
            switch failure {
            case .refused(let code, _): .error(code)
            case .unusable: .result
            case .timedOut, .notSent: .timedOut
            }
        guard let call = finish(id, kind, now: now, outputs: &outputs) else { return }
        switch failure {
        case .refused(let code, _):
            if call.action == Self.boot, !wasUnreadable(outputs) {
                outputs.append(.unusableBootAnswer("CALLERROR \(code.wireText(for: version))"))
            }
            switch call.purpose {
            case .notification: break
            case .everyday: goOn(translator.failed(code), now: now, outputs: &outputs)
            case .block: tell(.outcome(.refused(code)), now: now, outputs: &outputs)
            }
        case .unusable(let violation):
            outputs.append(.malformed("\(call.action) answer: \(violation.path): \(violation.problem)"))
            if call.action == Self.boot { outputs.append(.unusableBootAnswer("\(violation)")) }
            switch call.purpose {
            case .notification: break
            case .everyday: goOn(translator.unusable(violation.code), now: now, outputs: &outputs)
            case .block: tell(.outcome(.refused(violation.code)), now: now, outputs: &outputs)
            }
        case .timedOut, .notSent:
            if case .block = call.purpose { tell(.outcome(.unanswered), now: now, outputs: &outputs) }
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
        guard followsClock, difference.magnitude >= StationClock.tolerance.magnitude else { return nil }
        let (sum, overflow) = clockOffset.addingReportingOverflow(difference)
        guard !overflow else { return nil }
        wire.clockOffset = sum
        controller.signing.clockOffset = sum
        guard difference.magnitude >= controller.clockReportThreshold.magnitude else { return nil }
        return .security(.settingSystemTime, techInfo: "\(difference / 1_000_000) s")
    }

    private mutating func finish(
        _ id: String, _ kind: StationAnswerKind, now: Timestamp, outputs: inout [Output]
    ) -> Outstanding? {
        guard let index = outstanding.firstIndex(where: { $0.id == id }) else { return nil }
        let call = outstanding.remove(at: index)
        outputs.append(
            .answered(action: call.action, kind, microseconds: now.microseconds - call.sent.microseconds))
        return call
    }

    private static func outcome(of request: AnyRequest, _ response: AnyResponse) -> CallOutcome {
        switch (request, response) {
        case (_, .v2(let response)): .response(response)
        case (.v2(let request), .v16(let response)):
            V16Dialect.response(response, to: request).map { .response($0) } ?? .refused(.protocolError)
        case (.v16, .v16): preconditionFailure("blocks speak 2.x")
        }
    }

    /// A call of the CSMS.
    private mutating func receive(_ id: String, _ request: AnyRequest, now: Timestamp, outputs: inout [Output]) {
        switch request {
        case .v2(let request): tell(.request(id: id, request), now: now, outputs: &outputs)
        case .v16(let request):
            let transactionID = request.transactionNumber.flatMap { translator.transactionID(of: $0)?.description }
            tell(.request16(id: id, request, transactionID: transactionID), now: now, outputs: &outputs)
        }
    }

    // MARK: - BootNotification

    private static var boot: String { "BootNotification" }

    /// What cannot be read while BootNotification waits for its answer is taken for that answer, whether it names it or
    /// not.
    private func noteBoot(
        _ problem: RPCEndpoint.Malformation, among done: [WireOutput<Wire.Frame>], outputs: inout [Output]
    ) {
        let isOther = done.contains { if case .failed(let id, .refused) = $0 { !isBoot(id) } else { false } }
        guard !isOther, outstanding.contains(where: { $0.action == Self.boot }) else { return }
        outputs.append(.unusableBootAnswer("unreadable frame: \(problem)"))
    }

    /// Whether the frame that ended a call is noted already, just before ``Output/answered(action:_:microseconds:)``.
    private func wasUnreadable(_ outputs: [Output]) -> Bool {
        for output in outputs.reversed() {
            switch output {
            case .answered, .malformed: continue
            case .unusableBootAnswer: return true
            default: return false
            }
        }
        return false
    }

    private func isBoot(_ id: String) -> Bool { outstanding.contains { $0.id == id && $0.action == Self.boot } }
}

extension StationEnd.Input: Equatable where Wire.Frame: Equatable {}
extension StationEnd.Output: Equatable where Wire.Frame: Equatable {}

extension StationEnd: Codable {
    private enum CodingKeys: String, CodingKey {
        case controller, translator, wire, outstanding, timerAt, timerGeneration, messageCount, attempts, followsClock
        case idPrefix, limits
    }
}

/// A charging station's OCPP client that speaks OCPP-J's text frames.
public typealias StationClient = StationEnd<JSONWire>

/// How a message of the charging station ended.
public enum StationAnswerKind: Hashable, Sendable {
    case result
    case error(RPCErrorCode)
    case timedOut
}

private enum StationClock {
    /// Microseconds; a smaller difference is the round trip's.
    static let tolerance: Int64 = 1_000_000
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
