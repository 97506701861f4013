public import OCPP
internal import OCPPMessages

/// An end of a connection that carries OCPP-J's text frames, in any version.
public struct JSONWire: MessageWire {
    private struct OwnCall: Sendable, Codable {
        var id: String
        var action: String
    }

    private var endpoint: RPCEndpoint
    private var ownCalls: [OwnCall] = []
    public var clockOffset: Int64 = 0
    // Scratch, empty between inputs.
    private var scratch: [RPCEndpoint.Output] = []

    private enum CodingKeys: String, CodingKey { case endpoint, ownCalls, clockOffset }

    /// Characters of a CALLERROR's description.
    private static let descriptionMax = 255

    /// - Parameter limits: what is taken from the peer.
    public init(version: OCPPVersion, role: RPCEndpoint.Role, limits: RPCLimits = RPCLimits()) {
        endpoint = RPCEndpoint(version: version, role: role, limits: limits)
    }

    public var version: OCPPVersion { endpoint.version }
    public var nextDeadline: Timestamp { endpoint.nextDeadline }

    public mutating func renew() {
        endpoint = RPCEndpoint(version: endpoint.version, role: endpoint.role, limits: endpoint.limits)
        ownCalls.removeAll()
    }

    public mutating func handle(
        _ input: WireInput<[UInt8]>, now: Timestamp, outputs: inout [WireOutput<[UInt8]>]
    ) {
        switch input {
        case .frame(let bytes): hand(.frame(bytes), now: now, outputs: &outputs)
        case .call(let id, let request):
            ownCalls.append(OwnCall(id: id, action: request.actionText))
            hand(.call(id: id, action: request.actionText, payload: bytes(request)), now: now, outputs: &outputs)
        case .send(let id, let request):
            hand(.send(id: id, action: request.actionText, payload: bytes(request)), now: now, outputs: &outputs)
        case .response(let id, let response):
            var writer = JSONWriter(version: version)
            writer.clockOffset = clockOffset
            response.write(to: &writer)
            hand(.result(id: id, payload: writer.bytes), now: now, outputs: &outputs)
        case .refusal(let id, let code, let description):
            refuse(id, code, description, now: now, outputs: &outputs)
        case .timer: hand(.timer, now: now, outputs: &outputs)
        case .closed:
            hand(.closed, now: now, outputs: &outputs)
            ownCalls.removeAll()
        }
    }

    private func bytes(_ request: AnyRequest) -> [UInt8] {
        var writer = JSONWriter(version: version)
        writer.clockOffset = clockOffset
        request.write(to: &writer)
        return writer.bytes
    }

    private mutating func refuse(
        _ id: String, _ code: RPCErrorCode, _ description: String, now: Timestamp,
        outputs: inout [WireOutput<[UInt8]>]
    ) {
        let description = String(description.prefix(Self.descriptionMax))
        hand(.error(id: id, code: code, description: description, details: []), now: now, outputs: &outputs)
    }

    // MARK: what the endpoint says

    private mutating func hand(
        _ input: RPCEndpoint.Input, now: Timestamp, outputs: inout [WireOutput<[UInt8]>]
    ) {
        let first = scratch.count
        endpoint.handle(input, now: now, outputs: &scratch)
        let done = Array(scratch[first...])
        scratch.removeSubrange(first...)
        for output in done { take(output, now: now, outputs: &outputs) }
    }

    private mutating func take(
        _ output: RPCEndpoint.Output, now: Timestamp, outputs: inout [WireOutput<[UInt8]>]
    ) {
        switch output {
        case .transmit(let frame): outputs.append(.transmit(frame))
        case .call(let call): read(call, isAnswered: true, now: now, outputs: &outputs)
        case .send(let call): read(call, isAnswered: false, now: now, outputs: &outputs)
        case .result(let id, let frame, let payload): answered(id, frame, payload, now: now, outputs: &outputs)
        case .callError(let error):
            guard forget(error.id) != nil else { return }
            outputs.append(.failed(id: error.id, .refused(error.code, description: error.description)))
        case .timedOut(let id): if forget(id) != nil { outputs.append(.failed(id: id, .timedOut)) }
        case .refused(let id, _): if forget(id) != nil { outputs.append(.failed(id: id, .notSent)) }
        case .resultError(let error): outputs.append(.notUnderstood(error.codeText))
        case .malformed(let problem): outputs.append(.malformed(problem))
        case .close(let code, let reason): outputs.append(.close(code: code, reason: reason))
        }
    }

    /// A message of the peer: read under the version's constraints, or refused with code and path.
    private mutating func read(
        _ call: RPCEndpoint.ReceivedCall, isAnswered: Bool, now: Timestamp, outputs: inout [WireOutput<[UInt8]>]
    ) {
        do throws(SchemaViolation) {
            var reader = JSONReader(call.frame, range: call.payload, version: version)
            reader.clockOffset = clockOffset
            let request = try AnyRequest(action: call.action, reading: &reader)
            try reader.finish()
            outputs.append(.call(id: call.id, request, isAnswered: isAnswered))
        } catch {
            outputs.append(.rejected(action: call.action, error))
            if isAnswered { refuse(call.id, error.code, error.description, now: now, outputs: &outputs) }
        }
    }

    private mutating func answered(
        _ id: String, _ frame: [UInt8], _ payload: Range<Int>, now: Timestamp,
        outputs: inout [WireOutput<[UInt8]>]
    ) {
        guard let action = forget(id) else { return }
        do throws(SchemaViolation) {
            var reader = JSONReader(frame, range: payload, version: version)
            reader.clockOffset = clockOffset
            let response = try AnyResponse(action: action, reading: &reader)
            try reader.finish()
            outputs.append(.response(id: id, response))
        } catch {
            outputs.append(.failed(id: id, .unusable(error)))
            guard version == .v21 else { return }
            hand(
                .resultError(id: id, code: error.code, description: error.path, details: []), now: now,
                outputs: &outputs)
        }
    }

    private mutating func forget(_ id: String) -> String? {
        guard let index = ownCalls.firstIndex(where: { $0.id == id }) else { return nil }
        return ownCalls.remove(at: index).action
    }
}
