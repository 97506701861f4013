internal import OCPP
internal import OCPPMessages
internal import OCPPWire

/// Between the controller and the messages of its version.
extension StationEnd {
    mutating func tell(_ input: StationController.Input, now: Timestamp, outputs: inout [Output]) {
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

    mutating func carryOut(
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
    mutating func follow(
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
    mutating func send(
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

    mutating func nextID() -> String {
        messageCount += 1
        return "\(idPrefix)-\(messageCount)"
    }

    mutating func send(
        _ request: AnyRequest, _ purpose: Purpose, now: Timestamp, outputs: inout [Output]
    ) {
        let id = nextID()
        outstanding.append(Outstanding(id: id, action: request.actionText, sent: now, purpose: purpose))
        carry(.call(id: id, request), now: now, outputs: &outputs)
    }
}
