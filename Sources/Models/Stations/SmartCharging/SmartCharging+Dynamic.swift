internal import OCPP
internal import OCPPMessages

/// What OCPP 2.1 adds: dynamic profiles, priority charging, bidirectional charging.
extension SmartCharging {
    // MARK: Dynamic profiles (K28)

    mutating func update(
        _ request: V2.UpdateDynamicScheduleRequest, context: inout ControllerContext
    ) -> V2.UpdateDynamicScheduleResponse {
        func rejected(_ problem: ProfileProblem) -> V2.UpdateDynamicScheduleResponse {
            V2.UpdateDynamicScheduleResponse(status: .rejected, statusInfo: problem.statusInfo)
        }
        guard let index = profiles.firstIndex(where: { $0.id == request.chargingProfileId }) else {
            return rejected(ProfileProblem(.notFound, "there is no profile \(request.chargingProfileId)"))
        }
        guard profiles[index].update(request.scheduleUpdate, now: context.now) else {
            return rejected(ProfileProblem(.invalidProfile, "the profile is not dynamic"))
        }
        refresh(context: &context)
        return V2.UpdateDynamicScheduleResponse(status: .accepted)
    }

    /// Asks for the next values of the dynamic profiles that are due; again an interval later, whatever comes of it.
    mutating func pullUpdates(context: inout ControllerContext) {
        for index in profiles.indices where profiles[index].nextPull <= context.now {
            profiles[index].nextPull = profiles[index].pull(after: context.now)
            guard context.version == .v21, context.isOnline, context.registration == .accepted else { continue }
            context.send(
                .pullDynamicScheduleUpdate(V2.PullDynamicScheduleUpdateRequest(chargingProfileId: profiles[index].id)))
        }
    }

    mutating func answered(_ request: V2.Request, with outcome: CallOutcome, context: inout ControllerContext) {
        switch (request, outcome) {
        case (.pullDynamicScheduleUpdate(let asked), .response(.pullDynamicScheduleUpdate(let answer))):
            guard answer.status == .accepted, let values = answer.scheduleUpdate,
                let index = profiles.firstIndex(where: { $0.id == asked.chargingProfileId }),
                profiles[index].update(values, now: context.now)
            else { return }
            refresh(context: &context)
        case (.notifyChargingLimit, .unanswered):
            // Told again with the next connection.
            external?.told = nil
        default: break
        }
    }

    // MARK: Priority charging (K21, K22)

    mutating func usePriority(
        _ request: V2.UsePriorityChargingRequest, context: inout ControllerContext
    ) -> V2.UsePriorityChargingResponse {
        guard let evse = context.evse(ofTransaction: request.transactionId) else {
            let problem = ProfileProblem(.txNotFound, "no such transaction runs")
            return V2.UsePriorityChargingResponse(status: .rejected, statusInfo: problem.statusInfo)
        }
        guard !request.activate || hasPriorityProfile(evse: evse) else {
            return V2.UsePriorityChargingResponse(status: .noProfile)
        }
        self[evse].isPriority = request.activate
        refresh(context: &context)
        return V2.UsePriorityChargingResponse(status: .accepted)
    }

    /// The driver has asked for it at the charging station or in the vehicle.
    mutating func driverWantsPriority(_ activated: Bool, evse: Int, context: inout ControllerContext) {
        guard context.version == .v21, context.evses.indices.contains(evse),
            let transaction = context.evses[evse].transactionID, self[evse].isPriority != activated,
            !activated || hasPriorityProfile(evse: evse)
        else { return }
        self[evse].isPriority = activated
        context.send(
            .notifyPriorityCharging(
                V2.NotifyPriorityChargingRequest(transactionId: transaction, activated: activated)))
    }

    /// Whether there is a profile by which EVSE index `evse` can be charged first.
    func hasPriorityProfile(evse: Int) -> Bool {
        profiles.contains { $0.purpose == .priorityCharging && ($0.evse == 0 || $0.evse == evse + 1) }
    }

    // MARK: Bidirectional charging (Q)

    /// Q02: which ways of transferring energy the vehicle of a transaction may choose.
    mutating func allow(
        _ request: V2.NotifyAllowedEnergyTransferRequest, context: inout ControllerContext
    ) -> V2.NotifyAllowedEnergyTransferResponse {
        guard let evse = context.evse(ofTransaction: request.transactionId) else {
            let problem = ProfileProblem(.txNotFound, "no such transaction runs")
            return V2.NotifyAllowedEnergyTransferResponse(status: .rejected, statusInfo: problem.statusInfo)
        }
        self[evse].allowedEnergyTransfer = request.allowedEnergyTransfer
        return V2.NotifyAllowedEnergyTransferResponse(status: .accepted)
    }

    /// Q08: the grid operator's signal. Taken while a transaction has a profile that can follow it; of two signals the
    /// later one counts, whichever comes first.
    mutating func follow(
        _ request: V2.AFRRSignalRequest, context: inout ControllerContext
    ) -> V2.AFRRSignalResponse {
        let running = Set(context.evses.compactMap(\.transactionID))
        let canFollow = profiles.contains { stored in
            stored.plan.periods.contains { $0.response != nil }
                && (stored.profile.transactionId.map { running.contains($0) } ?? !running.isEmpty)
        }
        guard canFollow else {
            let problem = ProfileProblem(.notFound, "no profile in use follows a signal")
            return V2.AFRRSignalResponse(status: .rejected, statusInfo: problem.statusInfo)
        }
        if let last = signal, last.time > request.timestamp { return V2.AFRRSignalResponse(status: .accepted) }
        signal = Signal(value: request.signal, time: request.timestamp)
        refresh(context: &context)
        return V2.AFRRSignalResponse(status: .accepted)
    }
}
