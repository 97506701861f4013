internal import OCPP

/// Puts frames together as bytes.
enum FrameWriter {
    static func call(id: String, action: String, payload: [UInt8]) -> [UInt8] {
        message(.call, id: id, word: action, payload: payload)
    }

    static func send(id: String, action: String, payload: [UInt8]) -> [UInt8] {
        message(.send, id: id, word: action, payload: payload)
    }

    static func result(id: String, payload: [UInt8]) -> [UInt8] {
        message(.result, id: id, word: nil, payload: payload)
    }

    /// A CALLERROR; code in the version's own spelling, description and details always present.
    static func error(
        id: String, code: RPCErrorCode, description: String, details: [UInt8] = [], version: OCPPVersion
    ) -> [UInt8] {
        failure(.error, id: id, code: code, description: description, details: details, version: version)
    }

    /// A CALLRESULTERROR (2.1).
    static func resultError(
        id: String, code: RPCErrorCode, description: String, details: [UInt8] = []
    ) -> [UInt8] {
        failure(.resultError, id: id, code: code, description: description, details: details, version: .v21)
    }

    private static func message(_ kind: Envelope.Kind, id: String, word: String?, payload: [UInt8]) -> [UInt8] {
        var bytes = head(kind, id: id, more: (word?.utf8.count ?? 0) + payload.count + 8)
        if let word {
            EscapedText.append(word, to: &bytes)
            bytes.append(UInt8(ascii: ","))
        }
        if payload.isEmpty { bytes += emptyObject } else { bytes += payload }
        bytes.append(UInt8(ascii: "]"))
        return bytes
    }

    private static func failure(
        _ kind: Envelope.Kind, id: String, code: RPCErrorCode, description: String, details: [UInt8],
        version: OCPPVersion
    ) -> [UInt8] {
        var bytes = head(kind, id: id, more: 48 + description.utf8.count + details.count)
        EscapedText.append(code.wireText(for: version), to: &bytes)
        bytes.append(UInt8(ascii: ","))
        EscapedText.append(description, to: &bytes)
        bytes.append(UInt8(ascii: ","))
        if details.isEmpty { bytes += emptyObject } else { bytes += details }
        bytes.append(UInt8(ascii: "]"))
        return bytes
    }

    /// `[kind,"id",`, with room for `more` bytes behind.
    private static func head(_ kind: Envelope.Kind, id: String, more: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(id.utf8.count + 6 + more)
        bytes.append(UInt8(ascii: "["))
        bytes.append(UInt8(ascii: "0") + UInt8(kind.rawValue))
        bytes.append(UInt8(ascii: ","))
        EscapedText.append(id, to: &bytes)
        bytes.append(UInt8(ascii: ","))
        return bytes
    }

    private static let emptyObject: [UInt8] = [UInt8(ascii: "{"), UInt8(ascii: "}")]
}
