public import OCPP
internal import OCPPMessages

/// The OCPP client of a charging station that only charges: the everyday machine, flat and without allocation.
///
/// It says what a ``StationController`` would say of a station to which nothing else happens.
public struct PlainStation: Sendable, Codable {
    /// Inputs go to it at once; ``tell(now:_:)`` then sees to the rest.
    public var firmware: StationFirmware
    /// What the CSMS is to be told besides: that the charging station started.
    private var outbox = Outbox()
    /// Whether something is still to be told.
    public private(set) var isWaiting = false

    /// - Parameter firmware: not yet powered.
    public init(_ firmware: StationFirmware) { self.firmware = firmware }

    /// To be called when the firmware has handled an input, where ``isWaiting`` or its outputs have news.
    /// - Returns: whether the CSMS is to be told now that the charging station has started; ``told(now:outputs:)`` says that
    ///   it has been.
    public mutating func tell(now: Timestamp, _ news: OutputBuffer.News) -> Bool {
        switch news {
        case .none: break
        case .started:
            outbox.restart()
            outbox.append(SecurityEvents.startup(firmware.bootReason, now: now))
        case .connected: outbox.linkCameUp()
        }
        defer { isWaiting = !outbox.isEmpty }
        return outbox.isEmpty ? false : tellNext(now: now)
    }

    /// The CSMS has answered that it knows of the start.
    public mutating func told(now: Timestamp, outputs: inout OutputBuffer) -> Bool {
        firmware.isLineTaken = false
        _ = outbox.finish(.response(.securityEventNotification(.init())), now: now)
        isWaiting = !outbox.isEmpty
        if tellNext(now: now) { return true }
        firmware.handle(.lookAgain, now: now, outputs: &outputs)
        return false
    }

    private mutating func tellNext(now: Timestamp) -> Bool {
        guard firmware.isConnected else {
            if outbox.isOutstanding {
                firmware.isLineTaken = false
                _ = outbox.finish(.unanswered, now: now)
            }
            return false
        }
        guard firmware.outstanding == nil, outbox.next(now: now, registration: firmware.registration) != nil else {
            return false
        }
        firmware.isLineTaken = true
        return true
    }
}
