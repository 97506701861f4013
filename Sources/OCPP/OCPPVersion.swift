/// A version of OCPP over JSON; the raw value is the WebSocket subprotocol that names it.
public enum OCPPVersion: String, WireEnumeration {
    case v16 = "ocpp1.6"
    case v201 = "ocpp2.0.1"
    case v21 = "ocpp2.1"

    /// Whether its messages are those of the 2.x family.
    @inlinable public var isV2: Bool { self != .v16 }
}
