internal import OCPP
internal import OCPPMessages

/// Where a charging station is on its way to being accepted, on this connection.
struct Registrar: Sendable, Codable {
    /// Answers still to come of the provisioning under way; 0 for none.
    var stepsLeft = 0
    /// Revision of the plan under way.
    var revision = 0
    /// Whether it has been asked to boot on this connection.
    var hasAskedForBoot = false
}

extension StationDesk {
    // MARK: connections

    mutating func connect(_ version: OCPPVersion, _ turn: inout DeskTurn) {
        if self.version != nil { dropCalls(.notSent, &turn) }
        waiting.drop()
        self.version = version
        registrar = Registrar()
        gate.close()
        localList.start()
        turn.keep(.presence(.connected, at: turn.now))
        takeUpWork(&turn)
    }

    mutating func disconnect(_ turn: inout DeskTurn) {
        guard version != nil else { return }
        dropCalls(.notSent, &turn)
        waiting.drop()
        version = nil
        registrar = Registrar()
        turn.keep(.presence(.disconnected, at: turn.now))
    }

    // MARK: boot

    mutating func boot(_ id: String, _ request: V2.BootNotificationRequest, _ turn: inout DeskTurn) {
        let station = request.chargingStation
        let told = StationProfile(
            version: version ?? .v201, vendor: station.vendorName, model: station.model,
            serialNumber: station.serialNumber, firmwareVersion: station.firmwareVersion,
            iccid: station.modem?.iccid, imsi: station.modem?.imsi, registration: .rejected,
            bootReason: Words.bootReasons[Int(request.reason.rawValue)], bootedAt: turn.now)
        let answer = boot(told, &turn)
        turn.answer(
            id,
            .bootNotification(
                .init(
                    currentTime: answer.currentTime, interval: Int(answer.interval),
                    status: Words.registration(answer.status))))
        afterBoot(answer.status, &turn)
    }

    mutating func boot(_ id: String, _ request: V16.BootNotificationRequest, _ turn: inout DeskTurn) {
        let serial = request.chargePointSerialNumber ?? request.chargeBoxSerialNumber
        let told = StationProfile(
            version: .v16, vendor: request.chargePointVendor, model: request.chargePointModel, serialNumber: serial,
            firmwareVersion: request.firmwareVersion, iccid: request.iccid, imsi: request.imsi,
            registration: .rejected, bootReason: .unknown, bootedAt: turn.now)
        let answer = boot(told, &turn)
        turn.answer16(
            id,
            .bootNotification(
                .init(
                    status: Words.registration16(answer.status), currentTime: answer.currentTime,
                    interval: Int(answer.interval))))
        afterBoot(answer.status, &turn)
    }

    /// Decides, and keeps what the charging station said of itself.
    private mutating func boot(_ told: StationProfile, _ turn: inout DeskTurn) -> Core.BootNotificationResponse {
        decideBoot(told.version)
        if isAccepted { hear(&turn) }
        let answer = everyday.boot(now: turn.now)
        if isAccepted { hear(&turn) }
        gate.close()
        var told = told
        told.registration = answer.status
        profile = told
        turn.keep(.station(told))
        settlePromises(&turn) { $0.kind == .reset }
        return answer
    }

    /// Decides what a BootNotification is told.
    mutating func decideBoot(_ version: OCPPVersion) {
        let decided = memory.registration ?? settings.everyday.newStations
        everyday.registration.next = decided == .accepted && needsProvisioning(version) ? .pending : decided
    }

    private mutating func afterBoot(_ status: Core.RegistrationStatus, _ turn: inout DeskTurn) {
        switch status {
        case .rejected: dropCalls(.notSent, &turn)
        case .pending:
            if memory.registration ?? settings.everyday.newStations == .accepted { provision(&turn) }
        case .accepted:
            registrar.stepsLeft = 0
            noteFirmwareVersion(&turn)
            fetchInventory(&turn)
            takeUpWork(&turn)
        }
    }

