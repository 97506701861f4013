public import OCPP
internal import OCPPMessages

/// A line of the security log.
public struct SecurityLogEntry: Equatable, Sendable, Codable {
    public var timestamp: Timestamp
    public var kind: SecurityEventKind
    /// At most 255 characters.
    public var techInfo: String?
}

/// The security log, and what of it the CSMS is told at once.
///
/// All events are logged, in a ring; critical ones are pushed too, and kept until they are answered.
/// - Source: OCPP 2.0.1 part 2, use case A04; edition 3, appendix 1; security white paper for OCPP 1.6, edition 3.
struct SecurityEvents: ControllerBlock {
    /// Lines kept; older ones are lost.
    static let entriesMax = 500
    /// Characters that `techInfo` holds.
    static let techInfoMax = 255

    private var ring: [SecurityLogEntry] = []
    /// Index of the oldest line once the ring is full.
    private var oldest = 0

    init() {}

    var count: Int { ring.count }

    /// Lines of a time span, both ends included, oldest first.
    func log(from first: Timestamp? = nil, to last: Timestamp? = nil) -> [SecurityLogEntry] {
        (ring[oldest...] + ring[..<oldest]).filter {
            $0.timestamp >= first ?? .distantPast && $0.timestamp <= last ?? .distantFuture
        }
    }

    mutating func notice(_ event: StationEvent, context: inout ControllerContext) {
        switch event {
        case .security(let kind, let techInfo): note(kind, techInfo: techInfo, context: &context)
        case .booted(let reason): note(.startupOfTheDevice, techInfo: reason.rawValue, context: &context)
        default: break
        }
    }

    private mutating func note(_ kind: SecurityEventKind, techInfo: String?, context: inout ControllerContext) {
        let entry = SecurityLogEntry(
            timestamp: context.now.wholeMilliseconds, kind: kind,
            techInfo: techInfo.map { String($0.unicodeScalars.prefix(Self.techInfoMax)) })
        if ring.count < Self.entriesMax {
            ring.append(entry)
        } else {
            ring[oldest] = entry
            oldest = (oldest + 1) % ring.count
        }
        guard kind.isCritical else { return }
        context.sends.append(Self.notification(of: entry))
    }

    /// What the CSMS is told of a line: kept until it is answered.
    private static func notification(of entry: SecurityLogEntry) -> OutboxEntry {
        OutboxEntry(
            request: .securityEventNotification(
                V2.SecurityEventNotificationRequest(
                    type: entry.kind.rawValue, timestamp: entry.timestamp, techInfo: entry.techInfo)),
            isPersistent: true, isTriggered: false)
    }

    /// What the CSMS is told of a start of the charging station.
    static func startup(_ reason: Core.BootReason, now: Timestamp) -> OutboxEntry {
        notification(
            of: SecurityLogEntry(
                timestamp: now.wholeMilliseconds, kind: .startupOfTheDevice, techInfo: reason.rawValue))
    }
}
