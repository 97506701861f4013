extension Core {
    /// `TransactionEventEnumType`.
    public enum TransactionEventKind: String, WireEnumeration {
        case ended = "Ended"
        case started = "Started"
        case updated = "Updated"
    }

    /// `TriggerReasonEnumType`: why an event was sent.
    public enum TriggerReason: String, WireEnumeration {
        case authorized = "Authorized"
        case cablePluggedIn = "CablePluggedIn"
        case chargingRateChanged = "ChargingRateChanged"
        case chargingStateChanged = "ChargingStateChanged"
        case deauthorized = "Deauthorized"
        case energyLimitReached = "EnergyLimitReached"
        case evCommunicationLost = "EVCommunicationLost"
        case evConnectTimeout = "EVConnectTimeout"
        case meterValueClock = "MeterValueClock"
        case meterValuePeriodic = "MeterValuePeriodic"
        case timeLimitReached = "TimeLimitReached"
        case trigger = "Trigger"
        case unlockCommand = "UnlockCommand"
        case stopAuthorized = "StopAuthorized"
        case evDeparted = "EVDeparted"
        case evDetected = "EVDetected"
        case remoteStop = "RemoteStop"
        case remoteStart = "RemoteStart"
        case abnormalCondition = "AbnormalCondition"
        case signedDataReceived = "SignedDataReceived"
        case resetCommand = "ResetCommand"
        /// OCPP 2.1 only.
        case txResumed = "TxResumed"
    }

    /// `ChargingStateEnumType`.
    public enum ChargingState: String, WireEnumeration {
        case charging = "Charging"
        case evConnected = "EVConnected"
        case suspendedEV = "SuspendedEV"
        case suspendedEVSE = "SuspendedEVSE"
        case idle = "Idle"
    }

    /// `ReasonEnumType`: why a transaction ended.
    public enum StoppedReason: String, WireEnumeration {
        case deAuthorized = "DeAuthorized"
        case emergencyStop = "EmergencyStop"
        case energyLimitReached = "EnergyLimitReached"
        case evDisconnected = "EVDisconnected"
        case groundFault = "GroundFault"
        case immediateReset = "ImmediateReset"
        case local = "Local"
        case localOutOfCredit = "LocalOutOfCredit"
        case masterPass = "MasterPass"
        case other = "Other"
        case overcurrentFault = "OvercurrentFault"
        case powerLoss = "PowerLoss"
        case powerQuality = "PowerQuality"
        case reboot = "Reboot"
        case remote = "Remote"
        case socLimitReached = "SOCLimitReached"
        case stoppedByEV = "StoppedByEV"
        case timeLimitReached = "TimeLimitReached"
        case timeout = "Timeout"
    }
}