    /// An operator's decision, or that of a policy outside.
    mutating func register(_ status: Core.RegistrationStatus, _ turn: inout DeskTurn) {
        memory.registration = status
        let wasAccepted = isAccepted
        everyday.registration.decide(status)
        if status != .accepted {
            if version != nil, wasAccepted {
                turn.outputs.append(.close(code: 1008, reason: "registration withdrawn"))
            }
        } else if version != nil, !isAccepted, profile?.registration == .pending {
            if needsProvisioning(wireVersion) { provision(&turn) } else { requestBoot() }
        }
    }

    // MARK: provisioning (B02, B03)

    private func needsProvisioning(_ version: OCPPVersion) -> Bool {
        let plan = settings.provisioning
        guard plan.revision > memory.provisionedRevision else { return false }
        return version == .v16 ? !plan.configuration.isEmpty : !plan.variables.isEmpty
    }

    /// Tells the charging station what it has to know before it is accepted; afterwards it is asked to boot again.
    private mutating func provision(_ turn: inout DeskTurn) {
        guard registrar.stepsLeft == 0 else { return }
        let plan = settings.provisioning
        registrar.revision = plan.revision
        if wireVersion == .v16 {
            for step in plan.configuration.prefix(Outbox.ownMax) {
                outbox.enqueue(.v16(.changeConfiguration(.init(key: step.key, value: step.value))), for: .provisioning)
                registrar.stepsLeft += 1
            }
        } else {
            var rest = plan.variables[...]
            while !rest.isEmpty, registrar.stepsLeft < Outbox.ownMax {
                let part = Array(rest.prefix(ProvisioningPlan.variablesPerMessage))
                rest = rest.dropFirst(part.count)
                outbox.enqueue(.v2(.setVariables(.init(setVariableData: part))), for: .provisioning)
                registrar.stepsLeft += 1
            }
        }
    }

    /// One step has been answered, whatever the answer: what was refused is in the diary and does not keep the charging
    /// station out.
    mutating func provisioningStepDone(_ turn: inout DeskTurn) {
        guard registrar.stepsLeft > 0 else { return }
        registrar.stepsLeft -= 1
        guard registrar.stepsLeft == 0 else { return }
        memory.provisionedRevision = registrar.revision
        turn.note(.provisioning, "revision \(registrar.revision)")
        requestBoot()
    }

    /// Calls for a BootNotification; one that does not know how boots again by itself after the retry interval.
    private mutating func requestBoot() {
        guard !outbox.holds({ $0 == .boot }) else { return }
        let request: AnyRequest =
            wireVersion == .v16
            ? .v16(.triggerMessage(.init(requestedMessage: .bootNotification)))
            : .v2(.triggerMessage(.init(requestedMessage: .bootNotification)))
        outbox.enqueue(request, for: .boot)
    }

    /// A charging station that speaks without having been accepted is asked to boot, unless it was told to wait.
    mutating func askForBoot(_ turn: inout DeskTurn) {
        guard settings.asksForBoot, version != nil, !registrar.hasAskedForBoot, profile?.registration != .rejected,
            profile?.registration != .pending
        else { return }
        registrar.hasAskedForBoot = true
        requestBoot()
    }

    // MARK: inventory (B07, B08)

    private mutating func fetchInventory(_ turn: inout DeskTurn) {
        let firmware = profile?.firmwareVersion ?? ""
        guard settings.inventory != .none, memory.inventoryFirmware != firmware,
            !outbox.holds({ if case .inventory = $0 { true } else { false } })
        else { return }
        if wireVersion == .v16 {
            outbox.enqueue(.v16(.getConfiguration(.init())), for: .inventory(firmware: firmware))
        } else {
            let base: V2.ReportBaseEnum =
                switch settings.inventory {
                case .none, .full: .fullInventory
                case .configuration: .configurationInventory
                case .summary: .summaryInventory
                }
            outbox.enqueue(
                .v2(.getBaseReport(.init(requestId: outbox.nextNumber(turn.now), reportBase: base))),
                for: .inventory(firmware: firmware))
        }
    }
}
