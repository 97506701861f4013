import OCPP
import OCPPMessages
import Testing

@testable import Models

/// A charging station with its smart charging block, as tests play it.
struct SmartChargingScript {
    var context: ControllerContext
    var block = SmartCharging()

    /// Two three-phase EVSEs of 32 A, online and registered, at 1,000,000 s.
    init(_ version: OCPPVersion, phases: Int = 3) {
        context = ControllerContext(version: version, deviceModel: DeviceModel())
        context.now = Self.at(0)
        context.isOnline = true
        context.registration = .accepted
        for _ in 0..<2 {
            context.evses.append(
                EVSEView(
                    connectorCount: 1, isPlugged: false, isAuthorized: false, isFaulted: false, isOperative: true,
                    isReserved: false, transactionID: nil, idToken: nil, groupIdToken: nil, chargingState: .idle,
                    transactionStart: nil, registerWh: 0, powerW: 0, stateOfCharge: nil, nominalVoltage: 230,
                    phases: phases, currentMaxA: 32, powerMaxW: 22_080))
        }
    }

    /// Seconds of the script.
    static func at(_ seconds: Int) -> Timestamp { Timestamp(microseconds: Int64(1_000_000 + seconds) * 1_000_000) }

    // MARK: Profiles

    static func profile(
        _ purpose: V2.ChargingProfilePurposeEnum, id: Int = 1, level: Int = 0,
        kind: V2.ChargingProfileKindEnum = .absolute, unit: V2.ChargingRateUnitEnum = .a, start: Int? = 0,
        duration: Int? = nil, from: Int? = nil, to: Int? = nil, transaction: String? = nil,
        _ periods: [(Int, Double?)] = [(0, 16)]
    ) -> V2.ChargingProfile {
        V2.ChargingProfile(
            id: id, stackLevel: level, chargingProfilePurpose: purpose, chargingProfileKind: kind,
            chargingSchedule: [
                V2.ChargingSchedule(
                    id: 1, chargingRateUnit: unit,
                    chargingSchedulePeriod: periods.map { V2.ChargingSchedulePeriod(startPeriod: $0.0, limit: $0.1) },
                    startSchedule: kind == .relative || kind == .dynamic ? nil : start.map(at), duration: duration)
            ], validFrom: from.map(at), validTo: to.map(at), transactionId: transaction)
    }

    // MARK: Requests

    /// `nil` when accepted, else the reason code.
    mutating func set(_ profile: V2.ChargingProfile, evse: Int = 1) -> String? {
        let answer = block.set(V2.SetChargingProfileRequest(evseId: evse, chargingProfile: profile), context: &context)
        return answer.status == .accepted ? nil : answer.statusInfo?.reasonCode ?? "no reason"
    }

    /// Periods as (seconds, limit), or the reason code of a refusal.
    func composite(
        evse: Int = 1, duration: Int = 3600, unit: V2.ChargingRateUnitEnum? = .a
    ) -> (periods: [[Double]], reason: String?) {
        let answer = block.composite(
            V2.GetCompositeScheduleRequest(duration: duration, evseId: evse, chargingRateUnit: unit), context: context)
        let periods = answer.schedule?.chargingSchedulePeriod ?? []
        return (periods.map { [Double($0.startPeriod), $0.limit ?? -1] }, answer.statusInfo?.reasonCode)
    }

    mutating func report(
        evse: Int? = nil, _ criteria: V2.ChargingProfileCriterion = V2.ChargingProfileCriterion()
    ) -> V2.GetChargingProfileStatusEnum {
        block.report(
            V2.GetChargingProfilesRequest(requestId: 7, chargingProfile: criteria, evseId: evse), context: &context
        ).status
    }

    mutating func clear(
        id: Int? = nil, _ criteria: V2.ClearChargingProfile? = nil
    ) -> V2.ClearChargingProfileStatusEnum {
        block.clear(
            V2.ClearChargingProfileRequest(chargingProfileId: id, chargingProfileCriteria: criteria),
            context: &context
        ).status
    }

    /// Status, and the reason code of a refusal.
    mutating func update(_ id: Int, limit: Double) -> (V2.ChargingProfileStatusEnum, String?) {
        let answer = block.update(
            V2.UpdateDynamicScheduleRequest(
                chargingProfileId: id, scheduleUpdate: V2.ChargingScheduleUpdate(limit: limit)), context: &context)
        return (answer.status, answer.statusInfo?.reasonCode)
    }
    mutating func usePriority(_ id: String, _ activate: Bool) -> V2.PriorityChargingStatusEnum {
        block.usePriority(V2.UsePriorityChargingRequest(transactionId: id, activate: activate), context: &context)
            .status
    }
    mutating func follow(_ signal: Int, at time: Int) -> V2.GenericStatusEnum {
        block.follow(V2.AFRRSignalRequest(timestamp: Self.at(time), signal: signal), context: &context).status
    }
    mutating func allow(
        _ id: String, _ modes: [V2.EnergyTransferModeEnum]
    ) -> V2.NotifyAllowedEnergyTransferStatusEnum {
        block.allow(
            V2.NotifyAllowedEnergyTransferRequest(transactionId: id, allowedEnergyTransfer: modes), context: &context
        ).status
    }
    mutating func answered(_ request: V2.Request, with outcome: CallOutcome) {
        block.answered(request, with: outcome, context: &context)
    }
    mutating func vehicleScheduled(_ schedule: V2.ChargingSchedule, selected: Int?, evse: Int) {
        notice(.evScheduled(evse: evse, schedule, selected: selected))
    }

    // MARK: Events

    mutating func notice(_ event: StationEvent) { block.notice(event, context: &context) }

    mutating func startTransaction(_ id: String = "tx", evse: Int = 0, isCharging: Bool = true) {
        context.evses[evse].transactionID = id
        notice(.transactionStarted(evse: evse, transactionID: id))
        if isCharging { notice(.chargingStateChanged(evse: evse, .charging)) }
    }

    mutating func endTransaction(evse: Int = 0) {
        let id = context.evses[evse].transactionID ?? ""
        context.evses[evse].transactionID = nil
        notice(.transactionEnded(evse: evse, transactionID: id, .local))
    }

    /// Lets time pass, running the timer whenever it is due.
    mutating func pass(to seconds: Int) {
        while block.nextDeadline <= Self.at(seconds) {
            context.now = max(context.now, block.nextDeadline)
            block.timerDue(context: &context)
        }
        context.now = Self.at(seconds)
    }

    /// What EVSE index `evse` may draw, A a phase.
    func amperes(_ evse: Int = 0) -> Double? { block.rate(evse: evse, unit: .amperes, context: context)?.limit }

    /// EVSEs whose limit was said to have changed since the last call.
    mutating func changes() -> [Int?] {
        let changes = context.directives.compactMap { directive -> Int?? in
            if case .limitChanged(let evse) = directive { evse } else { nil }
        }
        context.directives = []
        return changes
    }

    /// Requests sent since the last call.
    mutating func sent() -> [V2.Request] {
        let requests = context.sends.map(\.request)
        context.sends = []
        return requests
    }
}
