internal import OCPP
internal import OCPPMessages

/// What the everyday machine goes by.
extension DeviceModel {
    private static let points: [(name: String, point: TransactionPoints)] = [
        ("ParkingBayOccupancy", .parkingBayOccupancy), ("EVConnected", .evConnected), ("Authorized", .authorized),
        ("DataSigned", .dataSigned), ("PowerPathClosed", .powerPathClosed), ("EnergyTransfer", .energyTransfer),
    ]

    /// Seconds until an unanswered message is given up, from the active network profile.
    var messageTimeoutS: Int {
        network.profile(slot: network.active)?.messageTimeout
            ?? int("OCPPCommCtrlr", "MessageTimeout", instance: "Default")
    }

    /// Settings of the everyday machine as the variables say; what no variable says is left as in `base`.
    public func firmwareSettings(base: FirmwareSettings) -> FirmwareSettings {
        var settings = base
        settings.heartbeatIntervalS = seconds("OCPPCommCtrlr", "HeartbeatInterval")
        settings.messageTimeoutS = Int64(max(messageTimeoutS, 1))
        settings.messageAttempts = small("OCPPCommCtrlr", "MessageAttempts", "TransactionEvent", 1...255)
        settings.messageAttemptIntervalS = seconds("OCPPCommCtrlr", "MessageAttemptInterval", "TransactionEvent")
        settings.offlineThresholdS = seconds("OCPPCommCtrlr", "OfflineThreshold")
        settings.retryBackOffWaitMinimumS = seconds("OCPPCommCtrlr", "RetryBackOffWaitMinimum")
        settings.retryBackOffRepeatTimes = small("OCPPCommCtrlr", "RetryBackOffRepeatTimes", nil, 0...20)
        settings.retryBackOffRandomRangeS = seconds("OCPPCommCtrlr", "RetryBackOffRandomRange")
        settings.meterValuesIntervalS =
            bool("SampledDataCtrlr", "Enabled") ? seconds("SampledDataCtrlr", "TxUpdatedInterval") : 0
        settings.alignedIntervalS = bool("AlignedDataCtrlr", "Enabled") ? seconds("AlignedDataCtrlr", "Interval") : 0
        settings.alignedOnlyIdle = bool("AlignedDataCtrlr", "SendDuringIdle")
        settings.txStartPoint = transactionPoints("TxStartPoint")
        settings.txStopPoint = transactionPoints("TxStopPoint")
        settings.evConnectionTimeOutS = seconds("TxCtrlr", "EVConnectionTimeOut")
        settings.txBeforeAcceptedEnabled = bool("TxCtrlr", "TxBeforeAcceptedEnabled")
        settings.stopTxOnInvalidId = bool("TxCtrlr", "StopTxOnInvalidId")
        // Nothing is configured where no limit holds.
        settings.maxEnergyOnInvalidIdWh = Int64(text("TxCtrlr", "MaxEnergyOnInvalidId")) ?? .max
        if !bool("AuthCacheCtrlr", "Enabled") { settings.authCacheCapacity = 0 }
        settings.authCacheLifeTimeS = seconds("AuthCacheCtrlr", "LifeTime")
        settings.disableRemoteAuthorization = bool("AuthCtrlr", "DisableRemoteAuthorization")
        // A group id longer than the everyday machine's texts belongs to no token that it can hold.
        settings.masterPassGroup =
            IdentifierText(text("AuthCtrlr", "MasterPassGroupId"))?.lowercased ?? IdentifierText()
        settings.localPreAuthorize = bool("AuthCtrlr", "LocalPreAuthorize")
        settings.localAuthorizeOffline = bool("AuthCtrlr", "LocalAuthorizeOffline")
        settings.offlineTxForUnknownIdEnabled = bool("AuthCtrlr", "OfflineTxForUnknownIdEnabled")
        return settings
    }

