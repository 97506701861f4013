internal import Dispatch
internal import Models
internal import NIOCore
internal import OCPP
internal import OCPPMessages
internal import PKI
internal import Sockets

/// Does what stations cannot do inside a state machine: files, networks and cryptography.
///
/// Cryptography runs on a thread of its own, transfers on the station's event loop. What a station holds (keys,
/// images) is kept by its identity, bounded by the stations there are and by ``imagesMax``.
final class StationJobs: @unchecked Sendable {
    /// Firmware images kept at a time, over all stations.
    static let imagesMax = 64

    private struct Vault {
        var keys: [CertificateUse: PrivateKey] = [:]
        var images: [Int: [UInt8]] = [:]
        var partitions: [Int: [UInt8]] = [:]
        var roots: [Certificate] = []
        var lastDownload = 0
    }

    private let queue = DispatchQueue(label: "evtwin.station-jobs")
    /// On ``queue`` alone.
    private var vaults: [String: Vault] = [:]
    private var meterKeys = MeterKeys()

    /// Runs a job; the result comes by the promise, always.
    func run(
        _ job: StationJob, of identity: String, on eventLoop: any EventLoop, result: EventLoopPromise<StationJobResult>
    ) {
        switch job {
        case .download(let url):
            HTTPTransfer(eventLoop: eventLoop).get(url).whenComplete { [self] outcome in
                switch outcome {
                case .failure(let error): result.succeed(.failed("\(error)"))
                case .success(let bytes):
                    onQueue(result) { try self.keep(bytes, of: identity) }
                }
            }
        case .upload(let url, let log, let oldest, let latest):
            let text = Self.logText(log, identity: identity, oldest: oldest, latest: latest)
            HTTPTransfer(eventLoop: eventLoop).put(url, body: Array(text.utf8)).whenComplete { outcome in
                switch outcome {
                case .success: result.succeed(.done)
                case .failure(let error): result.succeed(.failed("\(error)"))
                }
            }
        case .unlock: result.succeed(.failed("no plant"))  // the site answers these itself
        case .deliverEXI, .deliverOCSP, .deliverChainStatus, .unpublish, .revertCertificate: result.succeed(.done)
        case .publish: result.succeed(.failed("a simulated station offers no downloads"))
        case .verifyFirmware, .checkCertificate, .install, .activate, .checkMD5, .makeCSR, .adoptCertificate,
            .readCertificate, .signMeterValue, .readMeterKey:
            onQueue(result) { try self.compute(job, of: identity) }
        }
    }

    private func onQueue(
        _ result: EventLoopPromise<StationJobResult>, _ body: @escaping @Sendable () throws -> StationJobResult
    ) {
        queue.async {
            do { result.succeed(try body()) } catch { result.succeed(.failed("\(error)")) }
        }
    }

    private func keep(_ bytes: [UInt8], of identity: String) throws -> StationJobResult {
        let held = vaults.values.reduce(0) { $0 + $1.images.count }
        if held >= Self.imagesMax { for key in vaults.keys { vaults[key]?.images.removeAll() } }
        vaults[identity, default: Vault()].images = [0: bytes]
        return .downloaded(sha256: ByteText.hex(try Digest.of(bytes)), bytes: bytes.count)
    }

    private func compute(_ job: StationJob, of identity: String) throws -> StationJobResult {
        var vault = vaults[identity] ?? Vault()
        defer { vaults[identity] = vault }
        switch job {
        case .verifyFirmware(_, let pem, let signature):
            guard let image = vault.images[0] else { return .failed("no image") }
            guard let bytes = ByteText.bytes(base64: signature) else { return .failed("the signature is no base64") }
            let key = try Certificate(pem: pem).publicKey()
            let scheme: SignatureScheme = key.isRSA ? .rsaPSS : .ecdsa
            return try key.verify(bytes, of: image, scheme: scheme) ? .done : .failed("the signature does not fit")
        case .checkCertificate(let pem, _):
            let certificate = try Certificate(pem: pem)
            return certificate.isValid(at: Self.now) ? .done : .failed("the certificate is not valid now")
        case .install(_, let partition):
            guard let image = vault.images[0] else { return .failed("no image") }
            vault.partitions[partition] = image
            return .written(sha256: ByteText.hex(try Digest.of(image)))
        case .activate(let partition): return vault.partitions[partition] == nil ? .failed("nothing installed") : .done
        case .checkMD5(_, let md5):
            guard let image = vault.images[0] else { return .failed("no image") }
            return ByteText.hex(try MD5.of(image)) == md5.lowercased() ? .done : .failed("another checksum")
        case .makeCSR(let use, let organization):
            let key = try PrivateKey(.ecdsaP256)
            vault.keys[use] = key
            let name = DistinguishedName(
                commonName: identity, organization: organization.isEmpty ? "evtwin" : organization)
            return .csr(pem: try CertificateRequest(subject: name, key: key).pem())
        case .adoptCertificate(let chain, let use):
            let certificates = try Certificate.chain(pem: chain)
            guard let first = certificates.first else { return .failed("no certificate") }
            guard let key = vault.keys[use], first.belongs(to: key) else {
                return .failed("the certificate is not for the key of the request")
            }
            guard first.isValid(at: Self.now) else { return .failed("the certificate is not valid now") }
            return .certificate(try Self.facts(first, issuer: certificates.dropFirst().first ?? first))
        case .readCertificate(let pem, let signedBy):
            let certificate = try Certificate(pem: pem)
            guard certificate.isValid(at: Self.now) else { return .failed("the certificate is not valid now") }
            if !signedBy.isEmpty {
                let roots = try signedBy.map { try Certificate(pem: $0) }
                do {
                    try CertificateStore(roots: roots).verify(certificate, at: Self.now)
                } catch { return .failed("not signed by the root that is there") }
            }
            return .certificate(try Self.facts(certificate, issuer: certificate))
        case .signMeterValue(let text):
            return .signature(try meterKeys.sign(text, of: identity))
        case .readMeterKey: return .meterKey(try meterKeys.publicKey(of: identity))
        default: return .failed("not supported")
        }
    }

    private static func facts(_ certificate: Certificate, issuer: Certificate) throws -> CertificateFacts {
        let hash = try PKI.CertificateHashData(of: certificate, issuer: issuer)
        return CertificateFacts(
            hash: V2.CertificateHashData(
                hashAlgorithm: .sha256, issuerNameHash: hash.issuerNameHash, issuerKeyHash: hash.issuerKeyHash,
                serialNumber: hash.serialNumber),
            subject: try certificate.subjectText(),
            notBefore: Timestamp(microseconds: certificate.notBefore * 1_000_000),
            notAfter: Timestamp(microseconds: certificate.notAfter * 1_000_000), isSelfSigned: certificate.isSelfSigned)
    }

    /// Certificates are judged by the wall clock: they come from a real CSMS.
    private static var now: Int64 { Int64(WallTime.secondsSince1970) }

    private static func logText(_ log: V2.LogEnum, identity: String, oldest: Timestamp?, latest: Timestamp?) -> String {
        """
        station: \(identity)
        log: \(log.wireText)
        from: \(oldest?.text ?? "the beginning")
        to: \(latest?.text ?? "now")

        """
    }
}
