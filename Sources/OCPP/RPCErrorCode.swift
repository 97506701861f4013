/// Why a CALL was refused, in the words of OCPP-J 2.0.1.
///
/// The standard and its implementations disagree on the spelling of one code; ``init(wireText:)`` reads both.
/// - Source: OCPP 2.0.1 part 4, table "Valid Error Codes".
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

    /// Reads a code in either spelling of "occurrence"; `nil` for a word that is no code.
    public init?(wireText: String) {
        if wireText == "OccurenceConstraintViolation" {
            self = .occurrenceConstraintViolation
        } else {
            self.init(rawValue: wireText)
        }
    }
}
