internal import OCPP
internal import OCPPMessages
internal import OCPPWire

/// Answers to BootNotification that the charging station cannot use.
extension StationEnd {
    static var boot: String { "BootNotification" }

    /// What cannot be read while BootNotification waits for its answer is taken for that answer, whether it names it or
    /// not.
    func noteBoot(
        _ problem: RPCEndpoint.Malformation, among done: [WireOutput<Wire.Frame>], outputs: inout [Output]
    ) {
        let isOther = done.contains { if case .failed(let id, .refused) = $0 { !isBoot(id) } else { false } }
        guard !isOther, outstanding.contains(where: { $0.action == Self.boot }) else { return }
        outputs.append(.unusableBootAnswer("unreadable frame: \(problem)"))
    }

    /// Whether the frame that ended a call is noted already, just before ``Output/answered(action:_:microseconds:)``.
    func wasUnreadable(_ outputs: [Output]) -> Bool {
        for output in outputs.reversed() {
            switch output {
            case .answered, .malformed: continue
            case .unusableBootAnswer: return true
            default: return false
            }
        }
        return false
    }

    func isBoot(_ id: String) -> Bool { outstanding.contains { $0.id == id && $0.action == Self.boot } }
}
