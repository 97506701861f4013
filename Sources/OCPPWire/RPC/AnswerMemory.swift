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
    private var entries: [Entry] = []
    private var lastID = ""
    private var lastFingerprint: UInt64 = 0
    /// Whether the peer's ids say nothing.
    private var isBlind = false

    init(limits: RPCLimits) {
        capacity = max(0, limits.rememberedAnswersMax)
        frameBytesMax = limits.rememberedAnswerBytesMax
        lifetime = limits.rememberedMicroseconds
    }

    /// FNV-1a over action and payload.
    static func fingerprint(of call: RPCEndpoint.ReceivedCall) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in call.action.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        for byte in call.frame[call.payload] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return hash
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
        entries.removeAll { $0.id == id }
        if entries.count == capacity { entries.removeFirst() }
        entries.append(Entry(id: id, fingerprint: fingerprint, frame: frame, answered: now))
    }
}
