internal import CSMS
internal import Foundation
internal import GRDB
internal import HTTPTypes
internal import Hummingbird
internal import OCPP
internal import OCPPMessages
internal import OCPPWire

/// `POST /stations/{identity}/commands/{action}`: an operator's command, from the request to the charging station's answer.
struct CommandRoute: Sendable {
    let hub: Hub

    /// Longest payload, bytes: that of a frame.
    private var payloadMax: Int { hub.settings.rpcLimits.frameBytesMax }

    func send(_ request: Request, _ context: APIContext) async throws -> Response {
        let identity = try context.identity()
        let action = try context.text("action")
        guard let entry = hub.registry.entry(identity) else { throw StoreQueries.unknown(identity) }
        guard let connection = entry.with({ $0.connection }), connection.isOpen else {
            throw Problem.conflict("the charging station is not connected")
        }
        var payload = try await APIJSON.bytes(of: request, limit: payloadMax)
        if payload.isEmpty { payload = Array("{}".utf8) }
        let command = try Self.decode(action, payload, version: connection.version)
        let issued = WallClock.now
        let outcome = await hub.commands.outcome { ticket in
            hub.deliver(.command(ticket: ticket, command), to: connection.slot, orFail: ticket)
        }
        try await note(entry, action, payload, issued: issued, outcome, version: connection.version)
        if case .answered(let response) = outcome,
            let password = PasswordChange.password(in: command, acceptedBy: response)
        {
            try await hub.setPassword(password, of: entry)
        }
        return try Self.response(outcome, version: connection.version)
    }

    private static func decode(
        _ action: String, _ payload: [UInt8], version: OCPPVersion
    ) throws(Problem) -> AnyRequest {
        let request: AnyRequest
        do throws(SchemaViolation) {
            var reader = JSONReader(payload, version: version)
            request = try AnyRequest(action: action, reading: &reader)
            try reader.finish()
        } catch {
            if error.code == .notImplemented {
                throw .notFound("\(version.rawValue) has no action \"\(LogText.escaped(action))\"")
            }
            throw .invalid(error.problem, field: error.path, code: error.code.wireText(for: version))
        }
        guard request.isSentByCSMS else {
            throw .badRequest("\(action) is an action of charging stations", field: "action")
        }
        return request
    }

    /// Keeps the command and how it ended.
    private func note(
        _ entry: StationEntry, _ action: String, _ payload: [UInt8], issued: Timestamp, _ outcome: CommandOutcome,
        version: OCPPVersion
    ) async throws {
        let response: String?
        if case .answered(let answer) = outcome {
            response = String(decoding: answer.json(version: version), as: UTF8.self)
        } else {
            response = nil
        }
        let request = String(decoding: payload, as: UTF8.self)
        let (station, word, finished) = (entry.station, outcome.word, WallClock.now)
        try await hub.writer.perform { db in
            try db.execute(
                sql: """
                    INSERT INTO command (station, action, request, issued_us, finished_us, outcome, response)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [station, action, request, issued.microseconds, finished.microseconds, word, response])
        }
    }

    private static func response(_ outcome: CommandOutcome, version: OCPPVersion) throws(Problem) -> Response {
        switch outcome {
        case .answered(let answer):
            return Response(
                status: .ok, headers: [.contentType: "application/json; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(bytes: answer.json(version: version))))
        case .refused(let code, let description):
            throw Problem(
                status: 502, title: "Refused by the charging station",
                detail: description.isEmpty ? "it gave no reason" : description, code: code.wireText(for: version))
        case .timedOut:
            throw Problem(
                status: 504, title: "No answer",
                detail: "the charging station did not answer in time; the command may have been carried out")
        case .offline: throw .conflict("the connection was lost before the answer")
        case .busy:
            throw Problem(
                status: 429, title: "Too many commands", detail: "too many commands are waiting", retryAfterS: 5)
        case .invalid(let reason): throw .conflict(reason)
        }
    }
}

extension CommandOutcome {
    /// One word for the database.
    var word: String {
        switch self {
        case .answered: "answered"
        case .refused: "refused"
        case .timedOut: "timedOut"
        case .offline: "offline"
        case .busy: "busy"
        case .invalid: "invalid"
        }
    }
}

extension AnyResponse {
    /// The JSON text under `version`.
    func json(version: OCPPVersion) -> [UInt8] {
        var writer = JSONWriter(version: version)
        write(to: &writer)
        return writer.bytes
    }
}
