internal import Foundation

/// The measured messages as anybody would write them for `JSONDecoder`: the same members, enumerations by their words.
///
/// `Instant` is `Date` (checked, as the codec checks) or `String` (left unread, which is less work than the codec's).
struct FoundationMeterValues16<Instant: Codable>: Codable {
    struct MeterValue: Codable {
        var timestamp: Instant
        var sampledValue: [SampledValue]
    }
    struct SampledValue: Codable {
        var value: String
        var context: FoundationContext?
        var format: String?
        var measurand: FoundationMeasurand?
        var phase: FoundationPhase?
        var location: FoundationLocation?
        var unit: FoundationUnit?
    }
    var connectorId: Int
    var transactionId: Int?
    var meterValue: [MeterValue]
}

struct FoundationMeterValue2<Instant: Codable>: Codable {
    struct SampledValue: Codable {
        var value: Double
        var context: FoundationContext?
        var measurand: FoundationMeasurand?
        var phase: FoundationPhase?
        var location: FoundationLocation?
        var unitOfMeasure: UnitOfMeasure?
    }
    struct UnitOfMeasure: Codable {
        var unit: String?
        var multiplier: Int?
    }
    var sampledValue: [SampledValue]
    var timestamp: Instant
}

struct FoundationMeterValues2<Instant: Codable>: Codable {
    var evseId: Int
    var meterValue: [FoundationMeterValue2<Instant>]
}

struct FoundationTransactionEvent<Instant: Codable>: Codable {
    enum EventType: String, Codable {
        case started = "Started"
        case updated = "Updated"
        case ended = "Ended"
    }
    enum TriggerReason: String, Codable {
        case authorized = "Authorized"
        case cablePluggedIn = "CablePluggedIn"
        case chargingStateChanged = "ChargingStateChanged"
        case meterValueClock = "MeterValueClock"
        case meterValuePeriodic = "MeterValuePeriodic"
        case remoteStart = "RemoteStart"
    }
    enum ChargingState: String, Codable {
        case charging = "Charging"
        case evConnected = "EVConnected"
        case idle = "Idle"
    }
    enum IdTokenKind: String, Codable {
        case iso14443 = "ISO14443"
        case eMAID
        case local = "Local"
    }
    struct TransactionInfo: Codable {
        var transactionId: String
        var chargingState: ChargingState?
        var timeSpentCharging: Int?
    }
    struct EVSE: Codable {
        var id: Int
        var connectorId: Int?
    }
    struct IdToken: Codable {
        var idToken: String
        var type: IdTokenKind
    }
    var eventType: EventType
    var meterValue: [FoundationMeterValue2<Instant>]?
    var timestamp: Instant
    var triggerReason: TriggerReason
    var seqNo: Int
    var offline: Bool?
    var numberOfPhasesUsed: Int?
    var transactionInfo: TransactionInfo
    var evse: EVSE?
    var idToken: IdToken?
}

enum FoundationContext: String, Codable {
    case interruptionBegin = "Interruption.Begin"
    case interruptionEnd = "Interruption.End"
    case sampleClock = "Sample.Clock"
    case samplePeriodic = "Sample.Periodic"
    case transactionBegin = "Transaction.Begin"
    case transactionEnd = "Transaction.End"
    case trigger = "Trigger"
    case other = "Other"
}

enum FoundationMeasurand: String, Codable {
    case energyExport = "Energy.Active.Export.Register"
    case energyImport = "Energy.Active.Import.Register"
    case powerExport = "Power.Active.Export"
    case powerImport = "Power.Active.Import"
    case powerOffered = "Power.Offered"
    case currentImport = "Current.Import"
    case currentExport = "Current.Export"
    case currentOffered = "Current.Offered"
    case voltage = "Voltage"
    case frequency = "Frequency"
    case temperature = "Temperature"
    case soc = "SoC"
    case rpm = "RPM"
}

enum FoundationPhase: String, Codable {
    case l1 = "L1"
    case l2 = "L2"
    case l3 = "L3"
    case n = "N"
    case l1N = "L1-N"
    case l2N = "L2-N"
    case l3N = "L3-N"
    case l1L2 = "L1-L2"
    case l2L3 = "L2-L3"
    case l3L1 = "L3-L1"
}

enum FoundationLocation: String, Codable {
    case cable = "Cable"
    case ev = "EV"
    case inlet = "Inlet"
    case outlet = "Outlet"
    case body = "Body"
}

enum FoundationUnit: String, Codable {
    case wh = "Wh"
    case kWh
    case w = "W"
    case kW
    case a = "A"
    case v = "V"
    case celsius = "Celsius"
    case percent = "Percent"
}
