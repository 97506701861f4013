internal import OCPP

extension RPCErrorCode {
    func wireText(for version: OCPPVersion) -> String {
        switch self {
        case .formatViolation where version == .v16: "FormationViolation"
        case .occurrenceConstraintViolation where version == .v16: "OccurenceConstraintViolation"
        case .rpcFrameworkError where version == .v16: "FormationViolation"
        case .messageTypeNotSupported where version == .v16: "GenericError"
        default: rawValue
        }
    }
}
