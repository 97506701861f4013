internal import NIOCore

/// Which end of a connection this is: clients mask what they send, servers do not.
enum EndpointRole: Sendable {
    case server
    case client
}

/// Turns the bytes of a connection into whole messages and control frames.
///
/// Memory: a partial message grows with the bytes that came, never with the length that a header announces.
/// - Source: RFC 6455, 5; RFC 7692, 6.
struct FrameReader {
    enum Event {
        /// A whole message; compressed if the first frame said so.
        case message(isText: Bool, isCompressed: Bool, bytes: [UInt8])
        case ping([UInt8])
        case pong([UInt8])
        case close([UInt8])
        /// The peer broke a rule: close with this code and reason.
        case violation(CloseCode, StaticString)
    }

    private enum Opcode {
        static let continuation: UInt8 = 0
        static let text: UInt8 = 1
        static let binary: UInt8 = 2
        static let close: UInt8 = 8
        static let ping: UInt8 = 9
        static let pong: UInt8 = 10
    }

    /// Start of a header that has not come whole: at most 13 bytes.
    private var headerStart: [UInt8] = []
    /// The message or control frame that is being gathered.
    private var partialMessage: [UInt8] = []
    private var partialControl: [UInt8] = []
    /// Bytes of the current frame that are still to come; -1 between frames.
    private var remaining = -1
    private var key: UInt32 = 0
    private var keyOffset = 0
    private var opcode: UInt8 = 0
    private var isFinal = false
    private var isInMessage = false
    private var isMessageText = false
    private var isMessageCompressed = false

    /// Nothing read yet.
    init() {}

    /// The next event in the buffer, or nil when it is used up.
    mutating func next(
        _ buffer: inout ByteBuffer, role: EndpointRole, messageMax: Int, mayCompress: Bool
    ) -> Event? {
        while true {
            if remaining < 0 {
                switch readHeader(&buffer, role: role, messageMax: messageMax, mayCompress: mayCompress) {
                case .some(let violation): return violation
                case .none where remaining < 0: return nil
                case .none: break
                }
            }
            guard let event = readPayload(&buffer) else {
                if remaining < 0 { continue }  // a frame of a fragmented message is complete
                return nil
            }
            return event
        }
    }

    /// Reads a header if it is there whole; returns what is wrong with it.
    private mutating func readHeader(
        _ buffer: inout ByteBuffer, role: EndpointRole, messageMax: Int, mayCompress: Bool
    ) -> Event? {
        guard headerStart.isEmpty else {
            return readSplitHeader(&buffer, role: role, messageMax: messageMax, mayCompress: mayCompress)
        }
        guard let size = Self.headerSize(buffer), buffer.readableBytes >= size else {
            headerStart = buffer.readBytes(length: buffer.readableBytes) ?? []
            return nil
        }
        return takeHeader(&buffer, role: role, messageMax: messageMax, mayCompress: mayCompress)
    }

    /// Puts a header together whose first bytes came with an earlier read.
    private mutating func readSplitHeader(
        _ buffer: inout ByteBuffer, role: EndpointRole, messageMax: Int, mayCompress: Bool
    ) -> Event? {
        while let byte = buffer.readInteger(as: UInt8.self) {
            headerStart.append(byte)
            var whole = ByteBuffer(bytes: headerStart)
            guard let size = Self.headerSize(whole), whole.readableBytes >= size else { continue }
            headerStart = []
            return takeHeader(&whole, role: role, messageMax: messageMax, mayCompress: mayCompress)
        }
        return nil
    }

    /// Bytes of the header that begins the buffer, or nil where its first two are not there.
    private static func headerSize(_ buffer: ByteBuffer) -> Int? {
        guard let second = buffer.getInteger(at: buffer.readerIndex + 1, as: UInt8.self), buffer.readableBytes >= 2
        else {
            return nil
        }
        let extended =
            switch second & 0x7f {
            case 126: 2
            case 127: 8
            default: 0
            }
        return 2 + extended + (second & 0x80 == 0 ? 0 : 4)
    }

