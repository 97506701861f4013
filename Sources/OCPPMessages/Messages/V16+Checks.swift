internal import OCPP

extension JSONReader {
    /// Makes sure that each of a request's meter values has a sample, which StopTransaction's need not.
    func requireSamples(_ values: [V16.MeterValue]) throws(SchemaViolation) {
        guard !isStored, let bare = values.firstIndex(where: { $0.sampledValue.isEmpty }) else { return }
        throw SchemaViolation(
            code: .occurrenceConstraintViolation, path: "meterValue[\(bare)].sampledValue",
            problem: "fewer than 1 items")
    }
}

// Where a message has no fields, charging stations and central systems of 1.6 also send `null`.

extension V16.Action {
    /// Whether the request has no fields at all.
    var hasEmptyRequest: Bool {
        switch self {
        case .clearCache, .getLocalListVersion, .heartbeat: true
        default: false
        }
    }

    /// Whether the response has no fields at all.
    var hasEmptyResponse: Bool {
        switch self {
        case .diagnosticsStatusNotification, .firmwareStatusNotification, .logStatusNotification, .meterValues,
            .securityEventNotification, .signedFirmwareStatusNotification, .statusNotification, .updateFirmware:
            true
        default: false
        }
    }

    fileprivate static var nothing: JSONReader { JSONReader([UInt8(ascii: "{"), UInt8(ascii: "}")], version: .v16) }
}

extension V16.Request {
    /// Reads a payload, `null` included where the request has no fields.
    public init(lenient action: V16.Action, reading reader: inout JSONReader) throws(SchemaViolation) {
        if action.hasEmptyRequest, reader.takeNull() {
            var nothing = V16.Action.nothing
            self = try V16.Request(action: action, reading: &nothing)
        } else {
            self = try V16.Request(action: action, reading: &reader)
        }
    }
}

extension V16.Response {
    /// Reads a payload, `null` included where the response has no fields.
    public init(lenient action: V16.Action, reading reader: inout JSONReader) throws(SchemaViolation) {
        if action.hasEmptyResponse, reader.takeNull() {
            var nothing = V16.Action.nothing
            self = try V16.Response(action: action, reading: &nothing)
        } else {
            self = try V16.Response(action: action, reading: &reader)
        }
    }
}
