extension Core {
    /// Why a charging station (re)started.
    public enum BootReason: String, WireEnumeration {
        case applicationReset = "ApplicationReset"
        case firmwareUpdate = "FirmwareUpdate"
        case localReset = "LocalReset"
        case powerUp = "PowerUp"
        case remoteReset = "RemoteReset"
        case scheduledReset = "ScheduledReset"
        case triggered = "Triggered"
        case unknown = "Unknown"
        case watchdog = "Watchdog"
    }

    /// Whether a CSMS takes the charging station.
    public enum RegistrationStatus: String, WireEnumeration {
        case accepted = "Accepted"
        case pending = "Pending"
        case rejected = "Rejected"
    }

    /// What a charging station says about itself. An empty text is a field left out.
    public struct ChargingStation: Hashable, Sendable, BitwiseCopyable, Codable {
        /// Required; the standard allows 20 characters.
        public var model: IdentifierText
        /// Required; the standard allows 50 characters, of which the first 36 bytes are kept.
        public var vendorName: IdentifierText
        /// At most 25 characters.
        public var serialNumber: IdentifierText
        /// The standard allows 50 characters, of which the first 36 bytes are kept.
        public var firmwareVersion: IdentifierText

        @inlinable public init(
            model: IdentifierText, vendorName: IdentifierText, serialNumber: IdentifierText = IdentifierText(),
            firmwareVersion: IdentifierText = IdentifierText()
        ) {
            self.model = model
            self.vendorName = vendorName
            self.serialNumber = serialNumber
            self.firmwareVersion = firmwareVersion
        }
    }

    /// The first message after a start: asks to be registered. Use cases B01 to B04.
    public struct BootNotificationRequest: Hashable, Sendable, BitwiseCopyable, Codable {
        public var reason: BootReason
        public var chargingStation: ChargingStation

        @inlinable public init(reason: BootReason, chargingStation: ChargingStation) {
            self.reason = reason
            self.chargingStation = chargingStation
        }
    }

    public struct BootNotificationResponse: Hashable, Sendable, BitwiseCopyable, Codable {
        /// The CSMS's clock, by which the charging station sets its own.
        public var currentTime: Timestamp
        /// Seconds: heartbeat interval when accepted, else the least wait before the next BootNotification; 0 leaves
        /// the choice to the charging station.
        public var interval: Int32
        public var status: RegistrationStatus

        @inlinable public init(currentTime: Timestamp, interval: Int32, status: RegistrationStatus) {
            self.currentTime = currentTime
            self.interval = interval
            self.status = status
        }
    }
}
