internal import OCPP

extension StationFirmware {
    mutating func presented(
        _ idToken: Core.IdToken, at evse: Int, listed: Core.IdTokenInfo? = nil, now: Timestamp,
        outputs: inout OutputBuffer
    ) {
        guard isPowered else { return }
        if evses[evse].isAuthorized, evses[evse].idToken.matches(idToken) {  // who started may stop (E07)
            evses[evse].presented = idToken
            stopOnRequest(evse, outputs: &outputs)
            return
        }
        let mayStart =
            queue.hasRoom(runningTransactions: runningTransactions)
            && (registration == .accepted || settings.txBeforeAcceptedEnabled) && evses[evse].isInService
        guard evses[evse].isAuthorized || mayStart else {
            outputs.append(.authorization(evse: evse, accepted: false, offline: true))
            return
        }
        evses[evse].presented = idToken
        if listed != nil { enableControl() }
        if !controls.isEmpty {
            controls[evse].listed = listed
            controls[evse].isRemote = false
        }
        judge(evse, now: now, outputs: &outputs)
    }

    /// Decides about the token presented, or asks. The local list comes before the cache.
    mutating func judge(_ evse: Int, now: Timestamp, outputs: inout OutputBuffer) {
        let idToken = evses[evse].presented
        let listed = controls.isEmpty ? nil : controls[evse].listed
        if idToken.type == .noAuthorization {
            withdrawQuestion(at: evse)
            decide(evse, Core.IdTokenInfo(status: .accepted), offline: false, now: now, outputs: &outputs)
        } else if settings.localPreAuthorize, let info = listed ?? cache.info(for: idToken, now: now),
            info.status == .accepted
        {
            withdrawQuestion(at: evse)
            decide(evse, info, offline: false, now: now, outputs: &outputs)
        } else if isConnected, registration == .accepted, !settings.disableRemoteAuthorization {
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
        let isListed = !controls.isEmpty && controls[evse].listed != nil
        if remember, settings.cachesListedTokens || !isListed {
            cache.store(info, for: evses[evse].presented, now: now)
        }
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

    /// The CSMS cannot be asked: the local list decides, else the cache, or the rule for unknown tokens (C13, C15).
    private mutating func decideAlone(_ evse: Int, now: Timestamp, outputs: inout OutputBuffer) {
        withdrawQuestion(at: evse)
        let listed = controls.isEmpty ? nil : controls[evse].listed
        let known =
            settings.localAuthorizeOffline
            ? listed ?? cache.info(for: evses[evse].presented, now: now)
            : listed.flatMap { $0.status == .accepted ? nil : $0 }  // known for bad is not unknown
        let info =
            known ?? Core.IdTokenInfo(status: settings.offlineTxForUnknownIdEnabled ? .accepted : .unknown)
        decide(evse, info, offline: true, now: now, outputs: &outputs)
    }

    mutating func decideOpenQuestions(now: Timestamp, outputs: inout OutputBuffer) {
        for evse in evses.indices where evses[evse].question != .none {
            decideAlone(evse, now: now, outputs: &outputs)
        }
    }

    mutating func decide(
        _ evse: Int, _ info: Core.IdTokenInfo, offline: Bool, now: Timestamp, outputs: inout OutputBuffer
    ) {
        let group = info.groupIdToken?.idToken.lowercased ?? IdentifierText()
        if info.status == .accepted, !group.isEmpty, group == settings.masterPassGroup {
            stopAll(reason: .masterPass, now: now, outputs: &outputs)
            outputs.append(.authorization(evse: evse, accepted: false, offline: offline))
            return
        }
        if evses[evse].isAuthorized {  // somebody else charges here: the group may stop (C09)
            if info.status == .accepted, !group.isEmpty, group == evses[evse].group {
                stopOnRequest(evse, outputs: &outputs)
            } else {
                outputs.append(.authorization(evse: evse, accepted: false, offline: offline))
            }
            return
        }
        guard info.status == .accepted, isAdmitted(at: evse, group: group) else {
            if !controls.isEmpty { controls[evse].remoteStartID = nil }
            outputs.append(.authorization(evse: evse, accepted: false, offline: offline))
            return
        }
        evses[evse].isAuthorized = true
        evses[evse].idToken = evses[evse].presented
        evses[evse].group = group
        outputs.append(.authorization(evse: evse, accepted: true, offline: offline))
        if evses[evse].isReserved { noteStatus(of: evse) }
        if !evses[evse].isPlugged {
            evses[evse].connectBy = now.adding(seconds: settings.evConnectionTimeOutS)
            evseAt = min(evseAt, evses[evse].connectBy)
        }
        let trigger: Core.TriggerReason = !controls.isEmpty && controls[evse].isRemote ? .remoteStart : .authorized
        if evses[evse].hasTransaction {
            record(.updated, at: evse, trigger: trigger, reading: nil, now: now)
        } else {
            startIfDue(evse, trigger: trigger, now: now, outputs: &outputs)
        }
    }

    /// Stops what runs; where nothing runs yet, the authorization is taken back.
    mutating func stopOnRequest(
        _ evse: Int, reason: Core.StoppedReason = .local, outputs: inout OutputBuffer
    ) {
        if evses[evse].hasTransaction {
            if reason == .local { evses[evse].isStoppedByToken = true }
            outputs.append(.stopCharging(evse: evse, reason: reason))
        } else {
            forgetAuthorization(at: evse)
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
            forgetAuthorization(at: evse)
        }
    }
}
