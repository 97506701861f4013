/// Why a CALL was refused, in the words of OCPP-J 2.0.1.
///
/// OCPP 1.6 spells two codes differently and lacks some: ``wireText(for:)`` says what to write in each version,
/// ``init(wireText:)`` reads every spelling.
/// - Source: OCPP 2.0.1 part 4, table "Valid Error Codes"; OCPP-J 1.6, table 7, and its errata 5.1 and 5.2.
public enum RPCErrorCode: String, WireEnumeration {
    case formatViolation = "FormatViolation"
    case genericError = "GenericError"
    case internalError = "InternalError"
    case messageTypeNotSupported = "MessageTypeNotSupported"
    case notImplemented = "NotImplemented"
    case notSupported = "NotSupported"
    case occurrenceConstraintViolation = "OccurrenceConstraintViolation"
    case propertyConstraintViolation = "PropertyConstraintViolation"
    case protocolError = "ProtocolError"
    case rpcFrameworkError = "RpcFrameworkError"
    case securityError = "SecurityError"
    case typeConstraintViolation = "TypeConstraintViolation"

    /// Reads a code in any version's spelling; `nil` for a word that is no code.
    ///
    /// Implementations disagree on the double r of "occurrence" in every version, so both are read in every version.
    public init?(wireText: String) {
        switch wireText {
        case "OccurenceConstraintViolation": self = .occurrenceConstraintViolation
        case "FormationViolation": self = .formatViolation
        default: self.init(rawValue: wireText)
        }
    }

    /// The code as `version` writes it; where 1.6 lacks a code, its nearest.
    public func wireText(for version: OCPPVersion) -> String {
        guard version == .v16 else { return rawValue }
        return switch self {
        case .formatViolation, .rpcFrameworkError: "FormationViolation"
        case .occurrenceConstraintViolation: "OccurenceConstraintViolation"
        case .messageTypeNotSupported: "ProtocolError"
        case .genericError, .internalError, .notImplemented, .notSupported, .propertyConstraintViolation,
            .protocolError, .securityError, .typeConstraintViolation:
            rawValue
        }
    }
}
