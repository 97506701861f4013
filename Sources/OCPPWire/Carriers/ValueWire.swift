public import OCPP
public import OCPPMessages

/// An end of a connection that carries messages as they are, without text between: what is said is heard.
///
/// One call of each end is outstanding at a time, as the standard has it; further ones wait.
public struct ValueWire: MessageWire {
    public enum Frame: Sendable, Codable {
        case call(id: String, AnyRequest)
        case send(id: String, AnyRequest)
        case response(id: String, AnyResponse)
        case refusal(id: String, RPCErrorCode, String)
    }
    private struct Call: Sendable, Codable {
        var id: String
        var request: AnyRequest
    }

    public let version: OCPPVersion
    public var clockOffset: Int64 = 0
    /// Id of the call that awaits its answer.
    private var outstanding: String?
    private var answerBy = Timestamp.distantFuture
    private var waiting: [Call] = []
    private let timeoutMicroseconds: Int64

    public init(version: OCPPVersion, limits: RPCLimits = RPCLimits()) {
        self.version = version
        timeoutMicroseconds = limits.callTimeoutMicroseconds
    }

    public var nextDeadline: Timestamp { answerBy }

    public mutating func renew() {
        outstanding = nil
        answerBy = .distantFuture
        waiting.removeAll()
    }

    public mutating func handle(_ input: WireInput<Frame>, now: Timestamp, outputs: inout [WireOutput<Frame>]) {
        switch input {
        case .frame(let frame): take(frame, now: now, outputs: &outputs)
        case .call(let id, let request):
            waiting.append(Call(id: id, request: request))
            sendNext(now: now, outputs: &outputs)
        case .send(let id, let request): outputs.append(.transmit(.send(id: id, request)))
        case .response(let id, let response): outputs.append(.transmit(.response(id: id, response)))
        case .refusal(let id, let code, let description):
            outputs.append(.transmit(.refusal(id: id, code, description)))
        case .timer:
            guard let id = outstanding, now >= answerBy else { return }
            end(now: now, .failed(id: id, .timedOut), outputs: &outputs)
        case .closed:
            let ids = (outstanding.map { [$0] } ?? []) + waiting.map(\.id)
            outstanding = nil
            answerBy = .distantFuture
            waiting.removeAll()
            for id in ids { outputs.append(.failed(id: id, .timedOut)) }
        }
    }

    private mutating func take(_ frame: Frame, now: Timestamp, outputs: inout [WireOutput<Frame>]) {
        switch frame {
        case .call(let id, let request): outputs.append(.call(id: id, request, isAnswered: true))
        case .send(let id, let request): outputs.append(.call(id: id, request, isAnswered: false))
        case .response(let id, let response):
            if id == outstanding { end(now: now, .response(id: id, response), outputs: &outputs) }
        case .refusal(let id, let code, let description):
            guard id == outstanding else { return }
            end(now: now, .failed(id: id, .refused(code, description: description)), outputs: &outputs)
        }
    }

    private mutating func end(now: Timestamp, _ output: WireOutput<Frame>, outputs: inout [WireOutput<Frame>]) {
        outstanding = nil
        answerBy = .distantFuture
        outputs.append(output)
        sendNext(now: now, outputs: &outputs)
    }

    private mutating func sendNext(now: Timestamp, outputs: inout [WireOutput<Frame>]) {
        guard outstanding == nil, !waiting.isEmpty else { return }
        let call = waiting.removeFirst()
        outstanding = call.id
        answerBy = now.adding(microseconds: timeoutMicroseconds)
        outputs.append(.transmit(.call(id: call.id, call.request)))
    }
}
