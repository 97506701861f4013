import OCPP
import OCPPMessages

@testable import Models

/// Surroundings for one block of a station controller: a context that is registered and online, whose wishes a test
/// takes out.
struct BlockBench {
    static let start = Timestamp(microseconds: 1_736_150_400_000_000)  // 2025-01-06T08:00:00Z
    static let token = V2.IdToken(idToken: "A1B2", type: "ISO14443")

    var context: ControllerContext

    init(version: OCPPVersion = .v201, evses: Int = 2, connectors: Int = 1) {
        context = ControllerContext(version: version, deviceModel: DeviceModel())
        context.now = Self.start
        context.isOnline = true
        context.registration = .accepted
        context.evses = ContiguousArray(
            repeating: EVSEView(
                connectorCount: connectors, isPlugged: false, isAuthorized: false, isFaulted: false, isOperative: true,
                isReserved: false, transactionID: nil, idToken: nil, groupIdToken: nil, chargingState: .idle,
                transactionStart: nil, registerWh: 0, powerW: 0, stateOfCharge: nil, nominalVoltage: 230, phases: 3,
                currentMaxA: 32, powerMaxW: 22_080), count: evses)
    }

    mutating func wait(_ seconds: Int64) { context.now = context.now.adding(seconds: seconds) }

    /// A transaction runs at an EVSE.
    mutating func occupy(_ evse: Int, transactionID: String = "T1", idToken: V2.IdToken = token) {
        context.evses[evse].isPlugged = true
        context.evses[evse].isAuthorized = true
        context.evses[evse].transactionID = transactionID
        context.evses[evse].idToken = idToken
        context.evses[evse].chargingState = .charging
    }
    mutating func free(_ evse: Int) {
        context.evses[evse].isPlugged = false
        context.evses[evse].isAuthorized = false
        context.evses[evse].transactionID = nil
        context.evses[evse].idToken = nil
        context.evses[evse].chargingState = .idle
    }

    mutating func sends() -> [V2.Request] {
        defer { context.sends = [] }
        return context.sends.map(\.request)
    }
    mutating func directives() -> [Directive] {
        defer { context.directives = [] }
        return context.directives
    }
    mutating func events() -> [StationEvent] {
        defer { context.events = [] }
        return context.events
    }
    mutating func jobs() -> [NumberedJob] {
        defer { context.jobs = [] }
        return context.jobs
    }
    /// Answers given late since the last call.
    mutating func lateAnswers() -> [V2.Response] {
        defer {
            context.lateAnswers = []
            context.deferral = nil
        }
        return context.lateAnswers.map(\.response)
    }
    /// Security events among ``events()``.
    mutating func securityEvents() -> [SecurityEventKind] {
        events().compactMap { event in
            guard case .security(let kind, _) = event else { return nil }
            return kind
        }
    }

    static func facts(
        _ serial: String = "01", notBefore: Timestamp = start.adding(seconds: -86_400),
        notAfter: Timestamp = start.adding(seconds: 365 * 86_400)
    ) -> CertificateFacts {
        CertificateFacts(
            hash: V2.CertificateHashData(
                hashAlgorithm: .sha256, issuerNameHash: "aa", issuerKeyHash: "bb", serialNumber: serial),
            subject: "CN=\(serial)", notBefore: notBefore, notAfter: notAfter, isSelfSigned: true)
    }
}
