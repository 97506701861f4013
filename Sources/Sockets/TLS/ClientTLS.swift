internal import NIOCore
internal import NIOSSL

/// TLS at the client's end. Made once for all connections that share roots and certificate; making it is slow.
public final class ClientTLS: Sendable {
    /// Whom to trust.
    public enum Roots: Sendable {
        /// The operating system's roots.
        case system
        /// These alone.
        case pem(PEMSource)
    }

    /// What is checked of the server.
    public enum Verification: Sendable {
        /// Its chain, and that it is made out to the name that was asked for or to the address that answered.
        case full
        /// Its chain alone.
        case chainOnly
        /// Nothing: for experiments; anybody can listen.
        case nothing
    }

    private let context: NIOSSLContext
    private let serverName: String?

    /// - Parameters:
    ///   - roots: whom to trust.
    ///   - identity: the client's own certificate, where the server asks for one (security profile 3).
    ///   - verification: what is checked of the server.
    ///   - serverName: name to ask for and to check, where it is not the URL's host.
    ///   - versions: of TLS.
    /// - Throws: ``TLSProblem``.
    public init(
        roots: Roots = .system, identity: TLSIdentity? = nil, verification: Verification = .full,
        serverName: String? = nil, versions: TLSVersions = .from12
    ) throws(TLSProblem) {
        var configuration = TLSConfiguration.makeClientConfiguration()
        versions.apply(to: &configuration)
        configuration.cipherSuiteValues = cipherSuites
        configuration.shutdownTimeout = .seconds(2)
        if case .pem(let source) = roots { configuration.trustRoots = .certificates(try certificateList(source)) }
        switch verification {
        case .full: configuration.certificateVerification = .fullVerification
        case .chainOnly: configuration.certificateVerification = .noHostnameVerification
        case .nothing: configuration.certificateVerification = .none
        }
        if let identity {
            configuration.certificateChain = identity.chain
            configuration.privateKey = identity.key
        }
        self.serverName = serverName
        do { context = try NIOSSLContext(configuration: configuration) } catch {
            throw TLSProblem(description: "TLS cannot be set up (\(error))")
        }
    }

    /// Puts TLS into a new connection's pipeline. An address is checked but not sent as a name (RFC 6066, 3).
    func install(in pipeline: ChannelPipeline.SynchronousOperations, host: String) throws {
        let name = serverName ?? host
        let isAddress = (try? SocketAddress(ipAddress: name, port: 0)) != nil
        try pipeline.addHandler(NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : name))
    }
}
