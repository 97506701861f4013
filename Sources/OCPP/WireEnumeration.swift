/// An enumeration of the standard; raw values are the texts on the wire.
public protocol WireEnumeration: RawRepresentable, Hashable, Sendable, BitwiseCopyable, Codable, CaseIterable
where RawValue == String {}

extension WireEnumeration {
    /// Compares the cases. The standard library's `!=` for raw-representable types would compare the texts.
    @inlinable public static func != (a: Self, b: Self) -> Bool { !(a == b) }
}
