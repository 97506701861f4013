public import OCPP

/// An enumeration of the standard: a byte in memory, a word on the wire.
public protocol OCPPEnumeration: RawRepresentable, Hashable, Sendable, BitwiseCopyable, Codable, CaseIterable
where RawValue == UInt8 {
    /// The words, in the order of the raw values.
    static var names: NameTable { get }
    /// How many of the words 2.0.1 knows: the first ones.
    static var countIn201: Int { get }
    /// Words that are read too, and what they mean.
    init?(alias: String)
}

extension OCPPEnumeration {
    public static var countIn201: Int { names.count }
    public init?(alias: String) { nil }

    /// The word on the wire.
    public var wireText: String { Self.names[Int(rawValue)] }

    /// `nil` for a text that is no word of the enumeration in any version.
    public init?(wireText: String) {
        if let index = Self.names.index(of: wireText) {
            self.init(rawValue: UInt8(truncatingIfNeeded: index))
        } else {
            self.init(alias: wireText)
        }
    }

    /// Whether `version` knows the word.
    public func isIn(_ version: OCPPVersion) -> Bool { version != .v201 || Int(rawValue) < Self.countIn201 }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let value = Self(wireText: text) else { throw Self.names.decodingError(decoder) }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(wireText)
    }
}

extension NameTable {
    /// The text that a `Codable` container keeps is none of the names.
    @inline(never) func decodingError(_ decoder: any Decoder) -> DecodingError {
        let known = (0..<count).map { self[$0] }.joined(separator: ", ")
        return .dataCorrupted(
            DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "none of \(known)"))
    }
}
