import OCPP
import OCPPWire

/// An endpoint with a clock, driven line by line; outputs come back as short texts.
struct EndpointScript {
    var endpoint: RPCEndpoint
    var now = Timestamp(microseconds: 1_736_182_989_000_000)

    init(_ version: OCPPVersion, role: RPCEndpoint.Role = .csms, change: (inout RPCLimits) -> Void = { _ in }) {
        var limits = RPCLimits()
        change(&limits)
        endpoint = RPCEndpoint(version: version, role: role, limits: limits)
    }

    mutating func wait(_ seconds: Double) { now = now.adding(microseconds: Int64(seconds * 1e6)) }

    mutating func handle(_ input: RPCEndpoint.Input) -> [String] {
        var outputs: [RPCEndpoint.Output] = []
        endpoint.handle(input, now: now, outputs: &outputs)
        return outputs.map(Self.text)
    }
    mutating func frame(_ text: String) -> [String] { handle(.frame(Array(text.utf8))) }
    mutating func call(_ id: String, _ action: String = "Reset", _ payload: String = "{}") -> [String] {
        handle(.call(id: id, action: action, payload: Array(payload.utf8)))
    }
    mutating func answer(_ id: String, _ payload: String = "{}") -> [String] {
        handle(.result(id: id, payload: Array(payload.utf8)))
    }
    mutating func refuse(_ id: String, _ code: RPCErrorCode, _ description: String = "") -> [String] {
        handle(.error(id: id, code: code, description: description, details: []))
    }

    static func text(_ output: RPCEndpoint.Output) -> String {
        switch output {
        case .transmit(let bytes): "> \(String(decoding: bytes, as: UTF8.self))"
        case .call(let call): "call \(call.id) \(call.action) \(Self.payload(call))"
        case .send(let call): "send \(call.id) \(call.action) \(Self.payload(call))"
        case .result(let id, let frame, let payload):
            "result \(id) \(String(decoding: frame[payload], as: UTF8.self))"
        case .callError(let error): "error \(error.id) \(error.code) \(error.codeText) \(error.description)"
        case .resultError(let error): "resultError \(error.id) \(error.code) \(error.codeText) \(error.description)"
        case .timedOut(let id): "timedOut \(id)"
        case .refused(let id, let refusal): "refused \(id) \(refusal)"
        case .malformed(let problem): "malformed \(problem)"
        case .close(let code, let reason): "close \(code) \(reason)"
        }
    }
    private static func payload(_ call: RPCEndpoint.ReceivedCall) -> String {
        String(decoding: call.frame[call.payload], as: UTF8.self)
    }
}
