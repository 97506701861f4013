public import OCPP
public import Sim

/// The OCPP 2.0.1 client of a charging station: registration, heartbeats, authorization, transactions and their queue.
///
/// A pure state machine. What happens to the charging station comes in as ``Input``, what has to be done goes out as
/// ``Output``; a driver carries frames and keeps one timer. Twin and real sockets use the same value. It decides
/// nothing about electricity: contactor, power and meter belong to the plant, which it asks for readings and tells to
/// stop.
///
/// A driver is one loop, in which handing in an answer at once is allowed, since outputs are appended behind:
///
/// ```swift
/// firmware.handle(.powerUp(reason: .powerUp), now: now, outputs: &outputs)
/// var next = 0
/// while next < outputs.count {
///     switch outputs[next] {
///     case .connect: firmware.handle(link.isUp ? .linkUp : .linkDown, now: now, outputs: &outputs)
///     case .disconnect: link.close()
///     case .send(let call): link.carry(outputs.call(call))  // later csms.handle(_, …), then handle(.answer(…), …)
///     case .startTimer(let at, let generation): queue.schedule(.firmwareTimer(station, generation), at: at)
///     case .needMeter(let evse):
///         firmware.handle(.meterReading(evse: evse, meterWh: …, powerW: …), now: now, outputs: &outputs)
///     case .authorization(let evse, let accepted, _): if accepted { plant.close(evse) } else { driver.leaves() }
///     case .stopCharging(let evse, let reason): plant.open(evse, reason)  // then handle(.chargingEnded(…), …)
///     case .authorizationExpired, .transactionStarted, .transactionEnded, .transactionMessageDiscarded: audit, log
///     }
///     next += 1
/// }
/// outputs.removeAll()
/// ```
///
/// - One call is outstanding at a time. Transaction messages are kept in order until they are answered, over breaks
///   of the connection and restarts; a call without an answer is sent again for as long as it takes, one answered with
///   CALLERROR ``FirmwareSettings/messageAttempts`` times.
/// - Energy registers do not move between charges.
/// - Source: OCPP 2.0.1 part 2, use cases B01-B04, C01-C15, E01-E15, G01, G02, J01, J02; part 4, sections 4 and 5.3.
public struct StationFirmware: Sendable, Codable {
    /// Changed by ``apply(_:now:outputs:)``.
    public internal(set) var settings: FirmwareSettings
    let identity: Core.ChargingStation
    let transactionIdentity: TransactionIdentity
    var evses: ContiguousArray<EVSEFirmwareState>

    // Kept in flash: survives a restart.
    var queue: TransactionQueue
    var cache: AuthorizationCache
    var transactionCount: UInt32 = 0
    var messageCount: UInt64 = 0
    /// One for each EVSE, or none as long as nothing beyond the everyday is asked for.
    var controls: ContiguousArray<EVSEControl> = []
    var reservations: ContiguousArray<ReservationHold> = []
    /// Ids carried by events that wait in the queue.
    var marks: ContiguousArray<EventMark> = []
    /// Events in the queue that wait for the signature of their reading.
    var unsigned: ContiguousArray<UnsignedReading> = []
    /// Whether the next start lets transactions go on.
    var resumesTransactions = false

    // Connection and registration.
    public internal(set) var isPowered = false
    public internal(set) var isConnected = false
    /// What the CSMS answered to the last BootNotification since the start; `nil` before.
    public internal(set) var registration: Core.RegistrationStatus?
    var bootReason = Core.BootReason.powerUp
    var heartbeatIntervalS: Int64
    var outstanding: OutstandingCall?
    var timeoutsInARow: UInt8 = 0
    var offlineSince = Timestamp.distantPast
    /// Whether somebody else's CALL is outstanding on the connection: then nothing is sent. Hand in
    /// ``Input/lookAgain`` when that is over.
    public var isLineTaken = false
    /// The CSMS's clock less the charging station's as last told, microseconds.
    public internal(set) var clockOffset: Int64 = 0
    /// Of the wait before the next attempt to connect.
    var doublings: UInt8 = 0
    /// Transmissions of the queue's first message that were answered with CALLERROR, and all of them.
    var headRefusals: UInt8 = 0
    var headTransmissions: Int64 = 0
    var random: RandomStream

