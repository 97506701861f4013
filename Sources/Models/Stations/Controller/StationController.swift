public import OCPP
public import OCPPMessages
public import OCPPWire

/// The whole OCPP client of a charging station: the everyday machine and one block per functional subject of the
/// standard.
///
/// A pure state machine like ``StationFirmware``, which it owns: inputs come in with an instant, what has to be done goes
/// out in order. It speaks decoded messages; ``StationClient`` puts it on a wire. All blocks speak OCPP 2.x; requests of
/// 1.6 are translated to the same blocks.
///
/// One request of the charging station is outstanding at a time, everyday messages first.
/// - Source: OCPP 2.0.1 and 2.1 part 2; OCPP 1.6 edition 2 with the security extension.
public struct StationController: Sendable, Codable {
    /// What happens to the charging station's OCPP client. `evse` counts from 0.
    public enum Input: Equatable, Sendable {
        /// A signal of the plant or the connection, the answer to an everyday message, or its timer.
        case everyday(StationFirmware.Input)
        /// The answer to an everyday message that says more than the everyday machine takes from it.
        case answered(CSMSAnswer, AnswerExtras)
        /// A request of the CSMS in OCPP 2.x.
        case request(id: String, V2.Request)
        /// A request of the CSMS in OCPP 1.6.
        /// - Parameter transactionID: of the transaction that the request names by the CSMS's number; `nil` when it
        ///   names none, or one that is not known.
        case request16(id: String, V16.Request, transactionID: String?)
        /// What became of the request given out by ``Output/call(_:)``.
        case outcome(CallOutcome)
        /// Something that only the driver knows of.
        case event(StationEvent)
        /// Progress or end of a job given out by ``Output/job(id:_:)``.
        case jobDone(Int, StationJobResult)
        /// The timer asked for by ``StationController/nextDeadline``.
        case timer
    }

    /// What the driver has to do.
    public enum Output: Equatable, Sendable {
        /// Number `index` of ``ControllerOutputs/everyday``.
        case everyday(index: Int)
        case answer(id: String, AnyResponse)
        /// Answer with CALLERROR.
        case refuse(id: String, RPCErrorCode)
        /// Send a request and hand in its ``Input/outcome(_:)``.
        case call(V2.Request)
        /// For the plant or the connection; directives for the everyday machine do not come out.
        case directive(Directive)
        case job(id: Int, StationJob)
    }

    public internal(set) var firmware: StationFirmware
    var blocks: Blocks
    var context: ControllerContext
    var ways16 = V16Dialect.Ways()
    var signing: MeterSigning
    var history: ReadingHistory
    var outbox = Outbox()
    /// Requests of the CSMS whose answer was put off, oldest first; at most ``deferredMax``.
    private var deferred: [DeferredAnswer] = []
    /// The settings given at the start, which the device model's variables replace one by one.
    private let baseSettings: FirmwareSettings

    /// Requests that can wait for their answer at a time; the CSMS is to have one outstanding.
    public static let deferredMax = 8

    private struct DeferredAnswer: Sendable, Codable {
        var ticket: Int
        var id: String
        /// Of a request of OCPP 1.6, whose answer is to be translated.
        var action16: String?
    }

    /// - Parameters:
    ///   - firmware: not yet powered.
    ///   - ratings: nominal figures of each EVSE, as many as `firmware` has.
    ///   - model: the device model at the first start.
    public init(firmware: StationFirmware, version: OCPPVersion, ratings: [EVSERating], model: DeviceModel) {
        precondition(firmware.evseCount == ratings.count, "one rating for each EVSE")
        self.firmware = firmware
        baseSettings = firmware.settings
        blocks = Blocks(evses: ratings.count, vendors: model.vendors)
        signing = MeterSigning(evses: ratings.count)
        history = ReadingHistory(evses: ratings.count)
        context = ControllerContext(version: version, deviceModel: model)
        context.ratings = ContiguousArray(ratings)
        if version == .v16 { adoptConfiguration16() }
    }

    public var version: OCPPVersion { context.version }

    /// When ``Input/timer`` is to be handed in; the everyday machine asks for its own.
    public var nextDeadline: Timestamp { min(blocks.nextDeadline, outboxDeadline, signing.nextDeadline) }

    /// Whether the request given out last was asked for by TriggerMessage.
    var isTriggeredCall: Bool { outbox.isTriggered }

    private var outboxDeadline: Timestamp {
        firmware.isConnected && firmware.registration == .accepted && firmware.outstanding == nil
            ? outbox.nextDeadline : .distantFuture
    }

