internal import CCrypto

extension Certificate {
    /// Addresses of the OCSP responders that the certificate names, in its order; at most 8.
    /// - Source: RFC 5280, 4.2.2.1 (authority information access).
    public var responders: [String] {
        guard let list = X509_get1_ocsp(handle.pointer) else { return [] }
        defer { X509_email_free(list) }
        return (0..<min(8, OPENSSL_sk_num(list))).compactMap { index in
            OPENSSL_sk_value(list, index).map { String(cString: $0.assumingMemoryBound(to: CChar.self)) }
        }
    }
}
