public import OCPP

/// Values of effects as a store gives them back.
extension StationProfile {
    /// A profile read back from its row; the parameters are the members.
    public init(
        restoring version: OCPPVersion, vendor: String, model: String, serialNumber: String?, firmwareVersion: String?,
        iccid: String?, imsi: String?, registration: Core.RegistrationStatus, bootReason: Core.BootReason,
        bootedAt: Timestamp
    ) {
        self.version = version
        self.vendor = vendor
        self.model = model
        self.serialNumber = serialNumber
        self.firmwareVersion = firmwareVersion
        self.iccid = iccid
        self.imsi = imsi
        self.registration = registration
        self.bootReason = bootReason
        self.bootedAt = bootedAt
    }
}

extension ConnectorState {
    /// A state read back from its row; the parameters are the members.
    public init(
        restoring evse: Int32, connector: Int32, status: Core.ConnectorStatus, statusText: String, errorCode: String?,
        errorInfo: String?, changedAt: Timestamp
    ) {
        self.evse = evse
        self.connector = connector
        self.status = status
        self.statusText = statusText
        self.errorCode = errorCode
        self.errorInfo = errorInfo
        self.changedAt = changedAt
    }
}
