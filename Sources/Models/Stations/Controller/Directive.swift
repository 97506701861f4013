public import OCPP
public import OCPPMessages

/// What a block wants done outside itself: by the everyday machine, by the plant or by the driver. `evse` counts from 0.
public enum Directive: Equatable, Sendable, Codable {
    // The everyday machine.
    /// Authorize `idToken` as if it had been presented; asks the CSMS first when `needsAuthorization`.
    case startTransaction(
        evse: Int, idToken: V2.IdToken, groupIdToken: V2.IdToken?, remoteStartId: Int?, needsAuthorization: Bool)
    case stopTransaction(evse: Int, Core.StoppedReason)
    /// A connector, counted from 0, or with `nil` all of the EVSE, is in service or not. Persists over a restart.
    case setOperative(evse: Int, connector: Int?, Bool)
    /// Who alone may start where: takes the place of all earlier reservations. `shown` are the EVSEs to show as Reserved.
    case setReservations([ReservationHold], shown: [Int])
    case clearCache
    /// Sends the message again or anew, for one EVSE or all that it can be about.
    case trigger(TriggeredMessage, evse: Int?, connector: Int?)

    // The plant.
    /// Ends running transactions with ImmediateReset and starts anew; `nil` for the whole charging station.
    /// - Parameter resumes: transactions are not ended but go on after the start. OCPP 2.1.
    case restart(Core.BootReason, evse: Int?, resumes: Bool)
    /// What an EVSE may draw has changed: ask ``StationController/limit(evse:now:)``; `nil` for all.
    case limitChanged(evse: Int?)
    /// An EVSE shows drivers that they may start there, or that it is reserved or out of service.
    case invites(evse: Int, Bool)
    /// Texts of the display changed: ask ``StationController/displayedMessages(now:)``.
    case displayChanged
    /// An exchange of batteries begins: somebody may put a set in. OCPP 2.1.
    case swapOpened
    /// An exchange of batteries is over, done or not: slots are locked.
    case swapClosed

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
    /// Unlock a connector, whose plug is then free or not. Done by the plant: done or failed.
    case unlock(evse: Int, connector: Int)
    /// Fetch a firmware image. Progress is told by ``StationJobResult/downloaded(sha256:bytes:)`` or failed.
    case download(url: String)
    /// Check the image of `download`: certificate chain and signature (base64) over its SHA-256.
    case verifyFirmware(download: Int, certificate: String, signature: String)
    /// Check a firmware signing certificate alone, before the download.
    case checkCertificate(pem: String, use: CertificateUse)
    /// Write the image to a partition; told by ``StationJobResult/written(sha256:)`` of what can be read back from it.
    case install(download: Int, partition: Int)
    /// Restart (``Core/BootReason/firmwareUpdate``) from this partition and test oneself; failed when the test did, and
    /// the charging station then runs from the partition it ran from before.
    case activate(partition: Int)
    /// Compare the MD5 sum of the image of `download`, in hexadecimal.
    case checkMD5(download: Int, md5: String)
    /// Offer the image of `download` to other charging stations of the site; told by ``StationJobResult/published(urls:)``.
    case publish(download: Int, md5: String)
    /// Take back an image offered.
    case unpublish(md5: String)
    /// Upload a log file.
    case upload(url: String, log: V2.LogEnum, oldest: Timestamp?, latest: Timestamp?)
    /// Make a key pair and a signing request for it.
    /// - Parameter organization: the subject's O; empty for the driver's own.
    case makeCSR(use: CertificateUse, organization: String)
    /// Take over a signed chain: check it against the key of `makeCSR` and the roots, and use it.
    case adoptCertificate(chain: String, use: CertificateUse)
    /// Use the certificate and key of before the last `adoptCertificate` again.
    case revertCertificate(use: CertificateUse)
    /// Read a root certificate and give its hash data, with SHA-256.
    /// - Parameter signedBy: where given, a certificate of which one must have signed it.
    case readCertificate(pem: String, signedBy: [String])
    /// Sign the text of a meter record with the meter's key; told by ``StationJobResult/signature(_:)``.
    case signMeterValue(String)
    /// Read the public key of the meter off it; told by ``StationJobResult/meterKey(_:)``.
    case readMeterKey
    /// Hand the CSMS's answer to the vehicle: base64 of EXI, or `nil` where there is none.
    case deliverEXI(evse: Int, exi: String?)
    /// Use an OCSP answer (base64 of DER) for a certificate of the charging station's own chains.
    case deliverOCSP(V2.OCSPRequestData, result: String)
    /// Tell the contract module of an EVSE how the certificates of a vehicle's contract stand; empty when nobody knows.
    case deliverChainStatus(evse: Int, [V2.CertificateStatus])
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
    case certificate(CertificateFacts)
    /// DER of an ECDSA signature, in hexadecimal.
    case signature(String)
    /// DER of a SubjectPublicKeyInfo, in hexadecimal.
    case meterKey(String)
    /// SHA-256 of a partition, in hexadecimal.
    case written(sha256: String)
    /// Where the image can be fetched.
    case published(urls: [String])
    /// With a short reason for logs and statusInfo. For uploads a word of `UploadLogStatusEnum` where one fits
    /// (PermissionDenied, BadMessage, NotSupportedOperation), for certificates `Revoked`.
    case failed(String)
}

/// What a certificate says.
public struct CertificateFacts: Equatable, Sendable, Codable {
    public var hash: V2.CertificateHashData
    /// Of the sub-CA certificates that came with it, nearest first.
    public var children: [V2.CertificateHashData]
    public var subject: String
    public var notBefore: Timestamp
    public var notAfter: Timestamp
    public var isSelfSigned: Bool
    /// What to ask about the status of the certificate and its sub-CAs by OCSP, where they name a responder.
    public var statusQuestions: [V2.OCSPRequestData]

    public init(
        hash: V2.CertificateHashData, children: [V2.CertificateHashData] = [], subject: String, notBefore: Timestamp,
        notAfter: Timestamp, isSelfSigned: Bool, statusQuestions: [V2.OCSPRequestData] = []
    ) {
        self.hash = hash
        self.children = children
        self.subject = subject
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.isSelfSigned = isSelfSigned
        self.statusQuestions = statusQuestions
    }
}
