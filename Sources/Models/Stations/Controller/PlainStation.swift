public import OCPP
internal import OCPPMessages

/// The OCPP client of a charging station that only charges: the everyday machine, flat and without allocation.
///
/// A ``StationController`` takes the machine over when something else happens: a request of the CSMS, an event besides
/// charging. What its blocks would have noticed until then they are told at once, from the state of the machine, so that
/// from there on they say and do what they had said and done had they been there from the start. What they would remember
/// of transactions already over is not made up.
public struct PlainStation: Sendable, Codable {
    public private(set) var firmware: StationFirmware
    /// What the CSMS is to be told besides: that the charging station started.
    private var outbox = Outbox()
    private var startedAt = Timestamp.distantPast

    /// - Parameter firmware: not yet powered.
    public init(_ firmware: StationFirmware) { self.firmware = firmware }

    /// Handles one input of the everyday machine.
    /// - Returns: whether the CSMS is to be told now that the charging station has started; ``told(now:outputs:)`` says that
    ///   it has been.
    public mutating func handle(
        _ input: StationFirmware.Input, now: Timestamp, outputs: inout OutputBuffer
    ) -> Bool {
        // To look at the input, which is large, would copy it.
        let wasPowered = firmware.isPowered
        let wasConnected = firmware.isConnected
        firmware.handle(input, now: now, outputs: &outputs)
        if firmware.isPowered, !wasPowered {
            startedAt = now
            outbox.restart()
            outbox.append(SecurityEvents.startup(firmware.bootReason, now: now))
        }
        if firmware.isConnected, !wasConnected { outbox.linkCameUp() }
        return outbox.isEmpty ? false : tellNext(now: now)
    }

    /// The CSMS has answered that it knows of the start.
    public mutating func told(now: Timestamp, outputs: inout OutputBuffer) -> Bool {
        firmware.isLineTaken = false
        _ = outbox.finish(.response(.securityEventNotification(.init())), now: now)
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

    /// The controller that takes over.
    /// - Parameter make: see ``StationController/init(firmware:version:ratings:model:)``.
    public func controller(now: Timestamp, _ make: (StationFirmware) -> StationController) -> StationController {
        var controller = make(firmware)
        controller.catchUp(startedAt: startedAt, now: now, outbox: outbox)
        return controller
    }
}
