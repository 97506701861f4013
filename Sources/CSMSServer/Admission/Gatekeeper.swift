internal import CSMS
internal import Dispatch
internal import Logging
internal import NIOCore
internal import OCPP
internal import PKI
internal import Sockets

/// Decides who is let in: identity, security profile, password or certificate, version. Under a storm this is the path
/// that counts: whoever is turned away costs no more than a look-up and one fast hash.
final class Gatekeeper: WebSocketServerDelegate {
    private let hub: Hub
    /// Slow hashes are computed here, off the event loops, one at a time.
    private let hashing = DispatchQueue(label: "passwords", qos: .utility)

    init(hub: Hub) { self.hub = hub }

    func decide(on request: UpgradeRequest) -> UpgradeDecision {
        let context = hub.context(of: request.connection.eventLoop)
        let now = WallClock.now
        guard context.arrivals.take(now: now) else {
            return reject(.busy, status: 503, [HTTPField("Retry-After", "\(context.arrivals.retryAfterS)")], context)
        }
        guard hub.writer.problem == nil else {
            return reject(.databaseDown, status: 503, [HTTPField("Retry-After", "30")], context)
        }
        let identity: StationIdentity
        do throws(StationIdentity.Flaw) {
            identity = try StationIdentity(target: request.target, endpoint: hub.settings.endpoint)
        } catch {
            hub.logger.info(
                "turned away: no identity",
                metadata: [
                    "target": "\(LogText.escaped(String(decoding: request.target, as: UTF8.self)))", "flaw": "\(error)",
                ])
            return reject(.badIdentity, status: 404, [], context)
        }
        guard let entry = hub.registry.entry(identity) else {
            return welcome(identity, request, context, now)
        }
        return check(entry, request, context, now)
    }

    func handshakeFailed(_ failure: HandshakeFailure, from address: SocketAddress?) {
        let kind: LoopFigures.Refusal
        if case .tls = failure { kind = .tls } else { kind = .handshake }
        hub.outsideRefusals.count(kind)
        hub.logger.debug(
            "handshake failed", metadata: ["failure": "\(failure)", "address": "\(address?.description ?? "unknown")"])
    }

    // MARK: unknown charging stations

    /// A charging station that nobody has announced.
    private func welcome(
        _ identity: StationIdentity, _ request: UpgradeRequest, _ context: LoopContext, _ now: Timestamp
    ) -> UpgradeDecision {
        let settings = hub.settings
        guard settings.unknownPolicy != .reject, hub.registry.count < settings.stationsMax else {
            return reject(.unknownIdentity, status: 404, [], context, identity)
        }
        if let conflict = hub.registry.conflict(with: identity) {
            hub.logger.notice(
                "connection rejected: station identity belongs to another station",
                metadata: ["station": "\(LogText.escaped(identity.text))", "conflict": "\(conflict.words)"])
            return reject(.unknownIdentity, status: 404, [], context, identity)
        }
        var presented: [UInt8]?
        switch requirement(nil, request) {
        case .none: break
        case .basic, .tlsBasic:
            // The first password counts until an operator sets one: who lets unknown stations in has chosen so.
            guard case .basic(let user, let password) = request.authorization, user == Array(identity.text.utf8),
                !password.isEmpty, password.count <= ServerSettings.passwordMax
            else { return unauthorized(context, identity) }
            presented = password
        case .tlsCertificate:
            guard let name = certifiedName(request), name == identity.text else {
                return unauthorized(context, identity)
            }
        }
        let registration: Core.RegistrationStatus = settings.unknownPolicy == .accept ? .accepted : .pending
        Task { [hub, presented] in
            do {
                let hash = try await self.hash(presented)
                let entry = try await hub.registry.provision(
                    identity, registration: registration, password: hash, isRegistered: false, writer: hub.writer)
                hub.logger.notice(
                    "a new charging station", metadata: ["station": "\(LogText.escaped(identity.text))"])
                context.eventLoop.execute { self.settle(request, self.check(entry, request, context, WallClock.now)) }
            } catch {
                context.eventLoop.execute { self.settle(request, self.unavailable(error, context)) }
            }
        }
        return .deferred
    }