    /// Handles one input at `now`, which must not run backwards; what has to be done is appended to `outputs`.
    public mutating func handle(_ input: Input, now: Timestamp, outputs: inout ControllerOutputs) {
        context.now = now
        switch input {
        case .everyday(let input): handleEveryday(input, outputs: &outputs)
        case .answered(let answer, let extras):
            refreshContext()
            handleEveryday(.answer(take(extras, with: answer)), outputs: &outputs)
        case .request(let id, let request):
            refreshContext()
            answer(id, blocks.answer(request, context: &context).map { .v2($0) }, action16: nil, outputs: &outputs)
        case .request16(let id, let request, let transactionID):
            refreshContext()
            answer(
                id, answer16(request, transactionID: transactionID).map { .v16($0) }, action16: request.action.wireText,
                outputs: &outputs)
        case .outcome(let outcome):
            refreshContext()
            firmware.isLineTaken = false
            if let request = outbox.finish(outcome, now: now) {
                blocks.tell(.answered(request, outcome), context: &context)
            }
        case .event(let event): context.announce(event)
        case .jobDone(let job, let result):
            refreshContext()
            if !takeSignature(job, result, outputs: &outputs) {
                blocks.tell(.jobDone(job, result), context: &context)
            }
        case .timer:
            refreshContext()
            giveUpSignatures(outputs: &outputs)
            blocks.tell(.timer, context: &context)
        }
        settle(outputs: &outputs)
        sendNext(outputs: &outputs)
    }

    private mutating func answer(
        _ id: String, _ response: AnyResponse?, action16: String?, outputs: inout ControllerOutputs
    ) {
        defer { context.deferral = nil }
        if let response {
            outputs.items.append(.answer(id: id, response))
        } else if let ticket = context.deferral, deferred.count < Self.deferredMax {
            deferred.append(DeferredAnswer(ticket: ticket, id: id, action16: action16))
        } else {
            outputs.items.append(.refuse(id: id, context.deferral == nil ? .notSupported : .genericError))
        }
    }

    /// Hands an input to the everyday machine and tells the blocks what came of it.
    mutating func handleEveryday(_ input: StationFirmware.Input, outputs: inout ControllerOutputs) {
        let before = firmware.registration
        if case .powerUp(let reason) = input { start(reason) }
        if case .powerDown = input { signing.loseJobs() }
        let head = signing.isEmpty ? nil : firmware.headOfQueue
        let first = outputs.everyday.count
        firmware.handle(listed(input), now: context.now, outputs: &outputs.everyday)
        signNewReadings(after: head)
        if case .powerUp = input { signAgain() }
        announce(input)
        if case .linkUp = input { outbox.linkCameUp() }
        if let registration = firmware.registration, registration != before || isBootAnswer(input) {
            context.announce(.registered(registration))
        }
        for index in first..<outputs.everyday.count {
            outputs.items.append(.everyday(index: index))
            announce(outputs.everyday[index])
        }
    }

    private mutating func start(_ reason: Core.BootReason) {
        outbox.restart()
        signing.loseJobs()
        firmware.settings.signedReadings = signedReadings
        deferred.removeAll()
        firmware.isLineTaken = false
        context.deviceModel.restarted()
        context.announce(.booted(reason))
    }

    /// A token that the local authorization list knows is presented with what the list says.
    private mutating func listed(_ input: StationFirmware.Input) -> StationFirmware.Input {
        guard case .tokenPresented(let evse, let idToken) = input else { return input }
        refreshContext()
        guard let verdict = blocks.localList.verdict(on: idToken.message, evse: evse, context: context) else {
            return input
        }
        return .listedTokenPresented(evse: evse, idToken: idToken, listed: verdict)
    }

    private func isBootAnswer(_ input: StationFirmware.Input) -> Bool {
        if case .answer(let answer) = input, case .bootNotification = answer.response { true } else { false }
    }

    /// Carries out what the blocks asked for until nothing is left.
    private mutating func settle(outputs: inout ControllerOutputs) {
        while let wishes = context.takeWishes() {
            for late in wishes.lateAnswers { answerLate(late, outputs: &outputs) }
            for entry in wishes.sends { outbox.append(entry) }
            for job in wishes.jobs { outputs.items.append(.job(id: job.id, job.job)) }
            for directive in wishes.directives { carryOut(directive, outputs: &outputs) }
            guard !wishes.events.isEmpty else { continue }
            refreshContext()
            for event in wishes.events {
                if case .variableChanged = event { applySettings(outputs: &outputs) }
                blocks.tell(.event(event), context: &context)
            }
        }
    }

