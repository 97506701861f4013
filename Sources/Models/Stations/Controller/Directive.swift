public import OCPP
public import OCPPMessages

/// What a block wants done outside itself: by the everyday machine, by the plant or by the driver. `evse` counts from 0.
public enum Directive: Equatable, Sendable, Codable {
    // The everyday machine.
    /// Authorize `idToken` as if it had been presented; asks the CSMS first when `needsAuthorization`.
    case startTransaction(
        evse: Int, idToken: V2.IdToken, groupIdToken: V2.IdToken?, remoteStartId: Int?, needsAuthorization: Bool)
    case stopTransaction(evse: Int, Core.StoppedReason)
    /// `nil` for the whole charging station. Persists over a restart.
    case setOperative(evse: Int?, Bool)
    /// Shows the EVSE as Reserved, or not any more.
    case setReserved(evse: Int, Bool)
    case clearCache
    /// Sends the message again or anew, for one EVSE or all that it can be about.
    case trigger(TriggeredMessage, evse: Int?)

    // The plant.
    /// Ends running transactions with this reason and starts anew; `nil` for the whole charging station.
    case restart(Core.BootReason, evse: Int?)
    case unlock(evse: Int, connector: Int)
    /// What an EVSE may draw has changed: ask ``StationController/limit(evse:now:)``; `nil` for all.
    case limitChanged(evse: Int?)
    /// Texts of the display changed: ask ``StationController/displayedMessages(now:)``.
    case displayChanged

    // The connection.
    /// Reconnect with the present network profile, credentials and certificate.
    case reconnect
}

/// An everyday message that TriggerMessage can ask for.
public enum TriggeredMessage: String, WireEnumeration {
    case bootNotification = "BootNotification"
    case heartbeat = "Heartbeat"
    case statusNotification = "StatusNotification"
    case meterValues = "MeterValues"
    case transactionEvent = "TransactionEvent"
}

/// Work that needs files, networks or cryptography: done by the driver, whose answer is a ``StationJobResult``.
public enum StationJob: Equatable, Sendable, Codable {
    /// Fetch a firmware image. Progress is told by ``StationJobResult/downloaded(sha256:bytes:)`` or failed.
    case download(url: String)
    /// Check the image of `download`: certificate chain and signature (base64) over its SHA-256.
    case verifyFirmware(download: Int, certificate: String, signature: String)
    /// Check a firmware signing certificate alone, before the download.
    case checkCertificate(pem: String, use: CertificateUse)
    /// Write the image to the inactive partition.
    case install(download: Int)
    /// Boot the other partition and test it.
    case activate(download: Int)
    /// Upload a log file.
    case upload(url: String, log: V2.LogEnum, oldest: Timestamp?, latest: Timestamp?)
    /// Make a key pair and a signing request for it.
    case makeCSR(use: CertificateUse)
    /// Take over a signed chain: check it against the key of `makeCSR` and the roots, and use it.
    case adoptCertificate(chain: String, use: CertificateUse)
    /// Read a root or sub certificate and give its hash data.
    case readCertificate(pem: String, hash: V2.HashAlgorithmEnum)
    /// Sign the text of a meter record.
    case signMeterValue(String)
    /// Ask the vehicle's or the station's contract module about an EXI exchange.
    case deliverEXI(evse: Int, exi: String)
}

/// What a certificate is for.
public enum CertificateUse: String, WireEnumeration {
    case chargingStation = "ChargingStationCertificate"
    case v2g = "V2GCertificate"
    case v2g20 = "V2G20Certificate"
    case firmware = "FirmwareSigning"
}

/// Progress or end of a ``StationJob``.
public enum StationJobResult: Equatable, Sendable, Codable {
    case done
    case downloaded(sha256: String, bytes: Int)
    case csr(pem: String)
    case certificate(
        hash: V2.CertificateHashData, subject: String, notBefore: Timestamp, notAfter: Timestamp, isSelfSigned: Bool)
    case signature(String)
    /// With a short reason for logs and statusInfo.
    case failed(String)
}
