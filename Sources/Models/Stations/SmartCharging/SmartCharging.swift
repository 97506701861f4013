internal import OCPP
internal import OCPPMessages

/// Functional block K of a charging station: charging profiles, external limits, and what they let each EVSE draw.
///
/// Profiles survive a restart; a TxProfile goes with its transaction. Whenever what an EVSE with a transaction may do
/// changes, by a message, an event or the passing of time, the block acts ``Directive/limitChanged(evse:)``; what it is
/// then is told by ``rate(evse:unit:context:)``.
/// - Source: OCPP 2.0.1 part 2, section K; OCPP 2.1 part 2, section K; OCPP 1.6 edition 2, section 3.13.
struct SmartCharging: ControllerBlock {
    /// Most profiles that are kept, external constraints not counted.
    static let profilesMax = 100

    /// What the block knows of an EVSE beyond what the everyday machine does.
    struct EVSEState: Sendable, Codable {
        /// When the power path was first closed in the running transaction; relative schedules start then.
        var chargingStart: Timestamp?
        /// 2.1: the transaction is charged by the PriorityCharging profile.
        var isPriority = false
        /// 2.1: what the CSMS lets the vehicle choose from; `nil` when it has said nothing.
        var allowedEnergyTransfer: [V2.EnergyTransferModeEnum]?
        /// A TxProfile that came with a remote start, and until when its transaction may begin.
        var start: PendingStart?
        /// What it was last allowed.
        var rate: ChargingRate?

        private enum CodingKeys: String, CodingKey { case chargingStart, isPriority, allowedEnergyTransfer, start }
    }
    struct PendingStart: Sendable, Codable {
        var profile: V2.ChargingProfile
        var until: Timestamp
    }
    /// A limit for the whole charging station by an energy management system.
    struct ExternalLimit: Sendable, Codable {
        var watts: Double
        var since: Timestamp
        /// What the CSMS was last told, W; `nil` while it has not been told.
        var told: Double?
    }

    var profiles: [StoredProfile] = []
    var evses: [EVSEState] = []
    var external: ExternalLimit?
    /// The CSMS does not know yet that an external limit is gone.
    var owesClearing = false
    /// 2.1: the grid operator's last signal and its time.
    var signal: Signal?
    var offlineSince: Timestamp?
    private(set) var nextDeadline = Timestamp.distantFuture

    struct Signal: Sendable, Codable {
        var value: Int
        var time: Timestamp
    }

    /// State of EVSE index `evse`, made when first needed.
    subscript(evse: Int) -> EVSEState {
        get { evses.indices.contains(evse) ? evses[evse] : EVSEState() }
        set {
            while evses.count <= evse { evses.append(EVSEState()) }
            evses[evse] = newValue
        }
    }

    // MARK: Limits

    /// All that limits are computed from, as of now. Profiles do not count while smart charging is switched off.
    func limits(_ context: ControllerContext) -> ChargingLimits {
        let isEnabled = context.deviceModel.bool("SmartChargingCtrlr", "Enabled")
        var installed = isEnabled ? profiles.map { $0.installed(offlineSince: offlineSince) } : []
        if let constraint = externalProfile(context),
            let plan = ProfilePlan(constraint, received: context.now)
        {
            installed.append(ChargingLimits.Installed(evse: 0, plan: plan))
        }
        let charging = context.evses.enumerated().map { index, view in
            let isDC = view.phases == 0
            return EVSECharging(
                supply: EVSESupply(voltage: view.nominalVoltage, phases: view.phases, isDC: isDC),
                maximumW: view.ratedW,
                transaction: view.transactionID.map {
                    EVSECharging.Transaction(id: $0, chargingStart: self[index].chargingStart ?? context.now)
                }, stateOfCharge: view.stateOfCharge, isPriority: self[index].isPriority)
        }
        return ChargingLimits(
            profiles: installed, evses: charging, ownDefaultsReplace: context.version == .v16, signal: signal?.value)
    }

    /// What EVSE index `evse` may do now, as if a transaction began when it is idle; `nil` when there is no such EVSE.
    func rate(evse: Int, unit: RateUnit, context: ControllerContext) -> ChargingRate? {
        limits(context).rate(evse: evse + 1, at: context.now, unit: unit)
    }

