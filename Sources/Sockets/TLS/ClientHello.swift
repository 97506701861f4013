/// What a TLS client's first message says about the certificates it can check.
///
/// The TLS library shows the one certificate of its configuration; so the server looks at the hello first and then chooses
/// the configuration.
/// - Source: RFC 8446, 4.1.2 and 4.2.3; RFC 5246, 7.4.1.4.1; RFC 8422, 2.
struct ClientHello: Hashable {
    enum Progress: Hashable {
        case incomplete
        case complete(ClientHello)
        /// No client hello: the TLS library answers as it sees fit.
        case unreadable
    }

    /// Whether the client can do with a certificate that has an ECDSA key.
    let takesECDSA: Bool

    /// Longest hello that is looked at, in bytes.
    static let lengthMax = 16 * 1024

    /// Reads the beginning of a connection.
    static func read(_ bytes: [UInt8]) -> Progress {
        var message: [UInt8] = []
        var position = 0
        // The message may be split over several records (RFC 8446, 5.1).
        while true {
            if message.count >= 4 {
                let length = Int(message[1]) << 16 | Int(message[2]) << 8 | Int(message[3])
                guard message[0] == 1, length <= lengthMax else { return .unreadable }
                if message.count >= 4 + length {
                    return hello(message[4..<(4 + length)]).map { .complete($0) } ?? .unreadable
                }
            }
            guard bytes.count < lengthMax + 1024 else { return .unreadable }
            if position < bytes.count, bytes[position] != 22 { return .unreadable }
            guard position + 5 <= bytes.count else { return .incomplete }
            let length = Int(bytes[position + 3]) << 8 | Int(bytes[position + 4])
            guard 1...lengthMax ~= length else { return .unreadable }
            let end = min(bytes.count, position + 5 + length)
            message += bytes[(position + 5)..<end]
            guard end == position + 5 + length else {
                return message.first ?? 1 == 1 ? .incomplete : .unreadable
            }
            position = end
        }
    }

    private static func hello(_ body: ArraySlice<UInt8>) -> ClientHello? {
        var reader = ByteReader(body)
        guard reader.skip(34), reader.take(lengthBytes: 1) != nil, let suites = reader.take(lengthBytes: 2),
            reader.take(lengthBytes: 1) != nil
        else { return nil }
        var schemes: [UInt16]?
        var versions: [UInt16] = []
        if !reader.isAtEnd {
            guard var extensions = reader.take(lengthBytes: 2).map(ByteReader.init) else { return nil }
            while !extensions.isAtEnd {
                guard let kind = extensions.number(), let content = extensions.take(lengthBytes: 2) else { return nil }
                var inner = ByteReader(content)
                switch kind {
                case 13: schemes = inner.take(lengthBytes: 2).map(ByteReader.numbers)
                case 43: versions = inner.take(lengthBytes: 1).map(ByteReader.numbers) ?? []
                default: break
                }
            }
        }
        // Without the list a client of TLS 1.2 means SHA-1 with either kind, which no longer counts.
        let signs = schemes?.contains { [0x0403, 0x0503, 0x0603].contains($0) } ?? false
        let speaks13 = versions.contains(0x0304)
        let hasSuite = ByteReader.numbers(suites).contains { [0xc02b, 0xc02c].contains($0) }
        return ClientHello(takesECDSA: signs && (speaks13 || hasSuite))
    }
}

/// Reads numbers and counted fields, most significant byte first.
private struct ByteReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func skip(_ count: Int) -> Bool {
        guard rest.count >= count else { return false }
        rest = rest.dropFirst(count)
        return true
    }

    mutating func number() -> UInt16? {
        guard rest.count >= 2 else { return nil }
        defer { rest = rest.dropFirst(2) }
        return UInt16(rest[rest.startIndex]) << 8 | UInt16(rest[rest.startIndex + 1])
    }

    /// A field behind its length of one or two bytes.
    mutating func take(lengthBytes: Int) -> ArraySlice<UInt8>? {
        guard rest.count >= lengthBytes else { return nil }
        let length = rest.prefix(lengthBytes).reduce(0) { $0 << 8 | Int($1) }
        let content = rest.dropFirst(lengthBytes)
        guard content.count >= length else { return nil }
        rest = content.dropFirst(length)
        return content.prefix(length)
    }

    static func numbers(_ bytes: ArraySlice<UInt8>) -> [UInt16] {
        var reader = ByteReader(bytes)
        var all: [UInt16] = []
        while let number = reader.number() { all.append(number) }
        return all
    }
}
