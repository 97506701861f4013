internal import OCPP
internal import OCPPMessages
internal import OCPPWire

/// An end of a connection within one process, as the world's `csms.wire` says: JSON text in RPC frames, or the messages
/// themselves.
struct InProcessWire: MessageWire {
    enum Frame: Sendable, Codable {
        case text([UInt8])
        case values(ValueWire.Frame)
    }
    // One of them.
    private var json: JSONWire?
    private var value: ValueWire?
    let version: OCPPVersion

    init(_ kind: WireKind, version: OCPPVersion, role: RPCEndpoint.Role) {
        self.version = version
        switch kind {
        case .encoded: json = JSONWire(version: version, role: role, limits: Self.limits)
        case .typed: value = ValueWire(version: version, limits: Self.limits)
        }
    }

    /// On an ideal link everything happens at once.
    private static var limits: RPCLimits {
        var limits = RPCLimits()
        limits.framesPerSecond = 1_000_000
        limits.frameBurst = 1_000_000_000
        return limits
    }

    var clockOffset: Int64 {
        get { json?.clockOffset ?? value?.clockOffset ?? 0 }
        set {
            json?.clockOffset = newValue
            value?.clockOffset = newValue
        }
    }

    var nextDeadline: Timestamp { json?.nextDeadline ?? value?.nextDeadline ?? .distantFuture }

    mutating func renew() {
        json?.renew()
        value?.renew()
    }

    mutating func handle(_ input: WireInput<Frame>, now: Timestamp, outputs: inout [WireOutput<Frame>]) {
        if json != nil {
            guard let input = input.map({ if case .text(let bytes) = $0 { bytes } else { nil } }) else { return }
            var done: [WireOutput<[UInt8]>] = []
            json?.handle(input, now: now, outputs: &done)
            for output in done { outputs.append(output.map { .text($0) }) }
        } else {
            guard let input = input.map({ if case .values(let frame) = $0 { frame } else { nil } }) else { return }
            var done: [WireOutput<ValueWire.Frame>] = []
            value?.handle(input, now: now, outputs: &done)
            for output in done { outputs.append(output.map { .values($0) }) }
        }
    }
}

extension WireInput {
    /// The same about another kind of frame; `nil` for a frame that is none of that kind.
    fileprivate func map<Other: Sendable>(_ frame: (Frame) -> Other?) -> WireInput<Other>? {
        switch self {
        case .frame(let own): frame(own).map { .frame($0) }
        case .call(let id, let request): .call(id: id, request)
        case .send(let id, let request): .send(id: id, request)
        case .response(let id, let response): .response(id: id, response)
        case .refusal(let id, let code, let description): .refusal(id: id, code, description)
        case .timer: .timer
        case .closed: .closed
        }
    }
}

extension WireOutput {
    /// The same about another kind of frame.
    fileprivate func map<Other: Sendable>(_ frame: (Frame) -> Other) -> WireOutput<Other> {
        switch self {
        case .transmit(let own): .transmit(frame(own))
        case .call(let id, let request, let isAnswered): .call(id: id, request, isAnswered: isAnswered)
        case .response(let id, let response): .response(id: id, response)
        case .failed(let id, let failure): .failed(id: id, failure)
        case .rejected(let action, let violation): .rejected(action: action, violation)
        case .notUnderstood(let code): .notUnderstood(code)
        case .malformed(let problem): .malformed(problem)
        case .close(let code, let reason): .close(code: code, reason: reason)
        }
    }
}