    private func hash(_ password: [UInt8]?) async throws -> PasswordHash? {
        guard let password else { return nil }
        return try await withCheckedThrowingContinuation { continuation in
            hashing.async { continuation.resume(with: Result { try PasswordHash(password: password) }) }
        }
    }

    // MARK: known charging stations

    /// What this charging station has to show.
    private func requirement(_ own: SecurityProfile?, _ request: UpgradeRequest) -> SecurityProfile {
        max(hub.settings.profile, own ?? .none)
    }

    /// The common name of a client certificate that the operator's authority has made; `nil` without a certificate, and
    /// for one of another organization where that matters.
    /// - Source: OCPP 2.0.1 part 2, A00.FR.404 and A00.FR.405; OCPP 1.6 security whitepaper, the same numbers.
    private func certifiedName(_ request: UpgradeRequest) -> String? {
        guard let certificate = request.certificate, let name = certificate.commonName, !name.isEmpty else {
            return nil
        }
        let organizations = hub.settings.organizations
        guard organizations.isEmpty || certificate.organization.map(organizations.contains) == true else {
            hub.logger.notice(
                "connection rejected: certificate of another organization",
                metadata: ["organization": "\(LogText.escaped(certificate.organization ?? "none"))"])
            return nil
        }
        return name
    }

    private func check(
        _ entry: StationEntry, _ request: UpgradeRequest, _ context: LoopContext, _ now: Timestamp
    ) -> UpgradeDecision {
        let (own, serial) = entry.with { ($0.profile, $0.registeredSerial) }
        let requirement = requirement(own, request)
        if requirement >= .tlsBasic, !request.isSecure {
            return reject(.profileTooLow, status: 403, [], context, entry.identity)
        }
        switch requirement {
        case .none: return admit(entry, request, context, certifiedSerial: nil)
        case .tlsCertificate:
            // Only what the operator has registered is a name: a certificate proves an identity, nothing else does.
            guard let name = certifiedName(request) else { return unauthorized(context, entry.identity) }
            if name == entry.identity.text { return admit(entry, request, context, certifiedSerial: nil) }
            guard name == serial else { return unauthorized(context, entry.identity) }
            return admit(entry, request, context, certifiedSerial: name)
        case .basic, .tlsBasic:
            guard case .basic(let user, let password) = request.authorization,
                user == Array(entry.identity.text.utf8), password.count <= ServerSettings.passwordMax
            else { return unauthorized(context, entry.identity) }
            return checkPassword(password, entry, request, context, now)
        }
    }

    private func checkPassword(
        _ password: [UInt8], _ entry: StationEntry, _ request: UpgradeRequest, _ context: LoopContext, _ now: Timestamp
    ) -> UpgradeDecision {
        let fast = PasswordMemory.fast(password)
        let source = PeerNetwork(request.remoteAddress)
        let (verdict, current, previous) = entry.with { content in
            (content.memory.judge(fast, from: source, now: now), content.password, content.previousPassword)
        }
        switch verdict {
        case .right: return admit(entry, request, context, certifiedSerial: nil)
        case .wrong: return unauthorized(context, entry.identity)
        case .tooMany:
            return reject(.badCredentials, status: 429, [HTTPField("Retry-After", "10")], context, entry.identity)
        case .unknown: break
        }
        guard current != nil || previous != nil else { return unauthorized(context, entry.identity) }
        hashing.async { [self] in
            let candidates = StationPassword.candidates(password)
            let isCurrent = candidates.contains { StationPassword.matches(current, $0) }
            let isRight = isCurrent || candidates.contains { StationPassword.matches(previous, $0) }
            context.eventLoop.execute { [self] in
                entry.with { $0.memory.note(fast, isRight: isRight, from: source) }
                if isCurrent, previous != nil { hub.forgetPreviousPassword(of: entry) }
                settle(
                    request,
                    isRight
                        ? admit(entry, request, context, certifiedSerial: nil) : unauthorized(context, entry.identity))
            }
        }
        return .deferred
    }

