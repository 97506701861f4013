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

    struct Outstanding: Sendable, Codable {
        var id: String
        var action: String
        var sent: Timestamp
        var purpose: Purpose
    }
    enum Purpose: Sendable, Codable {
        case everyday
        case block(AnyRequest)
        /// Nobody waits for the answer.
        case notification
    }

    public internal(set) var controller: StationController
    var translator: StationTranslator
    var wire: Wire
    var outstanding: [Outstanding] = []
    var timerAt = Timestamp.distantFuture
    var timerGeneration: UInt32 = 0
    var messageCount: UInt64 = 0
    /// Connections that could not be made since the last one that could.
    var attempts = 0
    /// Microseconds that the CSMS's clock is ahead of `now`: timers keep to `now`, messages to the CSMS's clock.
    public var clockOffset: Int64 { wire.clockOffset }
    let followsClock: Bool
    /// Different for each start of the process, so that ids do not come back.
    let idPrefix: String
    // Scratch, empty between inputs.
    var controllerOutputs = ControllerOutputs()
    var wireOutputs: [WireOutput<Wire.Frame>] = []

    /// - Parameters:
    ///   - idPrefix: at most 12 characters that begin the ids of messages.
    ///   - followsClock: whether the clock is set by the CSMS's `currentTime` (G02.FR.06); not where `now` runs at
    ///     another pace than the CSMS's clock.
    ///   - wire: of the controller's version.
    public init(
        controller: StationController, translator: StationTranslator, wire: Wire, idPrefix: String,
        followsClock: Bool = true
    ) {
        precondition(idPrefix.utf8.count <= 12, "36 characters have to do for an id")
        self.controller = controller
        self.translator = translator
        self.idPrefix = idPrefix
        self.followsClock = followsClock
        self.wire = wire
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

    mutating func startWire() {
        outstanding.removeAll()
        wire.renew()
    }
}

extension StationEnd.Input: Equatable where Wire.Frame: Equatable {}
extension StationEnd.Output: Equatable where Wire.Frame: Equatable {}

extension StationEnd: Codable {
    private enum CodingKeys: String, CodingKey {
        case controller, translator, wire, outstanding, timerAt, timerGeneration, messageCount, attempts, followsClock
        case idPrefix
    }
}

/// A charging station's OCPP client that speaks OCPP-J's text frames.
public typealias StationClient = StationEnd<JSONWire>

extension StationEnd where Wire == JSONWire {
    /// - Parameter limits: what is taken from the CSMS.
    public init(
        controller: StationController, translator: StationTranslator, idPrefix: String, followsClock: Bool = true,
        limits: RPCLimits = RPCLimits()
    ) {
        self.init(
            controller: controller, translator: translator,
            wire: JSONWire(version: controller.version, role: .chargingStation, limits: limits), idPrefix: idPrefix,
            followsClock: followsClock)
    }
}

/// How a message of the charging station ended.
public enum StationAnswerKind: Hashable, Sendable {
    case result
    case error(RPCErrorCode)
    case timedOut
}
