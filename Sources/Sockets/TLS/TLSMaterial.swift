internal import NIOSSL

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Why certificates or keys cannot be used.
public struct TLSProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// What cannot be used and why.
    public var description: String
}

/// Where PEM text comes from.
public enum PEMSource: Hashable, Sendable {
    /// A file.
    case file(String)
    /// The text itself.
    case bytes([UInt8])

    var name: String {
        switch self {
        case .file(let path): path
        case .bytes: "the given PEM text"
        }
    }

    /// Why the file cannot be read; `nil` where it can.
    var unreadable: TLSProblem? {
        guard case .file(let path) = self else { return nil }
        guard let file = fopen(path, "r") else {
            return TLSProblem(description: "\(path): cannot be read (\(String(cString: strerror(errno)).lowercased()))")
        }
        fclose(file)
        return nil
    }
}

/// A certificate chain, the holder's certificate first, and its private key.
public struct TLSIdentity: Sendable {
    /// Kinds of keys that a server can hold one certificate of each for.
    public enum KeyKind: Hashable, Sendable {
        case ecdsa
        case rsa
    }

    /// Kind of the key.
    public let keyKind: KeyKind
    let chain: [NIOSSLCertificateSource]
    let key: NIOSSLPrivateKeySource

    /// Reads chain and key.
    /// - Throws: ``TLSProblem`` where one cannot be read or they do not belong together.
    public init(certificateChain: PEMSource, privateKey: PEMSource) throws(TLSProblem) {
        let certificates = try certificateList(certificateChain)
        guard let first = certificates.first else {
            throw TLSProblem(description: "\(certificateChain.name): no certificate in it")
        }
        chain = certificates.map { .certificate($0) }
        do {
            switch privateKey {
            case .file(let path): key = .privateKey(try NIOSSLPrivateKey(file: path, format: .pem))
            case .bytes(let bytes): key = .privateKey(try NIOSSLPrivateKey(bytes: bytes, format: .pem))
            }
            // DER of the public key begins with its algorithm's identifier: 1.2.840.10045.2.1 or 1.2.840.113549.1.1.1.
            let publicKey = try first.extractPublicKey().toSPKIBytes()
            keyKind = publicKey.starts(with: [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01], within: 16) ? .ecdsa : .rsa
            var trial = TLSConfiguration.makeServerConfiguration(certificateChain: chain, privateKey: key)
            trial.certificateVerification = .none
            _ = try NIOSSLContext(configuration: trial)
        } catch {
            if let problem = privateKey.unreadable { throw problem }
            throw TLSProblem(
                description: "\(privateKey.name): no PEM key in it that belongs to the certificate in "
                    + certificateChain.name)
        }
    }
}

extension [UInt8] {
    /// Whether the bytes stand at some place among the first ones.
    fileprivate func starts(with bytes: [UInt8], within: Int) -> Bool {
        (0...within).contains { dropFirst($0).starts(with: bytes) }
    }
}

/// The certificates of a PEM text, in order.
func certificateList(_ source: PEMSource) throws(TLSProblem) -> [NIOSSLCertificate] {
    do {
        switch source {
        case .file(let path): return try NIOSSLCertificate.fromPEMFile(path)
        case .bytes(let bytes): return try NIOSSLCertificate.fromPEMBytes(bytes)
        }
    } catch {
        throw source.unreadable ?? TLSProblem(description: "\(source.name): no PEM certificates in it")
    }
}

/// Versions of TLS that are spoken.
public enum TLSVersions: Hashable, Sendable {
    /// 1.2 and 1.3.
    case from12
    /// 1.2 alone.
    case only12
    /// 1.3 alone.
    case only13

    func apply(to configuration: inout TLSConfiguration) {
        configuration.minimumTLSVersion = self == .only13 ? .tlsv13 : .tlsv12
        configuration.maximumTLSVersion = self == .only12 ? .tlsv12 : .tlsv13
    }
}

/// Suites of TLS 1.2, strongest common first; those of 1.3 are fixed.
/// - Source: OCPP 2.0.1 part 2, A00.FR.318 and following: both ECDHE families with GCM.
let cipherSuites: [NIOTLSCipher] = [
    .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
]
