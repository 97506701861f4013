internal import CSMS
internal import Foundation
internal import OCPP
internal import OCPPMessages
internal import Sim

/// An order of the CSMS as it went.
struct OrderRecord: BitwiseCopyable, Sendable, Codable {
    var given: SimTime
    var ended: SimTime
    /// Index within the site.
    var station: UInt16
    /// From 1; 0 for the whole charging station.
    var evse: Int32
    /// Index in the world.
    var order: UInt16
    var outcome: OrderOutcome
}

/// What has come of an order.
enum OrderOutcome: UInt8, CaseIterable, Sendable, Codable {
    case accepted, rejected
    /// Answered with CALLERROR.
    case refused
    /// Nobody knows whether it was carried out.
    case timedOut
    case offline, busy
    /// Not sent, since the standard does not allow it then.
    case invalid
    case underWay

    var name: String {
        switch self {
        case .timedOut: "timed_out"
        case .underWay: "under_way"
        default: "\(self)"
        }
    }

    init(_ outcome: CommandOutcome, version: OCPPVersion) {
        switch outcome {
        case .answered(let response): self = response.isConsent(version) ? .accepted : .rejected
        case .refused: self = .refused
        case .timedOut: self = .timedOut
        case .offline: self = .offline
        case .busy: self = .busy
        case .invalid: self = .invalid
        }
    }
}

extension AnyResponse {
    /// Words of an answer's status by which a charging station says no.
    private static let noes: Set = [
        "Rejected", "NotSupported", "NotImplemented", "Failed", "VersionMismatch", "Faulted", "Occupied", "Unavailable",
        "Unknown", "UnknownVendorId", "UnknownMessageId", "UnlockFailed", "UnknownConnector", "NotFound", "NoProfile",
        "InvalidCertificate", "RevokedCertificate", "OngoingAuthorizedTransaction", "NoTransaction",
    ]

    /// Whether a charging station's answer says yes; one without a status does.
    fileprivate func isConsent(_ version: OCPPVersion) -> Bool {
        var writer = JSONWriter(version: version)
        write(to: &writer)
        let object = try? JSONSerialization.jsonObject(with: Data(writer.bytes)) as? [String: Any]
        return (object?["status"] as? String).map { !Self.noes.contains($0) } ?? true
    }
}
