internal import OCPP

/// A JSON value of any kind, kept as its validated text.
public struct JSONText: Hashable, Sendable, Codable {
    public let bytes: [UInt8]

    /// `bytes` must have come out of a ``JSONReader``.
    init(validated bytes: [UInt8]) { self.bytes = bytes }

    /// `nil` when `bytes` are not one JSON value; white space around it is dropped.
    public init?(bytes: [UInt8]) {
        var reader = JSONReader(bytes, version: .v21)
        guard let text = try? reader.text(), (try? reader.finish()) != nil else { return nil }
        self = text
    }

    /// `nil` when `text` is not one JSON value.
    public init?(_ text: String) { self.init(bytes: Array(text.utf8)) }

    /// The JSON string that says `value`.
    public init(string value: String) {
        var writer = JSONWriter(version: .v21)
        writer.append(value)
        bytes = writer.bytes
    }

    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// What it says when it is a JSON string; `nil` when it is something else.
    public var stringValue: String? {
        var reader = JSONReader(bytes, version: .v21)
        return try? reader.string()
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = JSONText(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not JSON")
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
