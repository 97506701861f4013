internal import OCPP

/// Messages and datatypes of OCPP 1.6 with the security extension.
/// - Source: OCPP 1.6 edition 2 with its errata; "Improved security for OCPP 1.6-J", edition 3.
public enum V16 {}

/// Messages and datatypes of OCPP 2.0.1 and 2.1: one family, since the latter is a superset of the former.
///
/// What only 2.1 knows is refused when reading 2.0.1 and left out when writing it.
/// - Source: OCPP 2.0.1 edition 3 and OCPP 2.1, part 2 and its JSON schemas.
public enum V2 {}

/// Who sends an action's CALL.
public enum ActionSender: Hashable, Sendable, BitwiseCopyable {
    case chargingStation
    case csms
    case both
}

/// A request of either family.
public enum AnyRequest: Equatable, Sendable {
    case v16(V16.Request)
    case v2(V2.Request)

    /// Reads the payload of the action named `action` under the reader's version.
    /// - Throws: `NotImplemented` for an action that the version does not know.
    public init(action: String, reading reader: inout JSONReader) throws(SchemaViolation) {
        if reader.version == .v16 {
            guard let action = V16.Action(wireText: action) else { throw .unknownAction }
            self = .v16(try V16.Request(lenient: action, reading: &reader))
        } else {
            guard let action = V2.Action(wireText: action) else { throw .unknownAction }
            self = .v2(try V2.Request(action: action, reading: &reader))
        }
    }

    /// The action's name on the wire.
    public var actionText: String {
        switch self {
        case .v16(let request): request.action.wireText
        case .v2(let request): request.action.wireText
        }
    }

    public func write(to writer: inout JSONWriter) {
        switch self {
        case .v16(let request): request.write(to: &writer)
        case .v2(let request): request.write(to: &writer)
        }
    }
}

/// A response of either family.
public enum AnyResponse: Equatable, Sendable {
    case v16(V16.Response)
    case v2(V2.Response)

    /// Reads the payload of the answer to the action named `action` under the reader's version.
    /// - Throws: `NotImplemented` for an action that the version does not know.
    public init(action: String, reading reader: inout JSONReader) throws(SchemaViolation) {
        if reader.version == .v16 {
            guard let action = V16.Action(wireText: action) else { throw .unknownAction }
            self = .v16(try V16.Response(lenient: action, reading: &reader))
        } else {
            guard let action = V2.Action(wireText: action) else { throw .unknownAction }
            self = .v2(try V2.Response(action: action, reading: &reader))
        }
    }

    /// The action's name on the wire.
    public var actionText: String {
        switch self {
        case .v16(let response): response.action.wireText
        case .v2(let response): response.action.wireText
        }
    }

    public func write(to writer: inout JSONWriter) {
        switch self {
        case .v16(let response): response.write(to: &writer)
        case .v2(let response): response.write(to: &writer)
        }
    }
}

extension SchemaViolation {
    /// The version does not know the action.
    static var unknownAction: SchemaViolation {
        SchemaViolation(code: .notImplemented, path: "", problem: "unknown action")
    }
    /// The action is one that nobody answers.
    static var noResponse: SchemaViolation {
        SchemaViolation(code: .protocolError, path: "", problem: "the action has no response")
    }
}
