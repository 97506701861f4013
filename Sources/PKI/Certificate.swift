internal import CCrypto

/// An X.509 certificate.
public struct Certificate: Sendable {
    let handle: Handle

    init(_ handle: Handle) { self.handle = handle }

    // MARK: Reading and writing

    public init(der: [UInt8]) throws(PKIError) {
        handle = try Memory.parse(
            der, "read a certificate", release: { X509_free($0) },
            read: { position, count in d2i_X509(nil, position, count) })
    }

    /// Reads the first certificate of a PEM text.
    public init(pem: String) throws(PKIError) {
        guard let first = try Self.chain(pem: pem).first else {
            throw PKIError("read a certificate", reason: "the text holds none")
        }
        self = first
    }

    /// Most certificates that are read from one text.
    public static let longestChain = 64

    /// Reads all certificates of a PEM text, in order; an empty list when it holds none.
    /// - Throws: when one of them is malformed, or there are too many.
    public static func chain(pem: String) throws(PKIError) -> [Certificate] {
        let operation = "read a certificate"
        let stream = try Memory.reader(Array(pem.utf8), operation)
        var chain: [Certificate] = []
        while let certificate = PEM_read_bio_X509(stream.pointer, nil, Memory.noPassPhrase, nil) {
            chain.append(Certificate(try Handle(certificate, operation) { X509_free($0) }))
            guard chain.count <= longestChain else {
                throw PKIError(operation, reason: "more than \(longestChain) certificates")
            }
        }
        let error = ERR_peek_last_error()
        ERR_clear_error()
        guard evtwin_is_no_start_line(error) == 1 else { throw PKIError(operation, reason: "malformed PEM") }
        return chain
    }

    public func der() throws(PKIError) -> [UInt8] {
        try Memory.der("write a certificate") { i2d_X509(handle.pointer, $0) }
    }
    public func pem() throws(PKIError) -> String {
        let stream = try Memory.writer("write a certificate")
        try PKIError.check(PEM_write_bio_X509(stream.pointer, handle.pointer), "write a certificate")
        return Memory.text(stream)
    }

    // MARK: Contents

    public var subject: DistinguishedName { DistinguishedName(X509_get_subject_name(handle.pointer)) }
    public var issuer: DistinguishedName { DistinguishedName(X509_get_issuer_name(handle.pointer)) }
    /// The whole subject as RFC 2253 text.
    public func subjectText() throws(PKIError) -> String {
        try DistinguishedName.text(X509_get_subject_name(handle.pointer))
    }
    /// The whole issuer as RFC 2253 text.
    public func issuerText() throws(PKIError) -> String {
        try DistinguishedName.text(X509_get_issuer_name(handle.pointer))
    }
    /// Hexadecimal digits without leading zeros, as in OCPP's CertificateHashDataType.
    public var serialNumber: String { SerialNumber.text(X509_get0_serialNumber(handle.pointer)) }

    /// First second of validity, since 1970-01-01T00:00:00Z.
    public var notBefore: Int64 { CalendarTime.seconds(X509_get0_notBefore(handle.pointer)) }
    /// Last second of validity, since 1970-01-01T00:00:00Z.
    public var notAfter: Int64 { CalendarTime.seconds(X509_get0_notAfter(handle.pointer)) }
    public func isValid(at seconds: Int64) -> Bool { (notBefore...max(notBefore, notAfter)).contains(seconds) }

    public var isCA: Bool { X509_check_ca(handle.pointer) == 1 }
    /// Whether subject and issuer agree and its own key has signed it.
    public var isSelfSigned: Bool { X509_self_signed(handle.pointer, 1) == 1 }
    public func publicKey() throws(PKIError) -> PublicKey {
        PublicKey(
            try Handle(X509_get_pubkey(handle.pointer), "read the key of a certificate") { EVP_PKEY_free($0) })
    }
    /// Whether the certificate was made for this key pair.
    public func belongs(to key: PrivateKey) -> Bool {
        defer { ERR_clear_error() }
        return X509_check_private_key(handle.pointer, key.handle.pointer) == 1
    }

    /// Whether `issuer` has signed it: names and key identifiers agree, and the signature is right.
    public func isIssued(by issuer: Certificate) -> Bool {
        defer { ERR_clear_error() }
        guard X509_check_issued(issuer.handle.pointer, handle.pointer) == X509_V_OK else { return false }
        guard let key = try? issuer.publicKey() else { return false }
        return X509_verify(handle.pointer, key.handle.pointer) == 1
    }
    /// Whether its issuer has appointed it to sign OCSP responses.
    public var isForOCSPSigning: Bool { evtwin_signs_ocsp(handle.pointer) == 1 }

    /// Most addresses of responders that are read.
    public static let mostResponders = 4
    /// Where its issuer answers OCSP requests about it, as far as it says so.
    public var responderURLs: [String] {
        guard let urls = evtwin_ocsp_urls(handle.pointer) else { return [] }
        defer { evtwin_urls_free(urls) }
        return (0..<min(max(evtwin_urls_count(urls), 0), Int32(Self.mostResponders))).compactMap { index in
            evtwin_urls_at(urls, index).map { String(cString: $0) }
        }
    }

    /// DNS names and addresses (dotted, or colons and hexadecimal digits) that the certificate is for.
    public var alternativeNames: [String] {
        guard let names = evtwin_names_of(handle.pointer) else { return [] }
        defer { evtwin_names_free(names) }
        var texts: [String] = []
        for index in 0..<evtwin_names_count(names) {
            var kind: Int32 = 0
            guard let string = evtwin_names_at(names, index, &kind), let data = ASN1_STRING_get0_data(string) else {
                continue
            }
            let bytes = UnsafeBufferPointer(start: data, count: Int(ASN1_STRING_length(string)))
            texts.append(kind == GEN_DNS ? String(decoding: bytes, as: UTF8.self) : Self.address(Array(bytes)))
        }
        return texts
    }

    /// Whether a TLS client may take this certificate for `host`, a DNS name or an address.
    public func isFor(host: String) -> Bool {
        let bytes = Array(host.utf8)
        guard !bytes.isEmpty, !bytes.contains(0) else { return false }
        return X509_check_ip_asc(handle.pointer, host, 0) == 1
            || bytes.withUnsafeBytes {
                X509_check_host(
                    handle.pointer, $0.assumingMemoryBound(to: CChar.self).baseAddress, $0.count, 0, nil)
            } == 1
    }

    private static func address(_ bytes: [UInt8]) -> String {
        if bytes.count == 4 { return bytes.map { String($0) }.joined(separator: ".") }
        let groups = stride(from: 0, to: bytes.count - 1, by: 2).map { Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]) }
        return groups.map { String($0, radix: 16) }.joined(separator: ":")
    }
}

/// Serial numbers as OCPP writes them.
enum SerialNumber {
    static func text(_ integer: UnsafePointer<ASN1_INTEGER>?) -> String {
        guard let number = ASN1_INTEGER_to_BN(integer, nil) else { return "" }
        defer { BN_free(number) }
        guard let digits = BN_bn2hex(number) else { return "" }
        defer { evtwin_free(digits) }
        let trimmed = String(cString: digits).drop { $0 == "0" }
        return trimmed.isEmpty ? "0" : String(trimmed).lowercased()
    }
}

/// Times inside certificates.
enum CalendarTime {
    static func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64 {
        var parts = tm()
        guard let time, ASN1_TIME_to_tm(time, &parts) == 1 else { return .min }
        return Int64(timegm(&parts))
    }
}
