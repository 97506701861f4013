/// Whether and how messages are compressed (permessage-deflate).
///
/// Every message is compressed on its own: both ends agree on "no context takeover", so that one compressor serves all
/// connections of an event loop and an idle connection keeps no window (zlib's would be 300 kB each).
/// - Source: RFC 7692; OCPP 2.0.1 part 4, 3.4 (a CSMS shall support it).
public struct DeflateSettings: Hashable, Sendable {
    /// Messages shorter than this go as they are; bytes.
    public var threshold: Int
    /// zlib's level, 1 (fast) ... 9 (small).
    public var level: Int
    /// Window of this side's compressor in powers of two, 9 ... 15: how far back a repetition may lie.
    public var windowBits: Int

    /// Makes settings; numbers out of range are brought into it.
    public init(threshold: Int = 256, level: Int = 1, windowBits: Int = 13) {
        self.threshold = max(0, threshold)
        self.level = min(9, max(1, level))
        self.windowBits = min(15, max(9, windowBits))
    }

    /// What a client offers.
    var offer: String {
        "permessage-deflate; client_no_context_takeover; server_no_context_takeover; client_max_window_bits"
    }
}

/// What both ends agreed on for one connection.
struct DeflateAgreement: Hashable, Sendable {
    /// Window of this side's compressor in powers of two, 9 ... 15.
    let windowBits: Int
    /// Whether the server's answer has to name its window.
    private let namesWindow: Bool

    /// The value of the answer's Sec-WebSocket-Extensions header.
    var answer: String {
        let base = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
        return namesWindow ? base + "; server_max_window_bits=\(windowBits)" : base
    }

    /// The server's answer to a client's offers, in the client's order: the first that can be met; nil where none can.
    /// - Source: RFC 7692, 5.1 and 7.1.
    static func answering(_ offers: [ArraySlice<UInt8>], with settings: DeflateSettings) -> DeflateAgreement? {
        for offer in offers {
            guard let parameters = Parameters(offer), parameters.serverWindow.map({ $0 >= 9 }) ?? true,
                !parameters.isServerWindowBare
            else { continue }
            let window = min(settings.windowBits, parameters.serverWindow ?? 15)
            return DeflateAgreement(windowBits: window, namesWindow: parameters.serverWindow != nil)
        }
        return nil
    }

    private init(windowBits: Int, namesWindow: Bool) {
        self.windowBits = windowBits
        self.namesWindow = namesWindow
    }

    /// Reads a server's answer to ``DeflateSettings/offer``; nil where it does not fit the offer.
    init?(answer: ArraySlice<UInt8>, to settings: DeflateSettings) {
        guard let parameters = Parameters(answer), parameters.serverKeepsNothing, !parameters.isClientWindowBare,
            parameters.serverWindow == nil, parameters.clientWindow.map({ $0 >= 9 }) ?? true
        else { return nil }
        self.init(windowBits: min(settings.windowBits, parameters.clientWindow ?? 15), namesWindow: false)
    }

    /// The parameters of one offer or answer; each may stand once only.
    private struct Parameters {
        var serverKeepsNothing = false
        var clientKeepsNothing = false
        var serverWindow: Int?
        var clientWindow: Int?
        var isServerWindowBare = false
        var isClientWindowBare = false

        /// Nil for another extension, an unknown parameter, one that stands twice, or a value out of range.
        init?(_ text: ArraySlice<UInt8>) {
            let bytes = Array(text)
            let parts = bytes.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
                .map { bytes[ASCII.trimmed(bytes, $0.startIndex..<$0.endIndex)] }
            guard let name = parts.first, ASCII.equal(name, lowercase: "permessage-deflate") else { return nil }
            for part in parts.dropFirst() {
                let pair = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
                guard let key = pair.first, take(key, value: pair.count == 2 ? pair[1] : nil) else { return nil }
            }
        }

        private mutating func take(_ key: ArraySlice<UInt8>, value: ArraySlice<UInt8>?) -> Bool {
            if ASCII.equal(key, lowercase: "server_no_context_takeover"), value == nil, !serverKeepsNothing {
                serverKeepsNothing = true
            } else if ASCII.equal(key, lowercase: "client_no_context_takeover"), value == nil, !clientKeepsNothing {
                clientKeepsNothing = true
            } else if ASCII.equal(key, lowercase: "server_max_window_bits"), serverWindow == nil, !isServerWindowBare {
                guard let value else {
                    isServerWindowBare = true
                    return true
                }
                serverWindow = Self.bits(value)
                return serverWindow != nil
            } else if ASCII.equal(key, lowercase: "client_max_window_bits"), clientWindow == nil, !isClientWindowBare {
                guard let value else {
                    isClientWindowBare = true
                    return true
                }
                clientWindow = Self.bits(value)
                return clientWindow != nil
            } else {
                return false
            }
            return true
        }

        /// A window of 8 ... 15, quoted or not.
        private static func bits(_ value: ArraySlice<UInt8>) -> Int? {
            var digits = value
            if digits.count >= 2, digits.first == UInt8(ascii: "\""), digits.last == UInt8(ascii: "\"") {
                digits = digits.dropFirst().dropLast()
            }
            guard digits.first != UInt8(ascii: "0"), let number = ASCII.number(digits, digits: 2), 8...15 ~= number
            else {
                return nil
            }
            return number
        }
    }
}
