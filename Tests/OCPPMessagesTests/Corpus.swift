import Foundation
import OCPP
import OCPPMessages
import TestSupport

/// A line of the corpus: an instance of a message and what reading it must give.
///
/// Made by Scripts/generate_ocpp_corpus.py from the schemas alone.
struct Instance: Sendable, CustomStringConvertible {
    let version: OCPPVersion
    /// Error code in the version's spelling; `nil` for an instance that must be read.
    let code: String?
    /// Path of the offending field; for a good instance the misspelt word in it, or empty.
    let path: String
    let action: String
    let isRequest: Bool
    let json: [UInt8]

    var description: String {
        "\(version) \(action)\(isRequest ? "Request" : "Response") \(String(decoding: json.prefix(600), as: UTF8.self))"
    }

    /// Reads the instance.
    func message() throws(SchemaViolation) -> Message { try Message(self, json) }

    /// Every line that `version` has.
    static func all(_ version: OCPPVersion) throws -> [Instance] {
        let file = version == .v16 ? "v16" : "v2"
        let name = [OCPPVersion.v16: "v16", .v201: "v201", .v21: "v21"][version]
        let text = try String(
            contentsOfFile: Repository.path("Tests/OCPPMessagesTests/Corpus/\(file).tsv"), encoding: .utf8)
        return text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard fields[0] == "*" || fields[0] == name else { return nil }
            return Instance(
                version: version, code: fields[1] == "ok" ? nil : fields[1], path: fields[2], action: fields[3],
                isRequest: fields[4] == "Request", json: Array(expanded(fields[5]).utf8))
        }
    }

    /// `«n»` means n times x, `«n*text»` n times the text with commas between.
    private static func expanded(_ text: String) -> String {
        guard text.contains("«") else { return text }
        var result = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "«"), let close = rest[open...].firstIndex(of: "»") {
            result += rest[..<open]
            let marker = rest[rest.index(after: open)..<close]
            if let star = marker.firstIndex(of: "*") {
                let item = String(marker[marker.index(after: star)...])
                result += Array(repeating: item, count: Int(marker[..<star]) ?? 0).joined(separator: ",")
            } else {
                result += String(repeating: "x", count: Int(marker) ?? 0)
            }
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }
}

/// A request or a response of any version.
enum Message: Equatable {
    case request(AnyRequest)
    case response(AnyResponse)

    /// Reads `json` as a message of the kind of `instance`.
    init(_ instance: Instance, _ json: [UInt8]) throws(SchemaViolation) {
        var reader = JSONReader(json, version: instance.version)
        self =
            instance.isRequest
            ? .request(try AnyRequest(action: instance.action, reading: &reader))
            : .response(try AnyResponse(action: instance.action, reading: &reader))
        try reader.finish()
    }

    func json(_ version: OCPPVersion) -> [UInt8] {
        var writer = JSONWriter(version: version)
        switch self {
        case .request(let request): request.write(to: &writer)
        case .response(let response): response.write(to: &writer)
        }
        return writer.bytes
    }
}
