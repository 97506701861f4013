internal import OCPP
internal import OCPPMessages

/// What vehicles and their contracts need of the CSMS's certificate services, passed on both ways.
///
/// A vehicle's wish for a contract certificate goes up and the answer down, unread. The status of the charging station's
/// own certificates is asked for when told, and weekly from then on. OCPP 2.1 asks for the status of contract chains.
/// - Source: OCPP 2.0.1 part 2, use cases M01, M02 and M06; OCPP 2.1, M07.
struct ContractCertificates: ControllerBlock {
    /// Vehicles' wishes under way at a time.
    static let wishesMax = 16
    /// Certificates whose status is kept fresh.
    static let statusesMax = 8
    /// Time between two questions about the same certificate, seconds: a week (M06).
    static let refreshS: Int64 = 7 * 86_400
    /// Wait after a question that was not answered, seconds.
    static let retryS: Int64 = 3600

    private struct Wish: Sendable, Codable {
        var evse: Int
        var request: V2.Get15118EVCertificateRequest
    }
    private struct ChainWish: Sendable, Codable {
        var evse: Int
        var request: V2.GetCertificateChainStatusRequest
    }
    private struct Status: Sendable, Codable {
        var data: V2.OCSPRequestData
        var askAt: Timestamp
        /// Checks the answer.
        var job: Int?
    }

    private var wishes: [Wish] = []
    private var chainWishes: [ChainWish] = []
    private var statuses: [Status] = []

    init() {}

    // MARK: Vehicles

    mutating func notice(_ event: StationEvent, context: inout ControllerContext) {
        switch event {
        case .contractWanted(let evse, let schemaVersion, let action, let exi, let chainsMax):
            guard context.version.isV2, Self.isEnabled(context),
                context.deviceModel.bool("ISO15118Ctrlr", "ContractCertificateInstallationEnabled"),
                context.isOnline, wishes.count < Self.wishesMax
            else {
                _ = context.start(.deliverEXI(evse: evse, exi: nil))
                return
            }
            let request = V2.Get15118EVCertificateRequest(
                iso15118SchemaVersion: schemaVersion, action: action, exiRequest: exi,
                maximumContractCertificateChains: context.version == .v21 ? chainsMax : nil)
            wishes.append(Wish(evse: evse, request: request))
            context.send(.get15118EVCertificate(request))
        case .chainStatusWanted(let evse, let questions):
            guard context.version == .v21, Self.isEnabled(context), context.isOnline, (1...4).contains(questions.count),
                chainWishes.count < Self.wishesMax
            else {
                _ = context.start(.deliverChainStatus(evse: evse, []))
                return
            }
            let request = V2.GetCertificateChainStatusRequest(certificateStatusRequests: questions)
            chainWishes.append(ChainWish(evse: evse, request: request))
            context.send(.getCertificateChainStatus(request))
        case .ocspWanted(let certificates):
            statuses = certificates.prefix(Self.statusesMax).map { Status(data: $0, askAt: context.now, job: nil) }
            timerDue(context: &context)
        case .booted:
            wishes = []  // the vehicles have been told that the charging station is gone
            chainWishes = []
        default: break
        }
    }

    /// Whether vehicles may identify by contract.
    private static func isEnabled(_ context: ControllerContext) -> Bool {
        context.deviceModel.features.contains(.iso15118) && context.deviceModel.bool("ISO15118Ctrlr", "Enabled")
            && context.deviceModel.bool("ISO15118Ctrlr", "PnCEnabled")
    }

    // MARK: Own certificates

    var nextDeadline: Timestamp { statuses.map(\.askAt).min() ?? .distantFuture }

    mutating func timerDue(context: inout ControllerContext) {
        for index in statuses.indices where statuses[index].askAt <= context.now {
            statuses[index].askAt = context.now.adding(seconds: Self.retryS)
            guard context.version.isV2, context.isOnline else { continue }
            context.send(
                .getCertificateStatus(V2.GetCertificateStatusRequest(ocspRequestData: statuses[index].data)))
        }
    }

    // MARK: Answers

    mutating func answered(_ request: V2.Request, with outcome: CallOutcome, context: inout ControllerContext) {
        switch request {
        case .get15118EVCertificate(let request):
            guard let index = wishes.firstIndex(where: { $0.request == request }) else { return }
            let evse = wishes.remove(at: index).evse
            var exi: String?
            if case .response(.get15118EVCertificate(let response)) = outcome { exi = response.exiResponse }
            _ = context.start(.deliverEXI(evse: evse, exi: exi))
        case .getCertificateChainStatus(let request):
            guard let index = chainWishes.firstIndex(where: { $0.request == request }) else { return }
            let evse = chainWishes.remove(at: index).evse
            var statuses: [V2.CertificateStatus] = []
            if case .response(.getCertificateChainStatus(let response)) = outcome {
                statuses = response.certificateStatus
            }
            _ = context.start(.deliverChainStatus(evse: evse, statuses))
        case .getCertificateStatus(let request):
            guard let index = statuses.firstIndex(where: { $0.data == request.ocspRequestData }),
                case .response(.getCertificateStatus(let response)) = outcome, response.status == .accepted,
                let result = response.ocspResult
            else { return }  // asked again after ``retryS``
            statuses[index].askAt = context.now.adding(seconds: Self.refreshS)
            statuses[index].job = context.start(.deliverOCSP(request.ocspRequestData, result: result))
        default: break
        }
    }

    /// An answer that does not hold is asked for again.
    mutating func jobDone(_ job: Int, _ result: StationJobResult, context: inout ControllerContext) {
        guard let index = statuses.firstIndex(where: { $0.job == job }) else { return }
        statuses[index].job = nil
        if case .failed = result { statuses[index].askAt = context.now.adding(seconds: Self.retryS) }
    }
}
