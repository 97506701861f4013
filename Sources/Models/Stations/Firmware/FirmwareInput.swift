public import OCPP

extension StationFirmware {
    /// What happens to a charging station's OCPP client. `evse` and `connector` count from 0.
    public enum Input: Hashable, Sendable, BitwiseCopyable {
        /// The controller starts. A transaction that was running is ended by what the meter says then.
        case powerUp(reason: Core.BootReason)
        /// The controller stops, without a chance to say so. Only what a real one keeps in flash is kept.
        case powerDown
        /// The connection asked for by ``Output/connect`` is there.
        case linkUp
        /// The connection is lost, or could not be made.
        case linkDown
        /// A frame from the CSMS.
        case answer(CSMSAnswer)
        /// The timer asked for by ``Output/startTimer(at:generation:)``.
        case timer(generation: UInt32)

        case vehiclePlugged(evse: Int, connector: Int = 0)
        /// - Parameter meterWh: energy register of the EVSE's meter, Wh; absolute and never falling, here and below.
        case vehicleUnplugged(evse: Int, meterWh: Double)
        /// A token is presented, to start or to stop.
        case tokenPresented(evse: Int, idToken: Core.IdToken)
        /// The contactor has closed and the vehicle draws power.
        case chargingStarted(evse: Int, meterWh: Double)
        /// The vehicle, or else the charging station, pauses.
        case chargingSuspended(evse: Int, byVehicle: Bool, meterWh: Double)
        case chargingResumed(evse: Int, meterWh: Double)
        /// Charging is over for good.
        case chargingEnded(evse: Int, reason: Core.StoppedReason, meterWh: Double)
        /// The answer to ``Output/needMeter(evse:)``.
        /// - Parameters:
        ///   - powerW: drawn now, W.
        ///   - stateOfCharge: 0 ... 1, where the vehicle tells it.
        case meterReading(evse: Int, meterWh: Double, powerW: Double, stateOfCharge: Double? = nil)
        /// An EVSE, or with `nil` the whole charging station, cannot be used. A running charge is ended by its own
        /// ``chargingEnded(evse:reason:meterWh:)``.
        case fault(evse: Int?)
        case faultCleared(evse: Int?)
        /// An EVSE, or with `nil` all, is taken out of service or put back.
        case operative(evse: Int?, Bool)
        /// The same for one connector.
        case connectorOperative(evse: Int, connector: Int, Bool)

        /// A sensor sees a vehicle in the bay.
        case bayOccupied(evse: Int)
        case bayLeft(evse: Int, meterWh: Double)
        /// The meter has signed a reading.
        case dataSigned(evse: Int, meterWh: Double)

        /// A token of the local authorization list is presented, about which `listed` is known.
        case listedTokenPresented(evse: Int, idToken: Core.IdToken, listed: Core.IdTokenInfo)
        /// RequestStartTransaction was accepted for a free EVSE.
        /// - Parameters:
        ///   - listed: what the local authorization list knows of the token.
        ///   - group: of the token, as the CSMS has told; lower case, empty for none.
        ///   - asksFirst: whether the token is treated as if it had been presented here.
        case remoteStart(
            evse: Int, idToken: Core.IdToken, group: IdentifierText, remoteStartID: Int32, listed: Core.IdTokenInfo?,
            asksFirst: Bool)
        /// The transaction at an EVSE, or with `nil` each, is to end; an authorization without one does.
        case stop(evse: Int?, reason: Core.StoppedReason)
        /// Send an everyday message that the CSMS has asked for, for one EVSE or connector or all.
        case trigger(TriggeredMessage, evse: Int?, connector: Int?)
        /// Nothing has happened, but something may be sent now, as the line is free again.
        case lookAgain
    }

    /// What the driver of a firmware has to do. `evse` counts from 0.
    public enum Output: Hashable, Sendable, BitwiseCopyable {
        /// Carry the frame ``OutputBuffer/call(_:)`` to the CSMS.
        case send(call: Int)
        /// Make a connection and answer with ``Input/linkUp`` or ``Input/linkDown``, at once or later.
        case connect
        /// Drop the connection: it looks half-open. No answer is expected; ``connect`` follows.
        case disconnect
        /// Hand in ``Input/timer(generation:)`` then. A later one with another generation takes its place: the earlier
        /// may be dropped or handed in all the same.
        case startTimer(at: Timestamp, generation: UInt32)
        /// A presented token may charge, or not. `offline`: the charging station decided alone.
        case authorization(evse: Int, accepted: Bool, offline: Bool)
        /// An authorization is over before a charge began: no vehicle came in time, or the driver took it back.
        case authorizationExpired(evse: Int)
        /// End the charge: hand in ``Input/chargingEnded(evse:reason:meterWh:)`` with this reason.
        case stopCharging(evse: Int, reason: Core.StoppedReason)
        /// Hand in ``Input/meterReading(evse:meterWh:powerW:stateOfCharge:)`` at this instant.
        case needMeter(evse: Int)
        /// `number` counts the charging station's transactions from 1.
        case transactionStarted(evse: Int, number: UInt32)
        /// The registers are those sent with Ended, Wh.
        case transactionEnded(evse: Int, number: UInt32, meterStartWh: Double, meterStopWh: Double)
        /// A transaction message was refused by the CSMS once too often and is gone.
        case transactionMessageDiscarded(number: UInt32, eventType: Core.TransactionEventKind)
    }
}

/// Outputs of a firmware in the order they are to be carried out; kept and used again, so that nothing is allocated.
///
/// Frames, which are large, lie beside the outputs that send them.
public struct OutputBuffer: Sendable {
    /// Storage, of which the first ``count`` hold outputs: entries are overwritten, never removed.
    @usableFromInline var items: ContiguousArray<StationFirmware.Output> = []
    @usableFromInline var frames: ContiguousArray<StationCall> = []
    @usableFromInline var frameCount = 0
    public private(set) var count = 0
    /// What the owner of a firmware without a controller has to see to besides.
    public enum News: UInt8, Sendable { case none, started, connected }
    public internal(set) var news = News.none

    public init() {
        items.reserveCapacity(16)
        frames.reserveCapacity(4)
    }
    @inlinable public var isEmpty: Bool { count == 0 }
    @inlinable public subscript(index: Int) -> StationFirmware.Output {
        precondition(index < count, "an output that is there")
        return items[index]
    }
    /// The frame that ``StationFirmware/Output/send(call:)`` names.
    @inlinable public func call(_ index: Int) -> StationCall {
        precondition(index < frameCount, "a frame that is there")
        return frames[index]
    }
    public mutating func removeAll() {
        count = 0
        frameCount = 0
        news = .none
    }
    mutating func append(_ output: StationFirmware.Output) {
        if count < items.count { items[count] = output } else { items.append(output) }
        count += 1
    }
    /// Inlined, so that a frame is built in its place.
    @inline(__always)
    mutating func send(_ call: StationCall) {
        append(.send(call: frameCount))
        if frameCount < frames.count { frames[frameCount] = call } else { frames.append(call) }
        frameCount += 1
    }
}
