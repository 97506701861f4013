internal import Models
internal import OCPP
internal import PKI
internal import Sockets

/// What one station holds that must not leave it, and what it does with it: keys, certificates, firmware images.
struct StationVault {
    /// A key and the chain for it, leaf first.
    struct Own {
        var key: PrivateKey
        var chain: [Certificate]
    }

    let identity: String
    /// Downloaded last.
    var image: [UInt8]?
    private var partitions: [Int: [UInt8]] = [:]
    private var meterKey: PrivateKey?
    /// Keys of signing requests that wait for their certificate.
    var requested: [CertificateUse: PrivateKey] = [:]
    var own: [CertificateUse: Own] = [:]
    /// In use before ``own``.
    var previous: [CertificateUse: Own] = [:]

    init(identity: String) { self.identity = identity }

    mutating func keep(_ image: [UInt8]) throws -> StationJobResult {
        self.image = image
        return .downloaded(sha256: ByteText.hex(try Digest.of(image)), bytes: image.count)
    }

    /// Does a job that needs nothing but what is here.
    /// - Parameter now: seconds since 1970-01-01T00:00:00Z, by the wall clock: certificates come from a real CSMS.
    mutating func compute(_ job: StationJob, now: Int64) throws -> StationJobResult {
        switch job {
        case .verifyFirmware(_, let pem, let signature):
            guard let image else { return .failed("no image") }
            guard let bytes = ByteText.bytes(base64: signature) else { return .failed("the signature is no base64") }
            let key = try Certificate(pem: pem).publicKey()
            let scheme: SignatureScheme = key.isRSA ? .rsaPSS : .ecdsa
            return try key.verify(bytes, of: image, scheme: scheme) ? .done : .failed("the signature does not fit")
        case .install(_, let partition):
            guard let image else { return .failed("no image") }
            partitions[partition] = image
            return .written(sha256: ByteText.hex(try Digest.of(image)))
        case .activate(let partition): return partitions[partition] == nil ? .failed("nothing installed") : .done
        case .checkMD5(_, let md5):
            guard let image else { return .failed("no image") }
            return ByteText.hex(try MD5.of(image)) == md5.lowercased() ? .done : .failed("another checksum")
        case .signMeterValue(let text):
            return .signature(ByteText.hex(try meter().sign(Array(text.utf8), scheme: .ecdsa)))
        case .readMeterKey: return .meterKey(ByteText.hex(try meter().publicKey.der()))
        case .checkCertificate(let pem, _):
            return try Certificate(pem: pem).isValid(at: now) ? .done : .failed("the certificate is not valid now")
        case .makeCSR(let use, let organization): return try makeCSR(use, organization: organization)
        case .adoptCertificate(let chain, let use): return try adopt(chain, use, now: now)
        case .revertCertificate(let use):
            own[use] = previous.removeValue(forKey: use)
            return .done
        case .readCertificate(let pem, let signedBy): return try Self.read(pem, signedBy: signedBy, now: now)
        case .deliverOCSP(let question, let result): return try check(result, about: question, now: now)
        case .download, .upload, .publish, .unpublish, .unlock, .deliverEXI, .deliverChainStatus:
            return .failed("needs more than what the station holds")
        }
    }

    /// The key in the meter, made when first used.
    private mutating func meter() throws -> PrivateKey {
        let key = try meterKey ?? PrivateKey(.ecdsaP256)
        meterKey = key
        return key
    }
}
