internal import OCPP

extension StationFirmware {
    mutating func presented(
        _ idToken: Core.IdToken, at evse: Int, now: Timestamp, outputs: inout OutputBuffer
    ) {
        guard isPowered else { return }
        if evses[evse].isAuthorized, evses[evse].idToken.matches(idToken) {  // who started may stop (E07)
            stopOnRequest(evse, outputs: &outputs)
            return
        }
        let mayStart =
            queue.hasRoom(runningTransactions: runningTransactions)
            && (registration == .accepted || settings.txBeforeAcceptedEnabled)
        guard evses[evse].isAuthorized || mayStart else {
            outputs.append(.authorization(evse: evse, accepted: false, offline: true))
            return
        }
        evses[evse].presented = idToken
        if idToken.type == .noAuthorization {
            decide(evse, Core.IdTokenInfo(status: .accepted), offline: false, now: now, outputs: &outputs)
        } else if settings.localPreAuthorize, let info = cache.info(for: idToken, now: now), info.status == .accepted {
            decide(evse, info, offline: false, now: now, outputs: &outputs)
        } else if isConnected, registration == .accepted {
            if evses[evse].question != .open { openQuestions += 1 }
            evses[evse].question = .open
        } else {
            decideAlone(evse, now: now, outputs: &outputs)
        }
    }

    /// The CSMS has judged the presented token.
    mutating func answered(
        _ evse: Int, with info: Core.IdTokenInfo, remember: Bool = true, now: Timestamp, outputs: inout OutputBuffer
    ) {
        guard evses[evse].question == .asked else { return }  // another token was presented meanwhile
        evses[evse].question = .none
        if remember { cache.store(info, for: evses[evse].presented, now: now) }
        decide(evse, info, offline: false, now: now, outputs: &outputs)
    }

    /// The CSMS was asked about the presented token and did not say.
    mutating func unanswered(_ evse: Int, now: Timestamp, outputs: inout OutputBuffer) {
        guard evses[evse].question == .asked else { return }
        decideAlone(evse, now: now, outputs: &outputs)
    }

    /// The driver has gone: whatever the CSMS will say is of no interest.
    mutating func withdrawQuestion(at evse: Int) {
        if evses[evse].question == .open { openQuestions -= 1 }
        evses[evse].question = .none
    }

    /// The CSMS cannot be asked: the cache decides, or the rule for unknown tokens (C13, C15).
    private mutating func decideAlone(_ evse: Int, now: Timestamp, outputs: inout OutputBuffer) {
        withdrawQuestion(at: evse)
        let known = settings.localAuthorizeOffline ? cache.info(for: evses[evse].presented, now: now) : nil
        let info =
            known ?? Core.IdTokenInfo(status: settings.offlineTxForUnknownIdEnabled ? .accepted : .unknown)
        decide(evse, info, offline: true, now: now, outputs: &outputs)
    }

    mutating func decideOpenQuestions(now: Timestamp, outputs: inout OutputBuffer) {
        for evse in evses.indices where evses[evse].question != .none {
            decideAlone(evse, now: now, outputs: &outputs)
        }
    }

    private mutating func decide(
        _ evse: Int, _ info: Core.IdTokenInfo, offline: Bool, now: Timestamp, outputs: inout OutputBuffer
    ) {
        let group = info.groupIdToken?.idToken.lowercased ?? IdentifierText()
        if evses[evse].isAuthorized {  // somebody else charges here: the group may stop (C09)
            if info.status == .accepted, !group.isEmpty, group == evses[evse].group {
                stopOnRequest(evse, outputs: &outputs)
            } else {
                outputs.append(.authorization(evse: evse, accepted: false, offline: offline))
            }
            return
        }
        guard info.status == .accepted else {
            outputs.append(.authorization(evse: evse, accepted: false, offline: offline))
            return
        }
        evses[evse].isAuthorized = true
        evses[evse].idToken = evses[evse].presented
        evses[evse].group = group
        outputs.append(.authorization(evse: evse, accepted: true, offline: offline))
        if !evses[evse].isPlugged {
            evses[evse].connectBy = now.adding(seconds: settings.evConnectionTimeOutS)
            evseAt = min(evseAt, evses[evse].connectBy)
        }
        if evses[evse].hasTransaction {
            record(.updated, at: evse, trigger: .authorized, reading: nil, now: now)
        } else {
            startIfDue(evse, trigger: .authorized, now: now, outputs: &outputs)
        }
    }

    /// Stops what runs; where nothing runs yet, the authorization is taken back.
    private mutating func stopOnRequest(_ evse: Int, outputs: inout OutputBuffer) {
        if evses[evse].hasTransaction {
            outputs.append(.stopCharging(evse: evse, reason: .local))
        } else {
            evses[evse].isAuthorized = false
            evses[evse].connectBy = .distantFuture
            outputs.append(.authorizationExpired(evse: evse))
        }
    }

    /// Authorized, but no vehicle came (E03).
    mutating func connectionTimedOut(_ evse: Int, now: Timestamp, outputs: inout OutputBuffer) {
        evses[evse].connectBy = .distantFuture
        guard evses[evse].isAuthorized, !evses[evse].isPlugged else { return }
        outputs.append(.authorizationExpired(evse: evse))
        if evses[evse].hasTransaction {
            end(evse, trigger: .evConnectTimeout, reason: .timeout, now: now, outputs: &outputs)
        } else {
            evses[evse].isAuthorized = false
        }
    }
}
