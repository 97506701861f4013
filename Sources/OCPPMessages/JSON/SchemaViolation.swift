public import OCPP

/// Why a message was refused: the code to answer with, the offending field, and the reason in words.
public struct SchemaViolation: Error, Hashable, Sendable {
    public var code: RPCErrorCode
    /// From the payload's root: `idToken.type`, `meterValue[0].sampledValue[2].value`; empty for the payload itself.
    public var path: String
    /// Plain words, without any text of the peer's.
    public var problem: String

    public init(code: RPCErrorCode, path: String, problem: String) {
        self.code = code
        self.path = path
        self.problem = problem
    }
}

extension SchemaViolation: CustomStringConvertible {
    public var description: String { path.isEmpty ? problem : "\(path): \(problem)" }
}

extension JSONReader {
    /// Longest path that is reported, in bytes: names come from the peer.
    static let pathLimit = 255

    /// The text is not JSON.
    @inline(never) func notJSON(_ problem: String) -> SchemaViolation {
        violation(version == .v16 ? .formatViolation : .rpcFrameworkError, at: position, problem)
    }

    /// The value at the read position is not `wanted`, or not even JSON.
    @inline(never) func wrongType(_ wanted: StaticString) -> SchemaViolation {
        switch next {
        case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""), UInt8(ascii: "-"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"):
            violation(.typeConstraintViolation, at: position, "not \(wanted)")
        default: notJSON("a value is missing")
        }
    }

    /// A violation of the value or name that begins at `offset`; of its member `member` when given.
    @inline(never) func violation(
        _ code: RPCErrorCode, at offset: Int, member: String? = nil, _ problem: String
    ) -> SchemaViolation {
        var path = path(to: offset)
        if let member { path += path.isEmpty ? member : "." + member }
        return SchemaViolation(code: code, path: path, problem: problem)
    }

    /// Walks the text, which was read as far as `offset` before, and says where in it `offset` is.
    private func path(to offset: Int) -> String {
        var parts: [PathPart] = []
        var index = start
        while index < min(offset, end) {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "{"): parts.append(.member(0..<0))
            case UInt8(ascii: "["): parts.append(.element(0))
            case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = parts.popLast()
            case UInt8(ascii: ","):
                switch parts.last {
                case .element(let count)?: parts[parts.count - 1] = .element(count + 1)
                case .member?: parts[parts.count - 1] = .member(0..<0)
                case nil: break
                }
            case UInt8(ascii: "\""):
                let close = endOfString(index)
                if case .member(let name)? = parts.last, name.isEmpty {
                    parts[parts.count - 1] = .member(index + 1..<close)
                }
                index = close
            default: break
            }
            index += 1
        }
        if index == offset, index < end, bytes[index] == UInt8(ascii: "\""), case .member(let name)? = parts.last,
            name.isEmpty
        {
            parts[parts.count - 1] = .member(index + 1..<endOfString(index))
        }
        return text(of: parts)
    }

    private enum PathPart {
        case member(Range<Int>)
        case element(Int)
    }

    /// Index of the quote that closes the string opened at `open`.
    private func endOfString(_ open: Int) -> Int {
        var index = open + 1
        while index < end, bytes[index] != UInt8(ascii: "\"") { index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1 }
        return max(open + 1, min(index, end))
    }

    /// The name that lies, without its quotes, in `name`: as it is meant, not as it is escaped.
    private func text(of name: Range<Int>) -> String {
        var reader = JSONReader(bytes, range: name.lowerBound - 1..<name.upperBound + 1, version: version)
        let meant = try? reader.string()
        let text = meant ?? String(decoding: bytes[name], as: UTF8.self)
        return text.utf8.count <= Self.pathLimit
            ? text : String(decoding: text.utf8.prefix(Self.pathLimit), as: UTF8.self)
    }

    private func text(of parts: [PathPart]) -> String {
        var path = ""
        for part in parts {
            switch part {
            case .member(let name) where name.isEmpty: break
            case .member(let name):
                if !path.isEmpty { path += "." }
                path += text(of: name)
            case .element(let index): path += "[\(index)]"
            }
            if path.utf8.count >= Self.pathLimit { break }
        }
        return path
    }
}
