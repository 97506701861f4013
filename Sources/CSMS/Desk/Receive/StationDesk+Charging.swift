internal import OCPP
internal import OCPPMessages

/// Limits, schedules and needs.
extension StationDesk {
    mutating func receiveCharging(_ id: String, _ request: V2.Request, _ turn: inout DeskTurn) -> Bool {
        switch request {
        case .notifyChargingLimit(let request):
            let source = request.chargingLimit.chargingLimitSource
            let json = request.json(version: wireVersion)
            turn.put(.chargingLimit, "\(request.evseId ?? 0)/\(source)", json)
            turn.note(.chargingLimit, source, json)
            turn.answer(id, .notifyChargingLimit(.init()))
        case .clearedChargingLimit(let request):
            turn.keep(
                .forget(
                    .chargingLimit, pattern: "\(request.evseId.map { "\($0)" } ?? "*")/\(request.chargingLimitSource)"))
            turn.note(.chargingLimit, "Cleared", request.json(version: wireVersion))
            turn.answer(id, .clearedChargingLimit(.init()))
        case .notifyEVChargingNeeds(let request): chargingNeeds(id, request, &turn)
        case .notifyEVChargingSchedule(let request):
            let isKnown = request.evseId >= 1
            if isKnown {
                turn.put(.vehicleSchedule, "\(request.evseId)", request.json(version: wireVersion))
            }
            turn.answer(id, .notifyEVChargingSchedule(.init(status: isKnown ? .accepted : .rejected)))
        case .notifyPriorityCharging(let request):
            turn.note(
                .priorityCharging, request.activated ? "Activated" : "Deactivated", request.json(version: wireVersion))
            turn.answer(id, .notifyPriorityCharging(.init()))
        case .pullDynamicScheduleUpdate(let request):
            let known = memory.dynamicSchedules.first { $0.profileID == request.chargingProfileId }
            let update = known.flatMap { try? V2.ChargingScheduleUpdate(json: $0.json, version: .v21) }
            turn.answer(
                id,
                .pullDynamicScheduleUpdate(
                    .init(status: update == nil ? .rejected : .accepted, scheduleUpdate: update)))
        default: return false
        }
        return true
    }

    /// K15 to K17: with a policy the vehicle gets a schedule, evenly until it leaves.
    private mutating func chargingNeeds(
        _ id: String, _ request: V2.NotifyEVChargingNeedsRequest, _ turn: inout DeskTurn
    ) {
        if request.evseId >= 1 { turn.put(.chargingNeeds, "\(request.evseId)", request.json(version: wireVersion)) }
        guard let policy = settings.chargingNeeds, let transaction = transaction(onEVSE: request.evseId) else {
            let status: V2.NotifyEVChargingNeedsStatusEnum = wireVersion == .v21 ? .noChargingProfile : .rejected
            return turn.answer(id, .notifyEVChargingNeeds(.init(status: status)))
        }
        let profile = policy.profile(
            for: request.chargingNeeds, id: outbox.nextNumber(turn.now), transactionID: transaction.description,
            now: turn.now)
        turn.answer(id, .notifyEVChargingNeeds(.init(status: .accepted)))
        outbox.enqueue(
            .v2(.setChargingProfile(.init(evseId: request.evseId, chargingProfile: profile))), for: .followUp)
    }

    private func transaction(onEVSE evse: Int) -> IdentifierText? {
        everyday.book.open.last { Int($0.evse) == evse && !$0.hasEnded }?.transactionID
    }
}

extension ChargingNeedsPolicy {
    /// A TxProfile that brings the energy asked for until departure, evenly; without a time or an amount at full power.
    func profile(
        for needs: V2.ChargingNeeds, id: Int, transactionID: String, now: Timestamp
    ) -> V2.ChargingProfile {
        var vehicleMaxW = powerMaxW
        var energyWh: Double?
        if let ac = needs.acChargingParameters {
            let phases: Double =
                switch needs.requestedEnergyTransfer {
                case .acSinglePhase: 1
                case .acTwoPhase: 2
                default: 3
                }
            vehicleMaxW = ac.evMaxCurrent * ac.evMaxVoltage * phases
            energyWh = ac.energyAmount
        } else if let dc = needs.dcChargingParameters {
            vehicleMaxW = dc.evMaxPower ?? dc.evMaxCurrent * dc.evMaxVoltage
            energyWh = dc.energyAmount
        } else if let v2x = needs.v2xChargingParameters {
            vehicleMaxW = v2x.maxChargePower ?? powerMaxW
            energyWh = v2x.evTargetEnergyRequest
        }
        let stay = needs.departureTime.map { ($0.microseconds - now.microseconds) / 1_000_000 } ?? stayS
        let duration = min(max(stay, 60), 7 * 86_400)
        let ceiling = vehicleMaxW.isFinite && vehicleMaxW > 0 ? min(powerMaxW, vehicleMaxW) : powerMaxW
        var powerW = ceiling
        if let energyWh, energyWh.isFinite, energyWh > 0 {
            powerW = min(ceiling, max(powerMinW, energyWh * 3600 / Double(duration)))
        }
        let schedule = V2.ChargingSchedule(
            id: 1, chargingRateUnit: .w,
            chargingSchedulePeriod: [V2.ChargingSchedulePeriod(startPeriod: 0, limit: (powerW * 10).rounded() / 10)],
            startSchedule: now.wholeMilliseconds, duration: Int(duration))
        return V2.ChargingProfile(
            id: id, stackLevel: stackLevel, chargingProfilePurpose: .txProfile, chargingProfileKind: .absolute,
            chargingSchedule: [schedule], transactionId: transactionID)
    }
}