    // What waits, so that nobody has to look for it.
    var evsesWithNews = 0
    var openQuestions = 0
    var idleReadings = 0
    var runningTransactions = 0
    var triggeredOnce: TriggeredOnce = []
    /// Messages asked for by TriggerMessage that are ready to be sent.
    var triggersReady = 0

    // Deadlines; distantFuture when not running.
    var answerBy = Timestamp.distantFuture
    var connectAt = Timestamp.distantFuture
    var bootAt = Timestamp.distantFuture
    var heartbeatAt = Timestamp.distantFuture
    /// When the CSMS last told the time.
    var clockSetAt = Timestamp(microseconds: 0)
    var resendAt = Timestamp.distantPast
    var alignedAt = Timestamp.distantFuture
    /// Not later than the first deadline of any EVSE.
    var evseAt = Timestamp.distantFuture
    var armedAt = Timestamp.distantFuture
    var generation: UInt32 = 0

    /// - Parameters:
    ///   - connectors: number of connectors of each EVSE, 1 to 4.
    ///   - stationKey: different for each charging station; makes its transaction ids.
    ///   - random: draws the random part of the reconnect back-off.
    public init(
        identity: Core.ChargingStation, connectors: [Int], stationKey: UInt64, settings: FirmwareSettings,
        random: RandomStream
    ) {
        precondition(!connectors.isEmpty, "a charging station has an EVSE")
        precondition(settings.isValid, "intervals and limits within their ranges")
        precondition(connectors.count < Int(Int32.max), "EVSE ids are 32 bits wide")
        self.settings = settings
        self.identity = identity
        self.random = random
        transactionIdentity = TransactionIdentity(stationKey: stationKey)
        evses = ContiguousArray(connectors.map { EVSEFirmwareState(connectorCount: $0) })
        evsesWithNews = evses.count
        queue = TransactionQueue(capacity: settings.transactionQueueCapacity)
        cache = AuthorizationCache(capacity: settings.authCacheCapacity, lifeTimeS: settings.authCacheLifeTimeS)
        heartbeatIntervalS = max(1, settings.heartbeatIntervalS)
    }

    /// Handles one input at `now`, which must not run backwards; what has to be done is appended to `outputs`.
    public mutating func handle(_ input: Input, now: Timestamp, outputs: inout OutputBuffer) {
        switch input {
        case .powerUp(let reason): start(reason, now: now, outputs: &outputs)
        case .powerDown: stop()
        case .linkUp: linkCameUp(now: now, outputs: &outputs)
        case .linkDown: linkWentDown(now: now, outputs: &outputs)
        case .answer(let answer): take(answer, now: now, outputs: &outputs)
        case .timer(let generation): timerFired(generation, now: now, outputs: &outputs)
        case .vehiclePlugged(let evse, let connector):
            plugged(evse, connector: connector, now: now, outputs: &outputs)
        case .vehicleUnplugged(let evse, let meterWh): unplugged(evse, meterWh: meterWh, now: now, outputs: &outputs)
        case .tokenPresented(let evse, let idToken): presented(idToken, at: evse, now: now, outputs: &outputs)
        case .chargingStarted(let evse, let meterWh):
            chargingStarted(evse, meterWh: meterWh, now: now, outputs: &outputs)
        case .chargingSuspended(let evse, let byVehicle, let meterWh):
            suspended(evse, byVehicle: byVehicle, meterWh: meterWh, now: now, outputs: &outputs)
        case .chargingResumed(let evse, let meterWh): changeState(of: evse, to: .charging, meterWh: meterWh, now: now)
        case .chargingEnded(let evse, let reason, let meterWh):
            chargingEnded(evse, reason: reason, meterWh: meterWh, now: now, outputs: &outputs)
        case .meterReading(let evse, let meterWh, let powerW, let stateOfCharge):
            read(evse, meterWh: meterWh, powerW: powerW, stateOfCharge: stateOfCharge, now: now, outputs: &outputs)
        case .fault(let evse): forEachEVSE(evse) { $0.isFaulted = true }
        case .faultCleared(let evse): forEachEVSE(evse) { $0.isFaulted = false }
        case .operative(let evse, let isOperative): forEachEVSE(evse) { $0.isOperative = isOperative }
        case .connectorOperative, .bayOccupied, .bayLeft, .dataSigned, .listedTokenPresented, .remoteStart, .stop,
            .trigger, .lookAgain:
            control(input, now: now, outputs: &outputs)
        }
        guard isPowered else { return }
        sendNext(now: now, outputs: &outputs)
        arm(now: now, outputs: &outputs)
    }
}

