internal import OCPPMessages

/// Why a charging profile is rejected, with the standard's reason code.
/// - Source: OCPP 2.0.1 part 2, appendix 5 (reason codes).
struct ProfileProblem: Error, Equatable {
    enum Reason: String {
        case duplicateProfile = "DuplicateProfile"
        case invalidProfile = "InvalidProfile"
        case invalidSchedule = "InvalidSchedule"
        case invalidStackLevel = "InvalidStackLevel"
        case invalidValue = "InvalidValue"
        case missingParam = "MissingParam"
        case notEnabled = "NotEnabled"
        case notFound = "NotFound"
        case outOfStorage = "OutOfStorage"
        case tooManyElements = "TooManyElements"
        case txNotFound = "TxNotFound"
        case unknownEVSE = "UnknownEvse"
        case unsupportedParam = "UnsupportedParam"
        case unsupportedRateUnit = "UnsupportedRateUnit"
    }

    let reason: Reason
    /// One sentence for people.
    let text: String

    init(_ reason: Reason, _ text: String) {
        self.reason = reason
        self.text = text
    }

    var statusInfo: V2.StatusInfo { V2.StatusInfo(reasonCode: reason.rawValue, additionalInfo: text) }
}
