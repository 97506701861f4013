public import OCPP
public import OCPPMessages

/// Something that needs a store, a key or a network and is therefore done by the driver, which gives the result back as
/// ``StationDesk/Input/jobDone(id:_:)``.
///
/// Results may come in any order and at any time; one that comes after ``DeskSettings/jobTimeoutS`` is dropped.
public enum Job: Equatable, Sendable, Codable {
    /// Whether the store holds this transaction of the charging station; to be answered with all effects given before
    /// already applied. Result ``JobResult/transaction(_:)``.
    case findTransaction(TransactionQuery)
    /// Sign a request for a certificate of the charging station. Result ``JobResult/certificate(chain:ends:)``.
    case sign(SigningOrder)
    /// Whether a contract certificate is valid, by its chain in PEM or by hashes of its parts; both may be given (C07).
    /// Result ``JobResult/contract(_:)``.
    case checkContract(certificate: String?, hashes: [V2.OCSPRequestData], eMAID: String?)
    /// The OCSP response for a certificate (M06). Result ``JobResult/ocsp(_:)``.
    case ocsp(V2.OCSPRequestData)
    /// State of each certificate of a chain (2.1). Result ``JobResult/chain(_:)``.
    case checkChain([V2.CertificateStatusRequestInfo])
    /// Certificate installation or update for a vehicle, to be made by the contract's certificate pool (M01, M02). Result
    /// ``JobResult/vehicleCertificate(_:)``.
    case vehicleCertificate(V2.Get15118EVCertificateRequest)
    /// Who has this VAT number (2.1). Result ``JobResult/company(_:)``.
    case vatNumber(String)
}

/// By what a transaction is looked for.
public enum TransactionQuery: Hashable, Sendable, Codable {
    /// ``StoredTransaction/transactionID``.
    case id(IdentifierText)
    /// ``TransactionStart/key`` of ``StoredTransaction/start``.
    case start(key: String)
}

/// A certificate to be made for a charging station.
public struct SigningOrder: Equatable, Sendable, Codable {
    /// PKCS #10 in PEM, as received.
    public var csr: String
    /// `nil` in OCPP 1.6 and where a 2.x charging station leaves it out: the certificate of the charging station.
    public var use: V2.CertificateSigningUseEnum?
    /// The root the certificate shall lead to (2.1).
    public var root: V2.CertificateHashData?

    public init(csr: String, use: V2.CertificateSigningUseEnum? = nil, root: V2.CertificateHashData? = nil) {
        self.csr = csr
        self.use = use
        self.root = root
    }
}

/// What came of a ``Job``.
public enum JobResult: Equatable, Sendable {
    /// `nil` when the store does not hold it.
    case transaction(StoredTransaction?)
    /// PEM of the certificate and those that signed it, without the root; `ends` is the end of its validity.
    case certificate(chain: String, ends: Timestamp)
    case contract(V2.AuthorizeCertificateStatusEnum)
    /// Base64 of the DER of an `OCSPResponse`.
    case ocsp(String)
    case chain([V2.CertificateStatus])
    case vehicleCertificate(V2.Get15118EVCertificateResponse)
    /// `nil` when nobody has it.
    case company(V2.Address?)
    /// It could not be done; the reason is for diaries and statusInfo.
    case failed(String)
}

/// How a command of an operator ended.
public enum CommandOutcome: Equatable, Sendable {
    /// The charging station's answer, which may say Rejected.
    case answered(AnyResponse)
    /// The charging station answered with CALLERROR.
    case refused(RPCErrorCode, description: String)
    case timedOut
    /// There is no connection, or it was lost before the answer.
    case offline
    /// Too many commands are waiting.
    case busy
    /// Not sent, since the standard does not allow it; says why.
    case invalid(String)
}

/// Why a call to a charging station has no answer.
public enum CallFailure: Equatable, Sendable {
    /// CALLERROR.
    case refused(RPCErrorCode, description: String)
    case timedOut
    /// It was not sent, or the connection was lost before the answer.
    case notSent
}
