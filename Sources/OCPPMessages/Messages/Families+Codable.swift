internal import OCPP

// Messages in checkpoints: the action's name and the payload as on the wire, which says everything.

/// How a checkpoint holds a message.
private struct WrittenMessage: Codable {
    var action: String
    var payload: String
    /// Of OCPP 1.6; else of 2.x, whose newest version has every field.
    var isV16: Bool

    private var version: OCPPVersion { isV16 ? .v16 : .v21 }

    init(action: String, isV16: Bool, _ write: (inout JSONWriter) -> Void) {
        self.action = action
        self.isV16 = isV16
        var writer = JSONWriter(version: isV16 ? .v16 : .v21)
        write(&writer)
        payload = String(decoding: writer.bytes, as: UTF8.self)
    }

    func read<Message>(
        _ decoder: any Decoder, _ read: (String, inout JSONReader) throws(SchemaViolation) -> Message
    ) throws -> Message {
        var reader = JSONReader(Array(payload.utf8), version: version)
        do throws(SchemaViolation) {
            return try read(action, &reader)
        } catch {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "\(action): \(error)"))
        }
    }
}

extension AnyRequest: Codable {
    public init(from decoder: any Decoder) throws {
        self = try WrittenMessage(from: decoder).read(decoder) { action, reader throws(SchemaViolation) in
            try AnyRequest(action: action, reading: &reader)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        let isV16 = if case .v16 = self { true } else { false }
        try WrittenMessage(action: actionText, isV16: isV16) { write(to: &$0) }.encode(to: encoder)
    }
}

extension AnyResponse: Codable {
    public init(from decoder: any Decoder) throws {
        self = try WrittenMessage(from: decoder).read(decoder) { action, reader throws(SchemaViolation) in
            try AnyResponse(action: action, reading: &reader)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        let isV16 = if case .v16 = self { true } else { false }
        try WrittenMessage(action: actionText, isV16: isV16) { write(to: &$0) }.encode(to: encoder)
    }
}
