import CSMS
import Foundation
import OCPP
import OCPPMessages
import TestSupport
import Testing

/// Every valid request of a charging station that the schemas' corpus has, with all words and the longest texts.
struct StationRequests {
    /// One action of a version.
    struct Action: CustomTestStringConvertible, Hashable, Sendable {
        var version: OCPPVersion
        var name: String
        var isAnswered: Bool
        var testDescription: String { "\(version.rawValue) \(name)" }
    }

    static let actions: [Action] =
        V16.Action.allCases.filter { $0.sender != .csms }.map {
            Action(version: .v16, name: $0.wireText, isAnswered: true)
        }
        + [OCPPVersion.v201, .v21].flatMap { version in
            V2.Action.allCases.filter { $0.sender != .csms && $0.isIn(version) }.map {
                Action(version: version, name: $0.wireText, isAnswered: $0.isAnswered)
            }
        }

    static let all: [Action: [AnyRequest]] = {
        var found: [Action: [AnyRequest]] = [:]
        for file in ["v16", "v2"] {
            let path = Repository.path("Tests/OCPPMessagesTests/Corpus/\(file).tsv")
            guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { continue }
            for line in text.split(separator: "\n") {
                let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
                guard fields.count == 6, fields[1] == "ok", fields[4] == "Request", fields[2].isEmpty else { continue }
                for action in actions where action.name == fields[3] && isOf(action.version, fields[0], file) {
                    var reader = JSONReader(Array(expanded(fields[5]).utf8), version: action.version)
                    guard let request = try? AnyRequest(action: action.name, reading: &reader) else { continue }
                    found[action, default: []].append(request)
                }
            }
        }
        return found
    }()

    private static func isOf(_ version: OCPPVersion, _ field: Substring, _ file: String) -> Bool {
        switch version {
        case .v16: file == "v16"
        case .v201: file == "v2" && (field == "*" || field == "v201")
        case .v21: file == "v2" && (field == "*" || field == "v21")
        }
    }

    /// The corpus writes long runs short: `«n»` for n times x, `«n*text»` for n times the text with commas between.
    private static func expanded(_ text: Substring) -> String {
        var result = ""
        var rest = text
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

@Suite("StationDesk: every action of a charging station")
struct StationActionTests {
    private func encoded(_ response: AnyResponse, _ version: OCPPVersion) -> [UInt8] {
        var writer = JSONWriter(version: version)
        response.write(to: &writer)
        return writer.bytes
    }

    /// Whether the numbers of the request name something that can be.
    private func isPossible(_ request: AnyRequest) -> Bool {
        switch request {
        case .v2(.transactionEvent(let event)):
            !event.transactionInfo.transactionId.isEmpty && (0...1_000_000_000).contains(event.seqNo)
        case .v2(.statusNotification(let status)):
            (0...Int(Int32.max)).contains(status.evseId) && (0...Int(Int32.max)).contains(status.connectorId)
        case .v16(.statusNotification(let status)): (0...Int(Int32.max)).contains(status.connectorId)
        default: true
        }
    }

    @Test("each is answered by a response that its version can read", arguments: StationRequests.actions)
    func answered(action: StationRequests.Action) throws {
        let requests = StationRequests.all[action] ?? []
        #expect(!requests.isEmpty, "the corpus has a valid \(action.testDescription)")
        for request in requests {
            var bench = DeskBench(action.version)
            let answer = bench.ask(request)
            guard action.isAnswered else {
                #expect(answer == nil)
                continue
            }
            guard case .response(let response, _) = answer else {
                #expect(!isPossible(request) && answer == .refused(.propertyConstraintViolation), "\(request)")
                continue
            }
            #expect(response.actionText == action.name)
            var reader = JSONReader(encoded(response, action.version), version: action.version)
            #expect(try AnyResponse(action: action.name, reading: &reader) == response)
        }
    }

    @Test("each is refused with SecurityError before the first BootNotification", arguments: StationRequests.actions)
    func refused(action: StationRequests.Action) throws {
        guard action.name != "BootNotification", let request = StationRequests.all[action]?.first else { return }
        var bench = DeskBench(action.version, booted: false)
        #expect(bench.ask(request) == (action.isAnswered ? .refused(.securityError) : nil))
        #expect(bench.store.transactions.isEmpty && bench.store.diary.isEmpty)
    }

    @Test("what only a CSMS sends is refused as not supported")
    func wrongDirection() {
        for version in OCPPVersion.allCases {
            var bench = DeskBench(version)
            let request: AnyRequest = version == .v16 ? .v16(.clearCache(.init())) : .v2(.clearCache(.init()))
            #expect(bench.ask(request) == .refused(.notSupported))
        }
    }
}
