internal import NIOCore

/// Kinds of frames that are sent.
enum FrameKind: UInt8 {
    case text = 1
    case binary = 2
    case close = 8
    case ping = 9
    case pong = 10
}

extension ByteBuffer {
    /// Writes one whole frame.
    /// - Parameter mask: key of a client's frame; nil for a server's.
    mutating func writeFrame(_ kind: FrameKind, isCompressed: Bool = false, mask: UInt32?, payload: [UInt8]) {
        reserveCapacity(minimumWritableBytes: payload.count + 14)
        let first = UInt16(0x80 | (isCompressed ? 0x40 : 0) | kind.rawValue) << 8
        let masked: UInt16 = mask == nil ? 0 : 0x80
        if payload.count < 126 {
            writeInteger(first | masked | UInt16(payload.count))
        } else if payload.count <= 0xffff {
            writeMultipleIntegers(first | masked | 126, UInt16(payload.count))
        } else {
            writeMultipleIntegers(first | masked | 127, UInt64(payload.count))
        }
        guard let mask else {
            writeBytes(payload)
            return
        }
        writeInteger(mask)
        var hidden = payload
        hidden.unmask(key: mask)
        writeBytes(hidden)
    }
}

/// What a close frame says.
enum ClosePayload {
    /// Longest reason, in bytes of UTF-8.
    static let reasonMax = 123

    /// The bytes of a close frame; a long reason is cut at a whole character.
    static func bytes(code: CloseCode, reason: String) -> [UInt8] {
        var text = reason
        while text.utf8.count > reasonMax { text.removeLast() }
        return [UInt8(code.rawValue >> 8), UInt8(code.rawValue & 0xff)] + Array(text.utf8)
    }

    /// Reads a close frame; nil where it breaks the rules.
    static func read(_ bytes: [UInt8]) -> (code: CloseCode?, reason: String)? {
        guard !bytes.isEmpty else { return (nil, "") }
        guard bytes.count >= 2 else { return nil }
        let code = CloseCode(rawValue: UInt16(bytes[0]) << 8 | UInt16(bytes[1]))
        guard code.isSendable, let reason = String(validating: bytes[2...], as: UTF8.self) else { return nil }
        return (code, reason)
    }
}
