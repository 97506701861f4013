public import OCPP

/// The standard's security events.
/// - Source: OCPP 2.0.1 edition 3, appendix 1 (security_events.csv); which are critical is its column of that name.
public enum SecurityEventKind: String, WireEnumeration {
    case firmwareUpdated = "FirmwareUpdated"
    case failedToAuthenticateAtCSMS = "FailedToAuthenticateAtCsms"
    case csmsFailedToAuthenticate = "CsmsFailedToAuthenticate"
    case settingSystemTime = "SettingSystemTime"
    case startupOfTheDevice = "StartupOfTheDevice"
    case resetOrReboot = "ResetOrReboot"
    case securityLogWasCleared = "SecurityLogWasCleared"
    case reconfigurationOfSecurityParameters = "ReconfigurationOfSecurityParameters"
    case memoryExhaustion = "MemoryExhaustion"
    case invalidMessages = "InvalidMessages"
    case attemptedReplayAttacks = "AttemptedReplayAttacks"
    case tamperDetectionActivated = "TamperDetectionActivated"
    case invalidFirmwareSignature = "InvalidFirmwareSignature"
    case invalidFirmwareSigningCertificate = "InvalidFirmwareSigningCertificate"
    case invalidCSMSCertificate = "InvalidCsmsCertificate"
    case invalidChargingStationCertificate = "InvalidChargingStationCertificate"
    case invalidTLSVersion = "InvalidTLSVersion"
    case invalidTLSCipherSuite = "InvalidTLSCipherSuite"
    case maintenanceLoginAccepted = "MaintenanceLoginAccepted"
    case maintenanceLoginFailed = "MaintenanceLoginFailed"

    /// Whether it is pushed to the CSMS, and kept while offline; others are only logged.
    public var isCritical: Bool {
        switch self {
        case .firmwareUpdated, .settingSystemTime, .startupOfTheDevice, .resetOrReboot, .securityLogWasCleared,
            .memoryExhaustion, .tamperDetectionActivated, .invalidFirmwareSignature, .invalidFirmwareSigningCertificate,
            .invalidCSMSCertificate, .invalidChargingStationCertificate, .invalidTLSVersion, .invalidTLSCipherSuite,
            .maintenanceLoginAccepted, .maintenanceLoginFailed:
            true
        case .failedToAuthenticateAtCSMS, .csmsFailedToAuthenticate, .reconfigurationOfSecurityParameters,
            .invalidMessages, .attemptedReplayAttacks:
            false
        }
    }
}