    /// Forgets profiles that will never count again, tells which EVSEs may do something else than before, and finds the
    /// next instant at which that can be.
    mutating func refresh(context: inout ControllerContext) {
        let now = context.now
        let (offlineSince, running) = (offlineSince, Set(context.evses.compactMap(\.transactionID)))
        profiles.removeAll { stored in
            if let end = stored.profile.validTo, end <= now { return true }
            if stored.purpose == .txProfile, let id = stored.profile.transactionId, !running.contains(id) {
                return true
            }
            return stored.profile.invalidAfterOfflineDuration == true && stored.endsOffline(since: offlineSince) <= now
        }
        for evse in evses.indices where evses[evse].isPriority && !hasPriorityProfile(evse: evse) {
            evses[evse].isPriority = false
        }
        context.publish(
            String(profiles.count), component: "SmartChargingCtrlr", variable: "Entries", instance: "ChargingProfiles")

        let (rates, change) = limits(context).present(at: now)
        for (index, rate) in rates.enumerated() where self[index].rate != rate {
            self[index].rate = rate
            if rate != nil { context.act(.limitChanged(evse: index)) }
        }
        nextDeadline = change
        for stored in profiles {
            nextDeadline = min(nextDeadline, stored.nextPull, stored.profile.validTo ?? .distantFuture)
            let end = stored.endsOffline(since: offlineSince)
            if end > now { nextDeadline = min(nextDeadline, end) }
        }
    }

    // MARK: Events

    mutating func timerDue(context: inout ControllerContext) {
        pullUpdates(context: &context)
        refresh(context: &context)
    }

    mutating func notice(_ event: StationEvent, context: inout ControllerContext) {
        switch event {
        case .offline: offlineSince = offlineSince ?? context.now
        case .online:
            offlineSince = nil
            tellExternalLimit(context: &context)
        case .registered(.accepted): tellExternalLimit(context: &context)
        case .transactionStarted(let evse, let id): transactionStarted(evse: evse, id: id, context: &context)
        case .chargingStateChanged(let evse, let state): powerPathChanged(evse: evse, state, context: context)
        case .transactionEnded(let evse, let id, _): transactionEnded(evse: evse, id: id)
        case .remoteStartAccepted(let evse, _, let profile):
            let patience = context.deviceModel.int("TxCtrlr", "EVConnectionTimeOut")
            let until = context.now.adding(microseconds: ProfilePlan.microseconds(seconds: max(patience, 0)))
            self[evse].start = profile.map { PendingStart(profile: $0, until: until) }
        case .externalLimit(let watts): externalLimitChanged(watts, context: &context)
        case .evChargingNeeds(let evse, let needs): tellNeeds(needs, evse: evse, context: &context)
        case .priorityCharging(let evse, let activated): driverWantsPriority(activated, evse: evse, context: &context)
        case .sampled: guard profiles.contains(where: { $0.plan.limitAtStateOfCharge != nil }) else { return }
        case .variableChanged(let component, _, _): guard component == "SmartChargingCtrlr" else { return }
        case .booted: break
        case .evScheduled(let evse, let schedule, let selected):
            vehicleScheduled(schedule, selected: selected, evse: evse, context: &context)
        case .registered, .plugged, .unplugged, .authorization, .fault, .faultCleared, .stationOperative, .security,
            .triggered,
            .reservationsChanged, .keptFree, .contractWanted, .ocspWanted, .chainStatusWanted, .gridFault,
            .batterySwap, .paymentSettled, .companyReceiptWanted, .vendorMessage:
            return
        }
        refresh(context: &context)
    }

    private mutating func transactionStarted(evse: Int, id: String, context: inout ControllerContext) {
        let start = self[evse].start
        self[evse].chargingStart = nil
        if context.evses.indices.contains(evse) {
            // The power path may have been closed before the transaction started.
            powerPathChanged(evse: evse, context.evses[evse].chargingState, context: context)
        }
        self[evse].isPriority = false
        self[evse].allowedEnergyTransfer = nil
        self[evse].start = nil
        guard let start, context.now <= start.until else { return }
        var profile = start.profile
        profile.transactionId = id
        install(profile, evse: evse + 1, context: context)
    }

    /// 2.x counts from the power path's closing, 1.6 from the first charging.
    private mutating func powerPathChanged(evse: Int, _ state: Core.ChargingState, context: ControllerContext) {
        guard self[evse].chargingStart == nil, context.evses.indices.contains(evse),
            context.evses[evse].transactionID != nil
        else { return }
        switch state {
        case .charging: self[evse].chargingStart = context.now
        case .suspendedEV, .suspendedEVSE: if context.version.isV2 { self[evse].chargingStart = context.now }
        case .evConnected, .idle: break
        }
    }

    private mutating func transactionEnded(evse: Int, id: String) {
        profiles.removeAll {
            $0.purpose == .txProfile && $0.evse == evse + 1 && ($0.profile.transactionId ?? id) == id
        }
        let start = self[evse].start
        self[evse] = EVSEState(start: start)
    }
}

extension EVSEView {
    /// Most that the EVSE can deliver: its rated power, or what follows from its rated current; a megawatt, more than
    /// any EVSE has, when neither is known.
    fileprivate var ratedW: Double {
        if powerMaxW > 0, powerMaxW.isFinite { return powerMaxW }
        let fromCurrent = currentMaxA * nominalVoltage * Double(max(phases, 1))
        return fromCurrent > 0 && fromCurrent.isFinite ? fromCurrent : 1_000_000
    }
}
