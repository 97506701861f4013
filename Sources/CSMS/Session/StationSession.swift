public import OCPP
public import OCPPMessages
public import OCPPWire

/// What a CSMS does for one charging station over its connections: a ``StationDesk`` at its end of a
/// ``OCPPWire/MessageWire``.
///
/// A pure state machine. The owner carries frames, keeps one timer (``nextDeadline``), does jobs and keeps effects.
public struct StationSession<Wire: MessageWire>: Sendable {
    public enum Input: Sendable {
        /// A connection in the session's version is there; one that existed before is gone.
        case opened
        case closed
        case frame(Wire.Frame)
        /// An operator's command; see ``StationDesk/Input/command(ticket:_:)``.
        case command(ticket: UInt64, AnyRequest)
        case jobDone(id: UInt64, JobResult)
        case granted(ids: Range<Int32>)
        /// ``StationSession/nextDeadline`` has come.
        case timer
    }

    public enum Output: Sendable {
        case transmit(Wire.Frame)
        case effect(StoreEffect)
        indirect case job(id: UInt64, Job)
        /// See ``StationDesk/Output/needTransactionIDs``.
        case needTransactionIDs
        case commandDone(ticket: UInt64, CommandOutcome)
        /// A message of the charging station has been answered, with CALLERROR where `isError`.
        indirect case handled(AnyRequest, isError: Bool)
        /// A message of the charging station was refused since it breaks its schema.
        case rejected(action: String, SchemaViolation)
        case close(code: UInt16, reason: String)
    }

    private struct Waiting: Sendable, Codable {
        var id: String
        var request: AnyRequest
    }

    public var desk: StationDesk
    private var wire: Wire
    /// Requests of the charging station that have not been answered yet.
    private var waiting: [Waiting] = []
    // Scratch, empty between inputs.
    private var deskOutputs: [StationDesk.Output] = []
    private var wireOutputs: [WireOutput<Wire.Frame>] = []

    /// - Parameter wire: of the version that is spoken.
    public init(desk: StationDesk, wire: Wire) {
        self.desk = desk
        self.wire = wire
    }

    public var version: OCPPVersion { wire.version }
    /// When ``Input/timer`` is to be handed in; `distantFuture` for not at all.
    public var nextDeadline: Timestamp { min(desk.nextDeadline, wire.nextDeadline) }

    /// Handles one input at `now`, which must not run backwards; what has to be done is appended to `outputs`.
    public mutating func handle(
        _ input: Input, now: Timestamp, directory: TokenDirectory, outputs: inout [Output]
    ) {
        switch input {
        case .opened:
            renewWire()
            tell(.connected(version: version), now, directory, &outputs)
        case .closed:
            renewWire()
            tell(.disconnected, now, directory, &outputs)
        case .frame(let frame): carry(.frame(frame), now, directory, &outputs)
        case .command(let ticket, let request):
            tell(.command(ticket: ticket, request), now, directory, &outputs)
        case .jobDone(let id, let result): tell(.jobDone(id: id, result), now, directory, &outputs)
        case .granted(let ids): tell(.granted(ids: ids), now, directory, &outputs)
        case .timer:
            if wire.nextDeadline <= now { carry(.timer, now, directory, &outputs) }
            if desk.nextDeadline <= now { tell(.timer, now, directory, &outputs) }
        }
    }

    private mutating func renewWire() {
        wire.renew()
        waiting.removeAll()
    }

    private mutating func tell(
        _ input: StationDesk.Input, _ now: Timestamp, _ directory: TokenDirectory, _ outputs: inout [Output]
    ) {
        let first = deskOutputs.count
        desk.handle(input, now: now, directory: directory, outputs: &deskOutputs)
        let done = Array(deskOutputs[first...])
        deskOutputs.removeSubrange(first...)
        for output in done {
            switch output {
            case .answer(let id, let response, _):
                answered(id, isError: false, &outputs)
                carry(.response(id: id, response), now, directory, &outputs)
            case .refuse(let id, let code, let description, _):
                answered(id, isError: true, &outputs)
                carry(.refusal(id: id, code, description), now, directory, &outputs)
            case .call(let id, let request): carry(.call(id: id, request), now, directory, &outputs)
            case .effect(let effect): outputs.append(.effect(effect))
            case .job(let id, let job): outputs.append(.job(id: id, job))
            case .needTransactionIDs: outputs.append(.needTransactionIDs)
            case .commandDone(let ticket, let outcome): outputs.append(.commandDone(ticket: ticket, outcome))
            case .localListDone: break  // orders of lists are given by servers alone
            case .close(let code, let reason): outputs.append(.close(code: code, reason: reason))
            }
        }
    }

    private mutating func answered(_ id: String, isError: Bool, _ outputs: inout [Output]) {
        guard let index = waiting.firstIndex(where: { $0.id == id }) else { return }
        outputs.append(.handled(waiting.remove(at: index).request, isError: isError))
    }

    private mutating func carry(
        _ input: WireInput<Wire.Frame>, _ now: Timestamp, _ directory: TokenDirectory, _ outputs: inout [Output]
    ) {
        let first = wireOutputs.count
        wire.handle(input, now: now, outputs: &wireOutputs)
        let done = Array(wireOutputs[first...])
        wireOutputs.removeSubrange(first...)
        for output in done {
            switch output {
            case .transmit(let frame): outputs.append(.transmit(frame))
            case .call(let id, let request, let isAnswered):
                if isAnswered { waiting.append(Waiting(id: id, request: request)) }
                tell(.request(id: id, request), now, directory, &outputs)
            case .response(let id, let response): tell(.response(id: id, response), now, directory, &outputs)
            case .failed(let id, let failure): tell(.failed(id: id, failure.ofCall), now, directory, &outputs)
            case .rejected(let action, let violation):
                outputs.append(.rejected(action: action, violation))
            case .notUnderstood, .malformed: break
            case .close(let code, let reason): outputs.append(.close(code: code, reason: reason))
            }
        }
    }
}

extension WireFailure {
    fileprivate var ofCall: CallFailure {
        switch self {
        case .refused(let code, let description): .refused(code, description: description)
        case .unusable(let violation): .refused(violation.code, description: violation.description)
        case .timedOut: .timedOut
        case .notSent: .notSent
        }
    }
}

extension StationSession: Codable {
    private enum CodingKeys: String, CodingKey { case desk, wire, waiting }
}
