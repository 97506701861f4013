internal import OCPP

/// The last answers to a peer's CALLs, so that a CALL repeated with the same id is answered again, not handled again.
///
/// A retry may carry the id of the first transmission (OCPP-J 1.6 errata 3.7, OCPP 2.0.1 errata 2024-09 section 4.6).
/// It is taken for one only when id, action and payload are the same; a peer that is seen to use one id for different
/// CALLs gets no answer from memory any more. Answers to `BootNotification` and `Heartbeat` carry the clock and are
/// never kept, CALLERRORs neither: a retry deserves another attempt. Retries under a new id are the owner's matter.
struct AnswerMemory: Sendable, Codable {
    private struct Entry: Sendable, Codable {
        var id: String
        var fingerprint: UInt64
        var frame: [UInt8]
        var answered: Timestamp
    }

    private let capacity: Int
    private let frameBytesMax: Int
    private let lifetime: Int64
    /// As a ring: at ``oldest`` lies what gives way next, once there are ``capacity`` of them.
    private var entries: [Entry] = []
    private var oldest = 0
    private var lastID = ""
    private var lastFingerprint: UInt64 = 0
    /// Whether the peer's ids say nothing.
    private var isBlind = false

    init(limits: RPCLimits) {
        capacity = max(0, limits.rememberedAnswersMax)
        frameBytesMax = limits.rememberedAnswerBytesMax
        lifetime = limits.rememberedMicroseconds
    }

    /// A hash of action and payload, eight bytes at a time.
    static func fingerprint(of call: RPCEndpoint.ReceivedCall) -> UInt64 {
        var hash = UInt64(truncatingIfNeeded: call.payload.count)
        for byte in call.action.utf8 { hash = mix(hash, UInt64(byte)) }
        let span = call.frame.span
        let bytes = span.bytes
        var index = call.payload.lowerBound
        while index <= call.payload.upperBound - 8 {
            hash = mix(hash, bytes.word(at: index))
            index += 8
        }
        var rest: UInt64 = 0
        while index < call.payload.upperBound {
            rest = rest << 8 | UInt64(bytes.byte(at: index))
            index += 1
        }
        return mix(mix(hash, rest), 0)
    }

    /// Multiplication spreads a bit upwards, the shift brings it down again.
    @inline(__always) private static func mix(_ hash: UInt64, _ word: UInt64) -> UInt64 {
        let product = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
        return product ^ product >> 29
    }

    /// The answer given to the same CALL before; `nil` for a CALL that has to be handled.
    mutating func answer(to id: String, fingerprint: UInt64, now: Timestamp) -> [UInt8]? {
        if id == lastID, fingerprint != lastFingerprint { isBlind = true }
        lastID = id
        lastFingerprint = fingerprint
        guard let entry = entries.last(where: { $0.id == id }) else { return nil }
        if entry.fingerprint != fingerprint { isBlind = true }
        guard !isBlind, now < entry.answered.adding(microseconds: lifetime) else { return nil }
        return entry.frame
    }

    mutating func keep(_ frame: [UInt8], id: String, action: String, fingerprint: UInt64, now: Timestamp) {
        guard capacity > 0, frame.count <= frameBytesMax, action != "Heartbeat", action != "BootNotification" else {
            return
        }
        let entry = Entry(id: id, fingerprint: fingerprint, frame: frame, answered: now)
        if let index = entries.firstIndex(where: { $0.id == id }) {
            // An id used before becomes the newest: seldom, so that the ring may be put in order for it.
            entries = Array(entries[oldest...] + entries[..<oldest])
            entries.remove(at: (index + entries.count - oldest) % entries.count)
            oldest = 0
        }
        if entries.count < capacity {
            entries.append(entry)
        } else {
            entries[oldest] = entry
            oldest = oldest + 1 == capacity ? 0 : oldest + 1
        }
    }
}