    // MARK: letting in

    /// The version, the desk, the end of an older connection; then the door opens.
    private func admit(
        _ entry: StationEntry, _ request: UpgradeRequest, _ context: LoopContext, certifiedSerial: String?
    ) -> UpgradeDecision {
        guard let (version, subprotocol) = agree(request.subprotocols) else {
            context.count { $0.count(LoopFigures.Refusal.noSubprotocol) }
            hub.logger.info(
                "turned away: no common subprotocol",
                metadata: ["station": "\(LogText.escaped(entry.identity.text))"])
            return .acceptThenClose(code: .protocolError)
        }
        let (slot, old) = entry.with { ($0.slot, $0.connection) }
        if let slot, !slot.isStale, old == nil {
            return claim(entry, slot, request, context, version, subprotocol, certifiedSerial)
        }
        Task { [hub] in
            do {
                let slot = try await hub.registry.slot(of: entry, settings: hub.settings.deskSettings, context: context)
                if let old {
                    try await old.context.eventLoop.submit { old.retire(replaced: true) }.get()
                }
                context.eventLoop.execute { [self] in
                    // Somebody else may have come in meanwhile; then once more from here.
                    let isFree = entry.with { $0.connection == nil && $0.slot === slot }
                    settle(
                        request,
                        isFree && !slot.isStale
                            ? claim(entry, slot, request, context, version, subprotocol, certifiedSerial)
                            : admit(entry, request, context, certifiedSerial: certifiedSerial))
                }
            } catch {
                context.eventLoop.execute { [self] in settle(request, unavailable(error, context)) }
            }
        }
        return .deferred
    }

    private func claim(
        _ entry: StationEntry, _ slot: StationSlot, _ request: UpgradeRequest, _ context: LoopContext,
        _ version: OCPPVersion, _ subprotocol: String?, _ certifiedSerial: String?
    ) -> UpgradeDecision {
        let connection = StationConnection(
            socket: request.connection, context: context, entry: entry, slot: slot, version: version,
            certifiedSerial: certifiedSerial)
        let isMine = entry.with { content in
            guard content.connection == nil else { return false }
            content.connection = connection
            return true
        }
        guard isMine else { return admit(entry, request, context, certifiedSerial: certifiedSerial) }
        slot.with { content in
            content.connection = connection
            content.context = context
            content.wakesAt = .distantFuture
        }
        return .accept(subprotocol: subprotocol, events: connection)
    }

    /// The first subprotocol of the charging station's list that is spoken here.
    private func agree(_ offered: [String]) -> (OCPPVersion, subprotocol: String?)? {
        for text in offered {
            if let version = OCPPVersion(rawValue: text), hub.settings.versions.contains(version) {
                return (version, text)
            }
        }
        guard offered.isEmpty, let version = hub.settings.defaultVersion else { return nil }
        return (version, nil)
    }

    // MARK: turning away

    private func settle(_ request: UpgradeRequest, _ decision: UpgradeDecision) {
        if case .deferred = decision { return }
        request.connection.resolve(decision)
    }

    private func unauthorized(_ context: LoopContext, _ identity: StationIdentity) -> UpgradeDecision {
        reject(.badCredentials, status: 401, [HTTPField("WWW-Authenticate", "Basic realm=\"ocpp\"")], context, identity)
    }

    private func unavailable(_ error: any Error, _ context: LoopContext) -> UpgradeDecision {
        hub.logger.error("a connection could not be prepared", metadata: ["error": "\(error)"])
        return reject(.databaseDown, status: 503, [HTTPField("Retry-After", "30")], context)
    }

    private func reject(
        _ reason: LoopFigures.Refusal, status: Int, _ headers: [HTTPField], _ context: LoopContext,
        _ identity: StationIdentity? = nil
    ) -> UpgradeDecision {
        context.count { $0.count(reason) }
        if let identity {
            hub.logger.info(
                "turned away",
                metadata: [
                    "station": "\(LogText.escaped(identity.text))", "reason": "\(reason)", "status": "\(status)",
                ])
        }
        return .reject(status: status, headers: headers)
    }
}