    private mutating func answerLate(_ late: LateAnswer, outputs: inout ControllerOutputs) {
        guard let index = deferred.firstIndex(where: { $0.ticket == late.ticket }) else { return }
        let request = deferred.remove(at: index)
        guard let action = request.action16.flatMap({ V16.Action(wireText: $0) }) else {
            outputs.items.append(.answer(id: request.id, .v2(late.response)))
            return
        }
        if let response = lateAnswer16(late.response, to: action) {
            outputs.items.append(.answer(id: request.id, .v16(response)))
        } else {
            outputs.items.append(.refuse(id: request.id, .internalError))
        }
    }

    private mutating func applySettings(outputs: inout ControllerOutputs) {
        var settings = context.deviceModel.firmwareSettings(base: baseSettings)
        settings.signedReadings = signedReadings
        guard settings != firmware.settings else { return }
        let first = outputs.everyday.count
        _ = firmware.apply(settings, now: context.now, outputs: &outputs.everyday)
        for index in first..<outputs.everyday.count { outputs.items.append(.everyday(index: index)) }
        learnMeterKey()
    }

    private mutating func carryOut(_ directive: Directive, outputs: inout ControllerOutputs) {
        switch directive {
        case .startTransaction(let evse, let idToken, let group, let remoteStartID, let asksFirst):
            guard let token = idToken.everyday else {
                return context.announce(.authorization(evse: evse, accepted: false))
            }
            let input = StationFirmware.Input.remoteStart(
                evse: evse, idToken: token, group: group?.everyday?.idToken.lowercased ?? IdentifierText(),
                remoteStartID: Int32(clamping: remoteStartID ?? 0),
                listed: blocks.localList.verdict(on: idToken, evse: evse, context: context), asksFirst: asksFirst)
            handleEveryday(input, outputs: &outputs)
        case .stopTransaction(let evse, let reason):
            handleEveryday(.stop(evse: evse, reason: reason), outputs: &outputs)
        case .setOperative(let evse, let connector, let isOperative):
            let input: StationFirmware.Input =
                if let connector {
                    .connectorOperative(evse: evse, connector: connector, isOperative)
                } else {
                    .operative(evse: evse, isOperative)
                }
            handleEveryday(input, outputs: &outputs)
            outputs.items.append(.directive(.invites(evse: evse, firmware.invites(evse))))
        case .setReservations(let holds, let shown):
            firmware.setReservations(holds, shown: shown)
            handleEveryday(.lookAgain, outputs: &outputs)
            for evse in 0..<firmware.evseCount {
                outputs.items.append(.directive(.invites(evse: evse, firmware.invites(evse))))
            }
        case .clearCache: firmware.clearCache()
        case .trigger(let message, let evse, let connector):
            handleEveryday(.trigger(message, evse: evse, connector: connector), outputs: &outputs)
        case .restart(let reason, let evse, let resumes):
            if resumes { firmware.resumeTransactionsAtNextStart() }
            outputs.items.append(.directive(.restart(reason, evse: evse, resumes: resumes)))
        case .limitChanged, .invites, .displayChanged, .swapOpened, .swapClosed, .reconnect:
            outputs.items.append(.directive(directive))
        }
    }

    /// Sends the blocks' next request when the line is free, or tells them that it is cut.
    private mutating func sendNext(outputs: inout ControllerOutputs) {
        guard firmware.isConnected else {
            guard outbox.isOutstanding else { return }
            firmware.isLineTaken = false
            if let request = outbox.finish(.unanswered, now: context.now) {
                blocks.tell(.answered(request, .unanswered), context: &context)
                settle(outputs: &outputs)
            }
            return
        }
        guard firmware.outstanding == nil else { return }
        if let request = outbox.next(now: context.now, registration: firmware.registration) {
            firmware.isLineTaken = true
            outputs.items.append(.call(request))
        } else if !outbox.isOutstanding {
            handleEveryday(.lookAgain, outputs: &outputs)  // whatever waited for the line goes now
        }
    }

    mutating func refreshContext() {
        context.isOnline = firmware.isConnected
        context.registration = firmware.registration
        context.queuedTransactionIDs = firmware.queuedTransactionIDs()
        context.evses = ContiguousArray(
            context.ratings.indices.map { evse in
                firmware.view(ofEVSE: evse, rating: context.ratings[evse])
            })
    }
}

/// What a ``StationController`` wants done, in order; kept and used again.
public struct ControllerOutputs: Sendable {
    public internal(set) var items: [StationController.Output] = []
    /// Outputs of the everyday machine, which ``StationController/Output/everyday(index:)`` names.
    public internal(set) var everyday = OutputBuffer()

    public init() {}
    public mutating func removeAll() {
        items.removeAll(keepingCapacity: true)
        everyday.removeAll()
    }
}