    /// Makes the variables say what `settings` say.
    mutating func adopt(_ settings: FirmwareSettings) {
        func text(_ points: TransactionPoints) -> String {
            Self.points.filter { points.contains($0.point) }.map(\.name).joined(separator: ",")
        }
        preset("OCPPCommCtrlr", "HeartbeatInterval", to: String(settings.heartbeatIntervalS))
        preset("OCPPCommCtrlr", "MessageTimeout", instance: "Default", to: String(settings.messageTimeoutS))
        preset("OCPPCommCtrlr", "MessageAttempts", instance: "TransactionEvent", to: String(settings.messageAttempts))
        preset(
            "OCPPCommCtrlr", "MessageAttemptInterval", instance: "TransactionEvent",
            to: String(settings.messageAttemptIntervalS))
        preset("OCPPCommCtrlr", "OfflineThreshold", to: String(settings.offlineThresholdS))
        preset("OCPPCommCtrlr", "RetryBackOffWaitMinimum", to: String(settings.retryBackOffWaitMinimumS))
        preset("OCPPCommCtrlr", "RetryBackOffRepeatTimes", to: String(settings.retryBackOffRepeatTimes))
        preset("OCPPCommCtrlr", "RetryBackOffRandomRange", to: String(settings.retryBackOffRandomRangeS))
        preset("SampledDataCtrlr", "TxUpdatedInterval", to: String(settings.meterValuesIntervalS))
        preset("AlignedDataCtrlr", "Interval", to: String(settings.alignedIntervalS))
        preset("AlignedDataCtrlr", "SendDuringIdle", to: settings.alignedOnlyIdle ? "true" : "false")
        preset("TxCtrlr", "TxStartPoint", to: text(settings.txStartPoint))
        preset("TxCtrlr", "TxStopPoint", to: text(settings.txStopPoint))
        preset("TxCtrlr", "EVConnectionTimeOut", to: String(settings.evConnectionTimeOutS))
        preset("TxCtrlr", "TxBeforeAcceptedEnabled", to: settings.txBeforeAcceptedEnabled ? "true" : "false")
        preset("TxCtrlr", "StopTxOnInvalidId", to: settings.stopTxOnInvalidId ? "true" : "false")
        let hasLimit = settings.maxEnergyOnInvalidIdWh < .max
        preset("TxCtrlr", "MaxEnergyOnInvalidId", to: hasLimit ? String(settings.maxEnergyOnInvalidIdWh) : "")
        preset("AuthCtrlr", "DisableRemoteAuthorization", to: settings.disableRemoteAuthorization ? "true" : "false")
        preset("AuthCtrlr", "MasterPassGroupId", to: settings.masterPassGroup.description)
        preset("AuthCacheCtrlr", "Available", to: settings.authCacheCapacity > 0 ? "true" : "false")
        preset("AuthCacheCtrlr", "Enabled", to: settings.authCacheCapacity > 0 ? "true" : "false")
        preset("AuthCacheCtrlr", "LifeTime", to: String(settings.authCacheLifeTimeS))
        preset("AuthCtrlr", "LocalPreAuthorize", to: settings.localPreAuthorize ? "true" : "false")
        preset("AuthCtrlr", "LocalAuthorizeOffline", to: settings.localAuthorizeOffline ? "true" : "false")
        preset(
            "AuthCtrlr", "OfflineTxForUnknownIdEnabled", to: settings.offlineTxForUnknownIdEnabled ? "true" : "false")
    }

    private func seconds(_ component: String, _ variable: String, _ instance: String? = nil) -> Int64 {
        Int64(int(component, variable, instance: instance))
    }
    private func small(
        _ component: String, _ variable: String, _ instance: String?, _ range: ClosedRange<Int>
    ) -> UInt8 {
        UInt8(min(max(int(component, variable, instance: instance), range.lowerBound), range.upperBound))
    }
    private func transactionPoints(_ variable: String) -> TransactionPoints {
        let names = list("TxCtrlr", variable)
        return Self.points.reduce(into: []) { if names.contains($1.name) { $0.insert($1.point) } }
    }
}
