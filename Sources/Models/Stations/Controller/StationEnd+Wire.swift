internal import OCPP
internal import OCPPMessages
internal import OCPPWire

/// Between messages and the wire.
extension StationEnd {
    mutating func carry(_ input: WireInput<Wire.Frame>, now: Timestamp, outputs: inout [Output]) {
        let first = wireOutputs.count
        wire.handle(input, now: now, outputs: &wireOutputs)
        let done = Array(wireOutputs[first...])
        wireOutputs.removeSubrange(first...)
        for output in done {
            if case .malformed(let problem) = output { noteBoot(problem, among: done, outputs: &outputs) }
            take(output, now: now, outputs: &outputs)
        }
    }

    mutating func take(_ output: WireOutput<Wire.Frame>, now: Timestamp, outputs: inout [Output]) {
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

    mutating func answered(_ id: String, _ response: AnyResponse, now: Timestamp, outputs: inout [Output]) {
        guard let call = finish(id, .result, now: now, outputs: &outputs) else { return }
        switch call.purpose {
        case .notification: break
        case .everyday: goOn(translator.received(response), now: now, outputs: &outputs)
        case .block(let request):
            tell(.outcome(Self.outcome(of: request, response)), now: now, outputs: &outputs)
        }
    }

    mutating func failed(_ id: String, _ failure: WireFailure, now: Timestamp, outputs: inout [Output]) {
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

    mutating func goOn(_ step: StationTranslator.Step, now: Timestamp, outputs: inout [Output]) {
        var pending: [StationController.Input] = []
        follow(step, pending: &pending, now: now, outputs: &outputs)
        for input in pending { tell(input, now: now, outputs: &outputs) }
    }

    /// Takes over what the last BootNotification or Heartbeat said of the time; a great difference is a security event.
    mutating func setClock() -> StationEvent? {
        let difference = controller.takeClockDifference()
        guard followsClock, difference.magnitude >= StationClock.tolerance.magnitude else { return nil }
        let (sum, overflow) = clockOffset.addingReportingOverflow(difference)
        guard !overflow else { return nil }
        wire.clockOffset = sum
        controller.signing.clockOffset = sum
        guard difference.magnitude >= controller.clockReportThreshold.magnitude else { return nil }
        return .security(.settingSystemTime, techInfo: "\(difference / 1_000_000) s")
    }

    mutating func finish(
        _ id: String, _ kind: StationAnswerKind, now: Timestamp, outputs: inout [Output]
    ) -> Outstanding? {
        guard let index = outstanding.firstIndex(where: { $0.id == id }) else { return nil }
        let call = outstanding.remove(at: index)
        outputs.append(
            .answered(action: call.action, kind, microseconds: now.microseconds - call.sent.microseconds))
        return call
    }

    static func outcome(of request: AnyRequest, _ response: AnyResponse) -> CallOutcome {
        switch (request, response) {
        case (_, .v2(let response)): .response(response)
        case (.v2(let request), .v16(let response)):
            V16Dialect.response(response, to: request).map { .response($0) } ?? .refused(.protocolError)
        case (.v16, .v16): preconditionFailure("blocks speak 2.x")
        }
    }

    /// A call of the CSMS.
    mutating func receive(_ id: String, _ request: AnyRequest, now: Timestamp, outputs: inout [Output]) {
        switch request {
        case .v2(let request): tell(.request(id: id, request), now: now, outputs: &outputs)
        case .v16(let request):
            let transactionID = request.transactionNumber.flatMap { translator.transactionID(of: $0)?.description }
            tell(.request16(id: id, request, transactionID: transactionID), now: now, outputs: &outputs)
        }
    }
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
