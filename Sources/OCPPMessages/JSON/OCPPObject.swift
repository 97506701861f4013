public import OCPP

/// A message or datatype of the standard. It is `Codable` by way of its own JSON text.
public protocol OCPPObject: Equatable, Sendable, Codable {
    /// The version whose JSON can say every value of the type: what `Codable` writes.
    static var storedVersion: OCPPVersion { get }
    /// Reads the value that is next, under the constraints of the reader's version.
    init(reading reader: inout JSONReader) throws(SchemaViolation)
    /// Writes what the writer's version knows of it.
    func write(to writer: inout JSONWriter)
}

/// A message or datatype of 1.6.
public protocol V16Object: OCPPObject {}
/// A message or datatype of 2.0.1 and 2.1.
public protocol V2Object: OCPPObject {}

extension V16Object {
    public static var storedVersion: OCPPVersion { .v16 }
}
extension V2Object {
    public static var storedVersion: OCPPVersion { .v21 }
}

extension OCPPObject {
    /// Reads a whole JSON text.
    public init(json: [UInt8], version: OCPPVersion) throws(SchemaViolation) {
        var reader = JSONReader(json, version: version)
        self = try Self(reading: &reader)
        try reader.finish()
    }

    /// The JSON text under `version`.
    public func json(version: OCPPVersion) -> [UInt8] {
        var writer = JSONWriter(version: version)
        write(to: &writer)
        return writer.bytes
    }

    public init(from decoder: any Decoder) throws {
        var reader = try JSONReader(stored: decoder, version: Self.storedVersion)
        do throws(SchemaViolation) {
            self = try Self(reading: &reader)
            try reader.finish()
        } catch {
            throw error.decodingError(decoder)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var writer = JSONWriter(version: Self.storedVersion)
        write(to: &writer)
        try writer.store(in: encoder)
    }
}

extension JSONReader {
    /// Reads the text that a `Codable` container keeps.
    @inline(never) init(stored decoder: any Decoder, version: OCPPVersion) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        self.init(Array(text.utf8), range: nil, version: version, isStored: true)
    }
}

extension JSONWriter {
    @inline(never) func store(in encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(String(decoding: bytes, as: UTF8.self))
    }
}

extension SchemaViolation {
    @inline(never) func decodingError(_ decoder: any Decoder) -> DecodingError {
        .dataCorrupted(DecodingError.Context(codingPath: decoder.codingPath, debugDescription: description))
    }
}
