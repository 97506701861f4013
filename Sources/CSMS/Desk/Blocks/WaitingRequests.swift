internal import OCPP
internal import OCPPMessages

/// Requests of the charging station that wait for the result of a ``Job`` or for transaction ids.
struct WaitingRequests: Sendable, Codable {
    struct Waiting: Sendable, Codable {
        var id: String
        var request: AnyRequest
        var job: Job?
        /// 0 for transaction ids.
        var jobID: UInt64
        var until: Timestamp

        /// The id that the store was asked for; empty for anything else.
        var query: IdentifierText {
            guard case .findTransaction(.id(let id)) = job else { return IdentifierText() }
            return id
        }
    }

    /// Requests that wait at once; a charging station that keeps to one CALL at a time never has more than one.
    static let waitingMax = 8

    private(set) var entries: ContiguousArray<Waiting> = []
    private var lastJob: UInt64 = 0

    var isFull: Bool { entries.count >= Self.waitingMax }
    var nextDeadline: Timestamp { entries.map(\.until).min() ?? .distantFuture }

    mutating func nextJobID() -> UInt64 {
        lastJob += 1
        return lastJob
    }

    mutating func add(_ entry: Waiting) { entries.append(entry) }

    /// The request that waits for the job; `nil` when it has been answered without.
    mutating func take(job: UInt64) -> Waiting? {
        guard let index = entries.firstIndex(where: { $0.jobID == job && $0.job != nil }) else { return nil }
        return entries.remove(at: index)
    }

    /// Those for which `isDue` holds.
    mutating func take(where isDue: (Waiting) -> Bool) -> [Waiting] {
        let due = entries.filter(isDue)
        if !due.isEmpty { entries.removeAll(where: isDue) }
        return Array(due)
    }

    mutating func drop() { entries.removeAll() }
}

extension StationDesk {
    /// Puts a request aside until its job is done.
    mutating func wait(
        _ id: String, _ request: AnyRequest, for job: Job, _ turn: inout DeskTurn
    ) {
        guard !waiting.isFull else { return turn.refuse(id, .internalError, "too many requests at once") }
        let jobID = waiting.nextJobID()
        waiting.add(
            .init(
                id: id, request: request, job: job, jobID: jobID,
                until: turn.now.adding(seconds: settings.jobTimeoutS)))
        turn.outputs.append(.job(id: jobID, job))
    }

    /// Puts a StartTransaction aside until there are transaction ids.
    mutating func waitForIDs(
        _ id: String, _ request: V16.StartTransactionRequest, _ turn: inout DeskTurn
    ) {
        guard !waiting.isFull else { return turn.refuse(id, .internalError, "too many requests at once") }
        waiting.add(
            .init(
                id: id, request: .v16(.startTransaction(request)), job: nil, jobID: 0,
                until: turn.now.adding(seconds: settings.jobTimeoutS)))
    }

    mutating func grant(_ ids: Range<Int32>, _ turn: inout DeskTurn) {
        ledger.grant(ids)
        for entry in waiting.take(where: { $0.job == nil }) {
            guard case .v16(.startTransaction(let request)) = entry.request else { continue }
            startTransaction(entry.id, request, lookUp: .found(nil, IdentifierText()), &turn)
        }
    }

    mutating func jobDone(_ jobID: UInt64, _ result: JobResult, _ turn: inout DeskTurn) {
        if signing.holds(job: jobID) { return signed(jobID, result, &turn) }
        guard let entry = waiting.take(job: jobID) else { return }
        resume(entry, result, &turn)
    }

    /// Whoever waits too long is answered without the result.
    mutating func expireWaiting(_ turn: inout DeskTurn) {
        let now = turn.now
        for entry in waiting.take(where: { $0.until <= now }) { resume(entry, .failed("not done in time"), &turn) }
    }

    private mutating func resume(_ entry: WaitingRequests.Waiting, _ result: JobResult, _ turn: inout DeskTurn) {
        let id = entry.id
        switch (entry.request, result) {
        case (.v2(.transactionEvent(let request)), .transaction(let stored)):
            transactionEvent(id, request, lookUp: .found(stored, entry.query), &turn)
        case (.v16(let request), .transaction(let stored)):
            resume(id, request, .found(stored, entry.query), &turn)
        case (.v2(.authorize(let request)), .contract(let status)):
            authorize(id, request, certificate: status, &turn)
        case (.v2(.authorize(let request)), _):
            authorize(id, request, certificate: .noCertificateAvailable, &turn)
        case (.v2(.getCertificateStatus), .ocsp(let response))
        where (1...(wireVersion == .v21 ? 18_000 : 5500)).contains(response.utf8.count):
            turn.answer(id, .getCertificateStatus(.init(status: .accepted, ocspResult: response)))
        case (.v2(.getCertificateStatus), _):
            turn.answer(id, .getCertificateStatus(.init(status: .failed, statusInfo: Self.info(result))))
        case (.v2(.getCertificateChainStatus), .chain(let status)) where (1...4).contains(status.count):
            turn.answer(id, .getCertificateChainStatus(.init(certificateStatus: status)))
        case (.v2(.getCertificateChainStatus(let request)), _):
            turn.answer(id, .getCertificateChainStatus(.init(certificateStatus: request.unknown(at: turn.now))))
        case (.v2(.get15118EVCertificate), .vehicleCertificate(let response)):
            turn.answer(id, .get15118EVCertificate(response))
        case (.v2(.get15118EVCertificate), _):
            turn.answer(
                id,
                .get15118EVCertificate(.init(status: .failed, exiResponse: "", statusInfo: Self.info(result))))
        case (.v2(.vatNumberValidation(let request)), .company(let company)):
            turn.answer(
                id,
                .vatNumberValidation(
                    .init(
                        vatNumber: request.vatNumber, status: company == nil ? .rejected : .accepted, company: company,
                        evseId: request.evseId)))
        case (.v2(.vatNumberValidation(let request)), _):
            turn.answer(
                id,
                .vatNumberValidation(
                    .init(
                        vatNumber: request.vatNumber, status: .rejected, statusInfo: Self.info(result),
                        evseId: request.evseId)))
        default: turn.refuse(id, .internalError, "cannot be answered now; to be sent again")
        }
    }

    private static func info(_ result: JobResult) -> V2.StatusInfo? {
        guard case .failed(let reason) = result else { return nil }
        return V2.StatusInfo(reasonCode: "InternalError", additionalInfo: String(reason.prefix(512)))
    }
}

extension V2.GetCertificateChainStatusRequest {
    /// Nothing is known about the certificates; to be asked again after an hour.
    fileprivate func unknown(at now: Timestamp) -> [V2.CertificateStatus] {
        certificateStatusRequests.map {
            V2.CertificateStatus(
                certificateHashData: $0.certificateHashData, source: $0.source, status: .failed,
                nextUpdate: now.adding(seconds: 3600).wholeMilliseconds)
        }
    }
}
