internal import OCPPMessages

extension Blocks {
    /// Answers a request of the CSMS; `nil` for an action that no CSMS sends.
    mutating func answer(_ request: V2.Request, context: inout ControllerContext) -> V2.Response? {
        provisioningAnswer(request, context: &context) ?? controlAnswer(request, context: &context)
            ?? securityAnswer(request, context: &context) ?? energyAnswer(request, context: &context)
    }

    /// Blocks B, N, O, I and P: provisioning, diagnostics, display, tariff, data transfer.
    private mutating func provisioningAnswer(
        _ request: V2.Request, context: inout ControllerContext
    ) -> V2.Response? {
        switch request {
        case .getVariables(let r): .getVariables(provisioning.getVariables(r, context: &context))
        case .setVariables(let r): .setVariables(provisioning.setVariables(r, context: &context))
        case .getBaseReport(let r): .getBaseReport(provisioning.getBaseReport(r, context: &context))
        case .getReport(let r): .getReport(provisioning.getReport(r, context: &context))
        case .setNetworkProfile(let r): .setNetworkProfile(provisioning.setNetworkProfile(r, context: &context))
        case .setVariableMonitoring(let r):
            .setVariableMonitoring(monitoring.setVariableMonitoring(r, context: &context))
        case .clearVariableMonitoring(let r):
            .clearVariableMonitoring(monitoring.clearVariableMonitoring(r, context: &context))
        case .getMonitoringReport(let r): .getMonitoringReport(monitoring.getMonitoringReport(r, context: &context))
        case .setMonitoringBase(let r): .setMonitoringBase(monitoring.setMonitoringBase(r, context: &context))
        case .setMonitoringLevel(let r): .setMonitoringLevel(monitoring.setMonitoringLevel(r, context: &context))
        case .adjustPeriodicEventStream(let r):
            .adjustPeriodicEventStream(monitoring.adjustPeriodicEventStream(r, context: &context))
        case .getPeriodicEventStream(let r):
            .getPeriodicEventStream(monitoring.getPeriodicEventStream(r, context: &context))
        case .customerInformation(let r):
            .customerInformation(customerInformation.customerInformation(r, context: &context))
        case .getLog(let r): .getLog(logs.getLog(r, context: &context))
        case .setDisplayMessage(let r): .setDisplayMessage(displayMessages.setDisplayMessage(r, context: &context))
        case .getDisplayMessages(let r): .getDisplayMessages(displayMessages.getDisplayMessages(r, context: &context))
        case .clearDisplayMessage(let r):
            .clearDisplayMessage(displayMessages.clearDisplayMessage(r, context: &context))
        case .costUpdated(let r): .costUpdated(tariffs.costUpdated(r, context: &context))
        case .setDefaultTariff(let r): .setDefaultTariff(tariffs.setDefaultTariff(r, context: &context))
        case .getTariffs(let r): .getTariffs(tariffs.getTariffs(r, context: &context))
        case .clearTariffs(let r): .clearTariffs(tariffs.clearTariffs(r, context: &context))
        case .changeTransactionTariff(let r):
            .changeTransactionTariff(tariffs.changeTransactionTariff(r, context: &context))
        case .notifyWebPaymentStarted(let r):
            .notifyWebPaymentStarted(tariffs.notifyWebPaymentStarted(r, context: &context))
        case .dataTransfer(let r): .dataTransfer(vendorData.dataTransfer(r, context: &context))
        default: nil
        }
    }

    /// Blocks C to H: authorization, local list, transactions, remote control, availability, reservation.
    private mutating func controlAnswer(_ request: V2.Request, context: inout ControllerContext) -> V2.Response? {
        switch request {
        case .sendLocalList(let r): .sendLocalList(localList.sendLocalList(r, context: &context))
        case .getLocalListVersion(let r): .getLocalListVersion(localList.getLocalListVersion(r, context: &context))
        case .clearCache(let r): .clearCache(localList.clearCache(r, context: &context))
        case .requestStartTransaction(let r):
            .requestStartTransaction(remoteControl.requestStartTransaction(r, context: &context))
        case .requestStopTransaction(let r):
            .requestStopTransaction(remoteControl.requestStopTransaction(r, context: &context))
        case .triggerMessage(let r): .triggerMessage(remoteControl.triggerMessage(r, context: &context))
        case .unlockConnector(let r):
            remoteControl.unlockConnector(r, context: &context).map { .unlockConnector($0) }
        case .getTransactionStatus(let r):
            .getTransactionStatus(remoteControl.getTransactionStatus(r, context: &context))
        case .changeAvailability(let r): .changeAvailability(availability.changeAvailability(r, context: &context))
        case .reset(let r): .reset(availability.reset(r, context: &context))
        case .reserveNow(let r): .reserveNow(reservations.reserveNow(r, context: &context))
        case .cancelReservation(let r): .cancelReservation(reservations.cancelReservation(r, context: &context))
        default: nil
        }
    }

    /// Blocks A, L and M: security, firmware, certificates.
    private mutating func securityAnswer(_ request: V2.Request, context: inout ControllerContext) -> V2.Response? {
        switch request {
        case .certificateSigned(let r):
            certificates.certificateSigned(r, context: &context).map { .certificateSigned($0) }
        case .installCertificate(let r):
            certificates.installCertificate(r, context: &context).map { .installCertificate($0) }
        case .deleteCertificate(let r): .deleteCertificate(certificates.deleteCertificate(r, context: &context))
        case .getInstalledCertificateIds(let r):
            .getInstalledCertificateIds(certificates.getInstalledCertificateIds(r, context: &context))
        case .updateFirmware(let r): firmwareUpdate.updateFirmware(r, context: &context).map { .updateFirmware($0) }
        case .publishFirmware(let r): .publishFirmware(firmwareUpdate.publishFirmware(r, context: &context))
        case .unpublishFirmware(let r): .unpublishFirmware(firmwareUpdate.unpublishFirmware(r, context: &context))
        default: nil
        }
    }

    /// Blocks K and those of 2.1 that deal with energy: smart charging, grid services, battery swap.
    private mutating func energyAnswer(_ request: V2.Request, context: inout ControllerContext) -> V2.Response? {
        switch request {
        case .setChargingProfile(let r): .setChargingProfile(smartCharging.set(r, context: &context))
        case .getChargingProfiles(let r):
            .getChargingProfiles(smartCharging.report(r, context: &context))
        case .clearChargingProfile(let r):
            .clearChargingProfile(smartCharging.clear(r, context: &context))
        case .getCompositeSchedule(let r):
            .getCompositeSchedule(smartCharging.composite(r, context: context))
        case .updateDynamicSchedule(let r):
            .updateDynamicSchedule(smartCharging.update(r, context: &context))
        case .usePriorityCharging(let r):
            .usePriorityCharging(smartCharging.usePriority(r, context: &context))
        case .notifyAllowedEnergyTransfer(let r):
            .notifyAllowedEnergyTransfer(smartCharging.allow(r, context: &context))
        case .afrrSignal(let r): .afrrSignal(smartCharging.follow(r, context: &context))
        case .setDERControl(let r): .setDERControl(derControl.setDERControl(r, context: &context))
        case .getDERControl(let r): .getDERControl(derControl.getDERControl(r, context: &context))
        case .clearDERControl(let r): .clearDERControl(derControl.clearDERControl(r, context: &context))
        case .requestBatterySwap(let r): .requestBatterySwap(batterySwap.requestBatterySwap(r, context: &context))
        default: nil
        }
    }
}
