internal import Sockets

/// The name a charging station goes by, as its connection's URL says it: 1 to 48 characters, no `:`, no control
/// characters.
///
/// 1.6 allows any name that a URL can carry; 2.0.1 an `identifierString`. What is accepted here is what both can mean
/// and no file, log or header can misread: printable characters without `:` (which ends the user name in basic
/// authentication), `/` and `\`, and neither `.` nor `..`.
/// - Source: OCPP 2.0.1 part 4, 3.1.1 "The connection URL"; OCPP-J 1.6, 3.1.1.
struct StationIdentity: Hashable, Sendable, CustomStringConvertible {
    /// Longest identity, characters and UTF-8 bytes.
    static let lengthMax = 48

    let text: String

    var description: String { text }

    /// The same for identities that differ in case alone.
    var folded: String { text.lowercased() }

    /// Why a path names no charging station.
    enum Flaw: Error, Hashable {
        case outsideEndpoint
        case missing
        case tooLong
        case badEscape
        case badCharacter
    }

    /// The identity behind `endpoint` in the target of a request, such as `/ocpp/CS%2D7?x=y` behind `/ocpp`.
    init(target: [UInt8], endpoint: String) throws(Flaw) {
        let name: [UInt8]
        do {
            name = try percentDecodedLastSegment(path: target, prefix: endpoint)
        } catch {
            switch error {
            case .notUnderPrefix, .severalSegments: throw .outsideEndpoint
            case .empty: throw .missing
            case .tooLong: throw .tooLong
            case .badPercentEncoding: throw .badEscape
            case .dotSegment, .illegalCharacter, .controlCharacter: throw .badCharacter
            }
        }
        try self.init(utf8: name)
    }

    /// An identity from outside a URL, such as an API's path.
    init(_ text: String) throws(Flaw) { try self.init(utf8: Array(text.utf8)) }

    private init(utf8 bytes: [UInt8]) throws(Flaw) {
        guard !bytes.isEmpty else { throw .missing }
        guard bytes.count <= Self.lengthMax else { throw .tooLong }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .badEscape }
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse:
                throw .badCharacter
            default: break
            }
            if scalar == ":" || scalar == "/" || scalar == "\\" { throw .badCharacter }
        }
        guard text != ".", text != ".." else { throw .badCharacter }
        self.text = text
    }
}

/// Text of a peer's making as a log may hold it: printable ASCII, at most ``lengthMax`` characters.
enum LogText {
    static let lengthMax = 120

    /// Everything but printable ASCII becomes `\u{…}`, so that nobody can forge a line or drive a terminal.
    static func escaped(_ text: some StringProtocol) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            guard result.utf8.count < lengthMax else { return result + "..." }
            if scalar == "\\" {
                result += "\\\\"
            } else if scalar.isASCII, scalar.value >= 0x20, scalar.value != 0x7F {
                result.unicodeScalars.append(scalar)
            } else {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return result
    }
}