// MARK: - What is going on

extension StationFirmware {
    public var evseCount: Int { evses.count }
    /// Number of the transaction running at an EVSE; `nil` for none.
    public func runningTransaction(at evse: Int) -> UInt32? {
        evses[evse].hasTransaction ? evses[evse].transactionNumber : nil
    }
    /// Transaction messages that have not been answered yet.
    public var queuedMessageCount: Int { queue.count }
    /// Numbers of the transactions that have unanswered messages, ascending, each once. O(messages), for audits.
    public var pendingTransactions: [UInt32] {
        var numbers: [UInt32] = []
        for index in 0..<queue.count {
            guard let number = Self.transactionNumber(of: queue[index].transactionInfo.transactionId) else { continue }
            numbers.append(number)
        }
        numbers.sort()
        var last: UInt32?
        return numbers.filter { number in
            defer { last = number }
            return number != last
        }
    }
    /// The number in a transaction id made by a ``StationFirmware``; `nil` for any other text.
    public static func transactionNumber(of transactionID: IdentifierText) -> UInt32? {
        TransactionIdentity.number(of: transactionID)
    }
}

// MARK: - Power

extension StationFirmware {
    private mutating func start(_ reason: Core.BootReason, now: Timestamp, outputs: inout OutputBuffer) {
        stop()
        isPowered = true
        outputs.news = .started
        bootReason = reason
        bootAt = now
        offlineSince = now
        doublings = 0
        resendAt = .distantPast
        alignedAt = nextAligned(after: now)
        connectAt = now.adding(seconds: settings.messageTimeoutS)
        outputs.append(.connect)
        for evse in evses.indices {
            evses[evse].forgetAcknowledged()
            noteStatus(of: evse)
            guard evses[evse].hasTransaction else { continue }
            if resumesTransactions {
                resume(evse, now: now, outputs: &outputs)
            } else {
                evses[evse].isInterrupted = true
                outputs.append(.needMeter(evse: evse))
            }
        }
        resumesTransactions = false
    }

    /// Everything that lives in memory only is gone.
    private mutating func stop() {
        isPowered = false
        isConnected = false
        registration = nil
        outstanding = nil
        timeoutsInARow = 0
        openQuestions = 0
        idleReadings = 0
        isLineTaken = false
        forgetTriggers()
        answerBy = .distantFuture
        connectAt = .distantFuture
        bootAt = .distantFuture
        heartbeatAt = .distantFuture
        alignedAt = .distantFuture
        evseAt = .distantFuture
        armedAt = .distantFuture
        generation &+= 1
        for evse in evses.indices {
            evses[evse].question = .none
            evses[evse].hasIdleReading = false
            evses[evse].wantedReading = nil
            evses[evse].sampleAt = .distantFuture
            evses[evse].connectBy = .distantFuture
            if !evses[evse].hasTransaction {
                forgetAuthorization(at: evse)
                evses[evse].chargingState = evses[evse].isPlugged ? .evConnected : .idle
            }
        }
    }

    /// Changes one EVSE or all, and notices what has to be told.
    mutating func forEachEVSE(_ evse: Int?, _ change: (inout EVSEFirmwareState) -> Void) {
        for index in evse.map({ $0..<$0 + 1 }) ?? evses.indices {
            change(&evses[index])
            noteStatus(of: index)
        }
    }

    /// Keeps count of the EVSEs with a connector state that the CSMS does not know.
    mutating func noteStatus(of evse: Int) {
        let hasNews = evses[evse].connectorWithNews != nil
        if hasNews != evses[evse].hasNews { evsesWithNews += hasNews ? 1 : -1 }
        evses[evse].hasNews = hasNews
    }
}
