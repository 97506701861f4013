public import OCPP
public import OCPPMessages

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
        /// A request of the CSMS in OCPP 2.x.
        case request(id: String, V2.Request)
        /// A request of the CSMS in OCPP 1.6.
        case request16(id: String, V16.Request)
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
    var blocks = Blocks()
    var context: ControllerContext
    private var outbox = Outbox()
    /// The settings given at the start, which the device model's variables replace one by one.
    private let baseSettings: FirmwareSettings

    /// - Parameters:
    ///   - firmware: not yet powered.
    ///   - ratings: nominal figures of each EVSE, as many as `firmware` has.
    ///   - model: the device model at the first start.
    init(firmware: StationFirmware, version: OCPPVersion, ratings: [EVSERating], model: DeviceModel) {
        precondition(firmware.evseCount == ratings.count, "one rating for each EVSE")
        self.firmware = firmware
        baseSettings = firmware.settings
        context = ControllerContext(version: version, deviceModel: model)
        context.ratings = ContiguousArray(ratings)
    }

    public var version: OCPPVersion { context.version }

    /// When ``Input/timer`` is to be handed in; the everyday machine asks for its own.
    public var nextDeadline: Timestamp { min(blocks.nextDeadline, outboxDeadline) }

    private var outboxDeadline: Timestamp {
        firmware.isConnected && firmware.registration == .accepted ? outbox.nextDeadline : .distantFuture
    }

    /// Handles one input at `now`, which must not run backwards; what has to be done is appended to `outputs`.
    public mutating func handle(_ input: Input, now: Timestamp, outputs: inout ControllerOutputs) {
        context.now = now
        switch input {
        case .everyday(let input): handleEveryday(input, outputs: &outputs)
        case .request(let id, let request):
            refreshContext()
            if let response = blocks.answer(request, context: &context) {
                outputs.items.append(.answer(id: id, .v2(response)))
            } else {
                outputs.items.append(.refuse(id: id, .notSupported))
            }
        case .request16(let id, let request):
            refreshContext()
            if let response = answer16(request) {
                outputs.items.append(.answer(id: id, .v16(response)))
            } else {
                outputs.items.append(.refuse(id: id, .notSupported))
            }
        case .outcome(let outcome):
            refreshContext()
            firmware.isLineTaken = false
            if let request = outbox.finish(outcome, now: now) {
                blocks.tell(.answered(request, outcome), context: &context)
            }
        case .event(let event): context.announce(event)
        case .jobDone(let job, let result):
            refreshContext()
            blocks.tell(.jobDone(job, result), context: &context)
        case .timer:
            guard nextDeadline <= now else { return }
            refreshContext()
            blocks.tell(.timer, context: &context)
        }
        settle(outputs: &outputs)
        sendNext(outputs: &outputs)
    }

    /// Hands an input to the everyday machine and tells the blocks what came of it.
    private mutating func handleEveryday(_ input: StationFirmware.Input, outputs: inout ControllerOutputs) {
        let before = firmware.registration
        if case .powerUp(let reason) = input {
            outbox.restart()
            firmware.isLineTaken = false
            context.announce(.booted(reason))
        }
        let first = outputs.everyday.count
        firmware.handle(input, now: context.now, outputs: &outputs.everyday)
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

    private func isBootAnswer(_ input: StationFirmware.Input) -> Bool {
        if case .answer(let answer) = input, case .bootNotification = answer.response { true } else { false }
    }

    /// Carries out what the blocks asked for until nothing is left.
    private mutating func settle(outputs: inout ControllerOutputs) {
        while true {
            for entry in context.takeSends() { outbox.append(entry) }
            for job in context.takeJobs() { outputs.items.append(.job(id: job.id, job.job)) }
            for directive in context.takeDirectives() { carryOut(directive, outputs: &outputs) }
            let events = context.takeEvents()
            if events.isEmpty {
                if context.isIdle { return }
                continue
            }
            refreshContext()
            for event in events {
                if case .variableChanged = event { firmware.apply(context.deviceModel.firmwareSettings(base: baseSettings)) }
                blocks.tell(.event(event), context: &context)
            }
        }
    }

    private mutating func carryOut(_ directive: Directive, outputs: inout ControllerOutputs) {
        if let input = directive.everydayInput {
            handleEveryday(input, outputs: &outputs)
        } else {
            outputs.items.append(.directive(directive))
        }
    }

    /// Sends the blocks' next request when the line is free.
    private mutating func sendNext(outputs: inout ControllerOutputs) {
        guard firmware.isConnected, firmware.outstanding == nil else {
            if !firmware.isConnected, outbox.isOutstanding {
                firmware.isLineTaken = false
                if let request = outbox.finish(.unanswered, now: context.now) {
                    blocks.tell(.answered(request, .unanswered), context: &context)
                    settle(outputs: &outputs)
                }
            }
            return
        }
        if let request = outbox.next(now: context.now, registration: firmware.registration) {
            firmware.isLineTaken = true
            outputs.items.append(.call(request))
        } else if !outbox.isOutstanding {
            handleEveryday(.timer(generation: 0), outputs: &outputs)  // whatever waited for the line goes now
        }
    }

    private mutating func refreshContext() {
        context.isOnline = firmware.isConnected
        context.registration = firmware.registration
        context.evses = ContiguousArray(
            (0..<firmware.evseCount).map { firmware.view($0, rating: context.ratings[$0]) })
    }
}

/// Nominal figures of an EVSE.
public struct EVSERating: Hashable, Sendable, BitwiseCopyable, Codable {
    /// V between phase and neutral (AC) or at the output (DC).
    public var voltageV: Double
    /// 1 to 3; 0 for direct current.
    public var phases: Int
    /// A per phase, and W in all.
    public var currentMaxA: Double
    public var powerMaxW: Double

    public init(voltageV: Double, phases: Int, currentMaxA: Double, powerMaxW: Double) {
        self.voltageV = voltageV
        self.phases = phases
        self.currentMaxA = currentMaxA
        self.powerMaxW = powerMaxW
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
