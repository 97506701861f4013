internal import OCPP
internal import OCPPMessages

/// The words of the everyday messages in the two families, by their text on the wire.
///
/// From a wire enumeration to ``OCPP/Core`` goes a table made once; the other way the text is looked up.
private struct WordTable<Word: OCPPEnumeration, Flat: WireEnumeration>: Sendable {
    private let flats: [Flat]

    /// - Parameter other: stands for a word that the everyday messages do not have.
    init(other: Flat, _ exceptions: [Word: Flat] = [:]) {
        flats = Word.allCases.map { exceptions[$0] ?? Flat(rawValue: $0.wireText) ?? other }
    }

    subscript(word: Word) -> Flat { flats[Int(word.rawValue)] }
}

/// Words of 2.x.
enum V2Words {
    private static let triggers = WordTable<V2.TriggerReasonEnum, Core.TriggerReason>(
        other: .trigger,
        [
            .costLimitReached: .energyLimitReached, .soCLimitReached: .energyLimitReached,
            .limitSet: .chargingRateChanged, .operationModeChanged: .chargingRateChanged,
            .runningCost: .meterValuePeriodic, .tariffNotAccepted: .deauthorized,
        ])
    private static let reasons = WordTable<V2.ReasonEnum, Core.StoppedReason>(other: .other)
    private static let states = WordTable<V2.ChargingStateEnum, Core.ChargingState>(other: .idle)
    private static let kinds = WordTable<V2.TransactionEventEnum, Core.TransactionEventKind>(other: .updated)
    private static let contexts = WordTable<V2.ReadingContextEnum, Core.ReadingContext>(other: .other)
    private static let tokens = WordTable<V2.AuthorizationStatusEnum, Core.AuthorizationStatus>(other: .unknown)
    private static let boots = WordTable<V2.BootReasonEnum, Core.BootReason>(other: .unknown)
    private static let statuses = WordTable<V2.ConnectorStatusEnum, Core.ConnectorStatus>(other: .unavailable)
    private static let registrations = WordTable<V2.RegistrationStatusEnum, Core.RegistrationStatus>(other: .rejected)

    static func core(_ word: V2.TriggerReasonEnum) -> Core.TriggerReason { triggers[word] }
    static func core(_ word: V2.ReasonEnum) -> Core.StoppedReason { reasons[word] }
    static func core(_ word: V2.ChargingStateEnum) -> Core.ChargingState { states[word] }
    static func core(_ word: V2.TransactionEventEnum) -> Core.TransactionEventKind { kinds[word] }
    static func core(_ word: V2.ReadingContextEnum) -> Core.ReadingContext { contexts[word] }
    static func core(_ word: V2.AuthorizationStatusEnum) -> Core.AuthorizationStatus { tokens[word] }
    static func core(_ word: V2.BootReasonEnum) -> Core.BootReason { boots[word] }
    static func core(_ word: V2.ConnectorStatusEnum) -> Core.ConnectorStatus { statuses[word] }
    static func core(_ word: V2.RegistrationStatusEnum) -> Core.RegistrationStatus { registrations[word] }

    /// 2.0.1 has no word for a transaction that goes on after an interruption.
    static func wire(_ word: Core.TriggerReason, version: OCPPVersion) -> V2.TriggerReasonEnum {
        let word: Core.TriggerReason = word == .txResumed && version == .v201 ? .chargingStateChanged : word
        return .init(wireText: word.rawValue) ?? .trigger
    }
    static func wire(_ word: Core.StoppedReason) -> V2.ReasonEnum { .init(wireText: word.rawValue) ?? .other }
    static func wire(_ word: Core.ChargingState) -> V2.ChargingStateEnum { .init(wireText: word.rawValue) ?? .idle }
    static func wire(_ word: Core.TransactionEventKind) -> V2.TransactionEventEnum {
        .init(wireText: word.rawValue) ?? .updated
    }
    static func wire(_ word: Core.ReadingContext) -> V2.ReadingContextEnum { .init(wireText: word.rawValue) ?? .other }
    static func wire(_ word: Core.AuthorizationStatus) -> V2.AuthorizationStatusEnum {
        .init(wireText: word.rawValue) ?? .unknown
    }
    static func wire(_ word: Core.BootReason) -> V2.BootReasonEnum { .init(wireText: word.rawValue) ?? .unknown }
    static func wire(_ word: Core.ConnectorStatus) -> V2.ConnectorStatusEnum {
        .init(wireText: word.rawValue) ?? .unavailable
    }
    static func wire(_ word: Core.RegistrationStatus) -> V2.RegistrationStatusEnum {
        .init(wireText: word.rawValue) ?? .rejected
    }
}

/// Words of 1.6, where they are fewer.
enum V16Words {
    private static let contexts = WordTable<V16.ReadingContext, Core.ReadingContext>(other: .other)
    private static let tokens = WordTable<V16.AuthorizationStatus, Core.AuthorizationStatus>(other: .invalid)
    private static let registrations = WordTable<V16.RegistrationStatus, Core.RegistrationStatus>(other: .rejected)
    private static let reasons = WordTable<V16.Reason, Core.StoppedReason>(
        other: .other, [.hardReset: .immediateReset, .softReset: .immediateReset])
    private static let statuses = WordTable<V16.ChargePointStatus, Core.ConnectorStatus>(other: .occupied)

    static func core(_ word: V16.ReadingContext) -> Core.ReadingContext { contexts[word] }
    static func core(_ word: V16.AuthorizationStatus) -> Core.AuthorizationStatus { tokens[word] }
    static func core(_ word: V16.RegistrationStatus) -> Core.RegistrationStatus { registrations[word] }
    static func core(_ word: V16.Reason) -> Core.StoppedReason { reasons[word] }
    static func core(_ word: V16.ChargePointStatus) -> Core.ConnectorStatus { statuses[word] }

    static func wire(_ word: Core.ReadingContext) -> V16.ReadingContext { .init(wireText: word.rawValue) ?? .other }
    /// What 1.6 has no word for is Invalid: the token may not charge here and now.
    static func wire(_ word: Core.AuthorizationStatus) -> V16.AuthorizationStatus {
        .init(wireText: word.rawValue) ?? .invalid
    }
    static func wire(_ word: Core.RegistrationStatus) -> V16.RegistrationStatus {
        .init(wireText: word.rawValue) ?? .rejected
    }
    static func wire(_ word: Core.StoppedReason) -> V16.Reason {
        switch word {
        case .immediateReset: .hardReset
        case .masterPass: .local
        case .deAuthorized, .emergencyStop, .energyLimitReached, .evDisconnected, .groundFault, .local,
            .localOutOfCredit, .other, .overcurrentFault, .powerLoss, .powerQuality, .reboot, .remote, .socLimitReached,
            .stoppedByEV, .timeLimitReached, .timeout:
            V16.Reason(wireText: word.rawValue) ?? .other
        }
    }
    /// Why a StopTransaction for this reason was sent.
    static func trigger(of reason: V16.Reason) -> Core.TriggerReason {
        switch reason {
        case .local: .stopAuthorized
        case .remote: .remoteStop
        case .deAuthorized: .deauthorized
        case .evDisconnected: .evCommunicationLost
        case .hardReset, .softReset, .reboot: .resetCommand
        case .unlockCommand: .unlockCommand
        case .emergencyStop, .powerLoss, .other: .abnormalCondition
        }
    }
}
