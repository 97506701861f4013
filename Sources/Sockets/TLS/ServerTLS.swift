internal import NIOCore
internal import NIOSSL

/// TLS at the server's end: certificates, versions and what is asked of clients. Made once; making it is slow.
public final class ServerTLS: Sendable {
    /// What is asked of clients.
    public enum ClientCertificates: Sendable {
        /// Nothing.
        case none
        /// A certificate that leads to one of these roots, if the client has one; a wrong one is refused.
        case optional(roots: PEMSource)
        /// A certificate that leads to one of these roots.
        case required(roots: PEMSource)
    }

    private let ecdsa: NIOSSLContext?
    private let rsa: NIOSSLContext?

    /// - Parameters:
    ///   - identities: one, or one of each kind of key: the client's hello then decides which is shown.
    ///   - clientCertificates: whether clients have to prove who they are (security profile 3).
    ///   - versions: TLS 1.2 is the least (A00.FR.313).
    /// - Throws: ``TLSProblem``.
    /// - Source: OCPP 2.0.1 part 2, A00.FR.318: a CSMS has an RSA and an ECDSA certificate.
    public init(
        identities: [TLSIdentity], clientCertificates: ClientCertificates = .none, versions: TLSVersions = .from12
    ) throws(TLSProblem) {
        guard 1...2 ~= identities.count, Set(identities.map(\.keyKind)).count == identities.count else {
            throw TLSProblem(
                description: "a server has one certificate, or one with an ECDSA key and one with an RSA key")
        }
        var contexts: [TLSIdentity.KeyKind: NIOSSLContext] = [:]
        for identity in identities {
            contexts[identity.keyKind] = try Self.context(identity, clientCertificates, versions)
        }
        ecdsa = contexts[.ecdsa]
        rsa = contexts[.rsa]
    }

    private static func context(
        _ identity: TLSIdentity, _ clients: ClientCertificates, _ versions: TLSVersions
    ) throws(TLSProblem) -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: identity.chain, privateKey: identity.key)
        versions.apply(to: &configuration)
        configuration.cipherSuiteValues = cipherSuites
        configuration.shutdownTimeout = .seconds(2)
        switch clients {
        case .none: configuration.certificateVerification = .none
        case .optional(let roots):
            configuration.certificateVerification = .optionalVerification
            configuration.trustRoots = .certificates(try certificateList(roots))
            configuration.sendCANameList = true
        case .required(let roots):
            configuration.certificateVerification = .noHostnameVerification
            configuration.trustRoots = .certificates(try certificateList(roots))
            configuration.sendCANameList = true
        }
        do { return try NIOSSLContext(configuration: configuration) } catch {
            throw TLSProblem(description: "TLS cannot be set up (\(error))")
        }
    }

    /// Puts TLS into a new connection's pipeline.
    func install(in pipeline: ChannelPipeline.SynchronousOperations) throws {
        if let ecdsa, let rsa {
            try pipeline.addHandler(ClientHelloHandler(ecdsa: ecdsa, rsa: rsa))
        } else if let only = ecdsa ?? rsa {
            try pipeline.addHandler(NIOSSLServerHandler(context: only))
        }
    }
}
