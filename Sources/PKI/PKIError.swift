internal import CCrypto

/// Why something with keys or certificates could not be done.
public struct PKIError: Error, Hashable, CustomStringConvertible {
    /// What was tried, in words: "read a certificate".
    public let operation: String
    /// Why it failed, in OpenSSL's words where it has any.
    public let reason: String

    public init(_ operation: String, reason: String) {
        self.operation = operation
        self.reason = reason
    }

    public var description: String { "cannot \(operation): \(reason)" }

    /// The error that OpenSSL has just left on this thread, which is forgotten with that.
    static func openSSL(_ operation: String) -> PKIError {
        var reasons: [String] = []
        while true {
            let code = ERR_get_error()
            guard code != 0 else { break }
            if let text = ERR_reason_error_string(code) { reasons.append(String(cString: text)) }
        }
        return PKIError(operation, reason: reasons.first ?? "not accepted")
    }

    /// Throws what OpenSSL says when `result` is not 1.
    static func check(_ result: Int32, _ operation: String) throws(PKIError) {
        guard result == 1 else { throw openSSL(operation) }
    }
}
