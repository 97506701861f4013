public import OCPP

/// Whether a charging station may take part, and whether it is heard of.
///
/// It is accepted by its BootNotification and stays so over any number of connections, until it is told otherwise. It is
/// online from the first message that was let in until a silence that the settings call too long.
/// - Source: OCPP 2.0.1 part 2, use cases B01 to B04, G02.
public struct Registration: Hashable, Sendable, BitwiseCopyable, Codable {
    /// What its next BootNotification is told.
    public internal(set) var next: Core.RegistrationStatus
    /// Whether it has booted and been accepted.
    public private(set) var isAccepted = false
    /// Whether it has been heard of recently enough.
    public private(set) var isOnline = false
    /// When it last sent anything that was let in; ``Timestamp/distantPast`` for never.
    public private(set) var lastHeard = Timestamp.distantPast
    /// No silence is too long before; ``Timestamp/distantFuture`` while offline.
    private(set) var nextDeadline = Timestamp.distantFuture

    init(next: Core.RegistrationStatus, isAccepted: Bool = false) {
        self.next = next
        self.isAccepted = isAccepted
    }

    /// It boots: what it is told.
    mutating func boot() -> Core.RegistrationStatus {
        isAccepted = next == .accepted
        return next
    }

    /// Decides what it is told from its next BootNotification on; one taken out is refused at once.
    mutating func decide(_ status: Core.RegistrationStatus) {
        next = status
        if status != .accepted { isAccepted = false }
    }

    /// Any message counts as a sign of life (G02.FR.04); `true` when it had been silent.
    mutating func hear(now: Timestamp, settings: CSMSSettings) -> Bool {
        lastHeard = now
        guard !isOnline else { return false }
        isOnline = true
        nextDeadline = now.adding(microseconds: settings.silenceMicroseconds)
        return true
    }

    /// Looks whether the silence is too long; `true` when it has become so.
    mutating func checkSilence(now: Timestamp, settings: CSMSSettings) -> Bool {
        guard isOnline else { return false }
        let silentAt = lastHeard.adding(microseconds: settings.silenceMicroseconds)
        isOnline = now < silentAt
        nextDeadline = isOnline ? silentAt : .distantFuture
        return !isOnline
    }
}
