public import OCPP
public import OCPPMessages

/// How a CSMS deals with a charging station in everything a ``StationDesk`` does.
///
/// One value serves a whole network; a server that treats some charging stations differently gives their desks a changed
/// copy.
public struct DeskSettings: Equatable, Sendable {
    /// Registration of new charging stations, heartbeat, silence, tokens nobody knows.
    public var everyday: CSMSSettings
    /// What is done with a charging station before it is accepted for the first time.
    public var provisioning: ProvisioningPlan
    /// What of its device model is asked for after the first accepted BootNotification and after a change of firmware.
    public var inventory: Inventory
    /// Whether one token may be charging in several transactions of the charging station at once. Otherwise the second
    /// is told ``Core/AuthorizationStatus/concurrentTx``.
    public var allowsConcurrentTransactions: Bool
    /// Group whose tokens may stop every transaction and start none (C16); empty for none.
    public var masterPassGroup: IdentifierText
    /// Vendors whose DataTransfers are taken; all others are answered UnknownVendorId.
    public var vendors: [DataTransferVendor]
    /// The schedule given to a vehicle that tells its needs (K15); `nil` for none.
    public var chargingNeeds: ChargingNeedsPolicy?
    /// Whether certificates are signed for the charging station.
    public var signsCertificates: Bool
    /// Seconds before the end of a certificate made here at which the charging station is asked to renew it.
    public var certificateRenewalS: Int64
    /// Whether a charging station that sends messages without ever having been accepted is asked to boot, once a
    /// connection.
    public var asksForBoot: Bool
    /// Seconds an accepted remote start waits for its transaction.
    public var remoteStartTimeoutS: Int64
    /// Seconds a job of the driver may take before the charging station is answered without it; below the time a
    /// charging station waits for an answer.
    public var jobTimeoutS: Int64
    /// Seconds after which an incomplete ended transaction is asked about, and asked about again while the charging
    /// station says that messages are waiting (E14).
    public var transactionStatusDelayS: Int64
    /// Attempts to bring a firmware to the charging station before an order is given up, at least 1.
    public var firmwareAttempts: Int
    /// Seconds between two such attempts.
    public var firmwareRetryS: Int64

    public init(
        everyday: CSMSSettings = CSMSSettings(), provisioning: ProvisioningPlan = ProvisioningPlan(),
        inventory: Inventory = .full, allowsConcurrentTransactions: Bool = true,
        masterPassGroup: IdentifierText = IdentifierText(), vendors: [DataTransferVendor] = [],
        chargingNeeds: ChargingNeedsPolicy? = nil, signsCertificates: Bool = true,
        certificateRenewalS: Int64 = 30 * 86_400, asksForBoot: Bool = true, remoteStartTimeoutS: Int64 = 600,
        jobTimeoutS: Int64 = 20, transactionStatusDelayS: Int64 = 60, firmwareAttempts: Int = 3,
        firmwareRetryS: Int64 = 3600
    ) {
        precondition(firmwareAttempts >= 1 && jobTimeoutS >= 1, "something is tried once, and takes time")
        self.everyday = everyday
        self.provisioning = provisioning
        self.inventory = inventory
        self.allowsConcurrentTransactions = allowsConcurrentTransactions
        self.masterPassGroup = masterPassGroup
        self.vendors = vendors
        self.chargingNeeds = chargingNeeds
        self.signsCertificates = signsCertificates
        self.certificateRenewalS = certificateRenewalS
        self.asksForBoot = asksForBoot
        self.remoteStartTimeoutS = remoteStartTimeoutS
        self.jobTimeoutS = jobTimeoutS
        self.transactionStatusDelayS = transactionStatusDelayS
        self.firmwareAttempts = firmwareAttempts
        self.firmwareRetryS = firmwareRetryS
    }
}

/// Which report of the device model is fetched (B07, B08; GetConfiguration in OCPP 1.6).
public enum Inventory: Hashable, Sendable {
    case none
    /// What can be set.
    case configuration
    /// Everything.
    case full
    /// What is not as it should be.
    case summary
}

/// What a charging station is told while it is Pending, before its first Accepted (B02).
public struct ProvisioningPlan: Equatable, Sendable {
    /// Counts the versions of the plan; a charging station that went through an older one goes through this at its next
    /// start. 0 for a plan without steps.
    public var revision: Int
    /// For OCPP 2.x, one SetVariables each.
    public var variables: [V2.SetVariableData]
    /// For OCPP 1.6, one ChangeConfiguration each: key and value.
    public var configuration: [Setting]

    /// A configuration key of OCPP 1.6 and its value.
    public struct Setting: Hashable, Sendable {
        /// At most 50 characters.
        public var key: String
        /// At most 500 characters.
        public var value: String

        public init(key: String, value: String) {
            self.key = key
            self.value = value
        }
    }

    /// Steps of the plan in one message each.
    public static let variablesPerMessage = 10

    public init(revision: Int = 0, variables: [V2.SetVariableData] = [], configuration: [Setting] = []) {
        self.revision = revision
        self.variables = variables
        self.configuration = configuration
    }
}

/// A vendor whose DataTransfers are taken (P02).
public struct DataTransferVendor: Hashable, Sendable {
    /// Reversed domain name, at most 255 characters; compared in any case.
    public var vendorID: String
    /// Messages of the vendor that are taken; empty for all. Others are answered UnknownMessageId.
    public var messageIDs: [String]

    public init(vendorID: String, messageIDs: [String] = []) {
        self.vendorID = vendorID
        self.messageIDs = messageIDs
    }
}

/// How a vehicle that tells its needs is given a schedule (K15): evenly until it leaves, within limits.
public struct ChargingNeedsPolicy: Hashable, Sendable {
    /// The most a vehicle gets, W.
    public var powerMaxW: Double
    /// The least a vehicle that charges gets, W.
    public var powerMinW: Double
    /// Seconds assumed until departure where the vehicle does not say.
    public var stayS: Int64
    /// Stack level of the TxProfile made.
    public var stackLevel: Int

    public init(powerMaxW: Double, powerMinW: Double = 1380, stayS: Int64 = 8 * 3600, stackLevel: Int = 0) {
        precondition(powerMaxW >= powerMinW && powerMinW >= 0 && stayS > 0 && stackLevel >= 0, "limits in order")
        self.powerMaxW = powerMaxW
        self.powerMinW = powerMinW
        self.stayS = stayS
        self.stackLevel = stackLevel
    }
}