    private mutating func takeHeader(
        _ buffer: inout ByteBuffer, role: EndpointRole, messageMax: Int, mayCompress: Bool
    ) -> Event? {
        guard let start = buffer.readInteger(as: UInt16.self) else { return nil }
        let isMasked = start & 0x80 != 0
        var length = UInt64(start & 0x7f)
        if length == 126 {
            length = UInt64(buffer.readInteger(as: UInt16.self) ?? 0)
            guard length >= 126 else { return .violation(.protocolError, "a length that is not the shortest") }
        } else if length == 127 {
            length = buffer.readInteger(as: UInt64.self) ?? 0
            guard length >= 65_536 else { return .violation(.protocolError, "a length that is not the shortest") }
            guard length <= UInt64(Int64.max) else { return .violation(.protocolError, "a length above 63 bits") }
        }
        key = isMasked ? buffer.readInteger(as: UInt32.self) ?? 0 : 0
        keyOffset = 0
        guard isMasked == (role == .server) else {
            return .violation(.protocolError, role == .server ? "a frame that is not masked" : "a masked frame")
        }
        opcode = UInt8(truncatingIfNeeded: start >> 8) & 0x0f
        isFinal = start & 0x8000 != 0
        let isCompressed = start & 0x4000 != 0
        guard start & 0x3000 == 0, !isCompressed || mayCompress else {
            return .violation(.protocolError, "a reserved bit")
        }
        if let violation = checkOpcode(length: length, isCompressed: isCompressed, messageMax: messageMax) {
            return violation
        }
        remaining = Int(length)
        return nil
    }

    private mutating func checkOpcode(length: UInt64, isCompressed: Bool, messageMax: Int) -> Event? {
        switch opcode {
        case Opcode.close, Opcode.ping, Opcode.pong:
            guard isFinal, length <= 125, !isCompressed else {
                return .violation(.protocolError, "a control frame that is long, split or compressed")
            }
            return nil
        case Opcode.text, Opcode.binary:
            guard !isInMessage else { return .violation(.protocolError, "a message within a message") }
            isInMessage = true
            isMessageText = opcode == Opcode.text
            isMessageCompressed = isCompressed
        case Opcode.continuation:
            guard isInMessage, !isCompressed else {
                return .violation(.protocolError, "a continuation of nothing")
            }
        default: return .violation(.protocolError, "an unknown opcode")
        }
        guard length <= UInt64(max(0, messageMax - partialMessage.count)) else {
            return .violation(.messageTooBig, "a message above the limit")
        }
        return nil
    }

    /// Takes what is there of the current frame; returns the event that it completes.
    private mutating func readPayload(_ buffer: inout ByteBuffer) -> Event? {
        let count = min(remaining, buffer.readableBytes)
        guard count > 0 || remaining == 0, var part = buffer.readBytes(length: count) else { return nil }
        if key != 0 { part.unmask(key: key, offset: keyOffset) }
        keyOffset = (keyOffset + count) & 3
        remaining -= count
        let isControl = opcode >= Opcode.close
        guard remaining == 0 else {
            if isControl { partialControl += part } else { partialMessage.append(part) }
            return nil
        }
        remaining = -1
        if isControl {
            if !partialControl.isEmpty {
                part = partialControl + part
                partialControl = []
            }
            return control(part)
        }
        guard isFinal else {
            partialMessage.append(part)
            return nil
        }
        if !partialMessage.isEmpty {
            partialMessage += part
            part = partialMessage
            partialMessage = []
        }
        isInMessage = false
        return .message(isText: isMessageText, isCompressed: isMessageCompressed, bytes: part)
    }

    private func control(_ bytes: [UInt8]) -> Event {
        switch opcode {
        case Opcode.ping: .ping(bytes)
        case Opcode.pong: .pong(bytes)
        default: .close(bytes)
        }
    }
}

extension [UInt8] {
    /// Appends without copying where nothing was there.
    fileprivate mutating func append(_ part: [UInt8]) {
        if isEmpty { self = part } else { self += part }
    }

    /// Applies a masking key, of which the byte at `offset` (0 ... 3, the highest first) meets the first byte.
    mutating func unmask(key: UInt32, offset: Int = 0) {
        let turned = offset == 0 ? key : key << UInt32(8 * offset) | key >> UInt32(32 - 8 * offset)
        let keys = UInt64(turned.bigEndian) << 32 | UInt64(turned.bigEndian)  // as it lies in memory, twice
        var span = mutableSpan
        var bytes = span.mutableBytes
        var index = 0
        while index + 8 <= bytes.byteCount {
            let word = bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            bytes.storeBytes(of: word ^ keys, toByteOffset: index, as: UInt64.self)
            index += 8
        }
        while index < bytes.byteCount {
            let byte = bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
            let mask = UInt8(truncatingIfNeeded: turned >> UInt32(24 - 8 * (index & 3)))
            bytes.storeBytes(of: byte ^ mask, toByteOffset: index, as: UInt8.self)
            index += 1
        }
    }
}
