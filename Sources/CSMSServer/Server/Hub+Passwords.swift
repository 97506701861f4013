internal import CSMS
internal import GRDB
internal import Logging
internal import OCPP
internal import OCPPMessages
internal import PKI

/// Passwords of charging stations as they change.
extension Hub {
    /// The charging station has come with its new password: the one before is good no longer (point 10 of the protocol
    /// notes; A01.FR.12 ff. of OCPP 2.0.1).
    func forgetPreviousPassword(of entry: StationEntry) {
        entry.with { $0.previousPassword = nil }
        let station = entry.station
        let identity = LogText.escaped(entry.identity.text)
        Task { [self] in
            do {
                try await writer.perform { db in
                    try db.execute(
                        sql: "UPDATE station SET previous_password = NULL WHERE id = ?", arguments: [station])
                }
                logger.info("the new password is in use", metadata: ["station": "\(identity)"])
            } catch {
                logger.error(
                    "the old password is still stored", metadata: ["station": "\(identity)", "error": "\(error)"])
            }
        }
    }

    /// Gives a charging station the first password.
    ///
    /// - Throws: ``StoreUnavailable`` or GRDB's `DatabaseError`; then everything is as before.
    func setFirstPassword(_ password: [UInt8], of entry: StationEntry) async throws {
        try await store(password, of: entry, keepingPrevious: false)
    }

    /// Gives a charging station a new password; the one it has now stays good until the new one has been used.
    ///
    /// - Throws: ``StoreUnavailable`` or GRDB's `DatabaseError`; then everything is as before.
    func setPassword(_ password: [UInt8], of entry: StationEntry) async throws {
        try await store(password, of: entry, keepingPrevious: true)
    }

    private func store(_ password: [UInt8], of entry: StationEntry, keepingPrevious: Bool) async throws {
        let hash = try PasswordHash(password: password)
        let station = entry.station
        let text = hash.description
        try await writer.perform { db in
            let previous = keepingPrevious ? "previous_password = password" : "previous_password = NULL"
            try db.execute(
                sql: "UPDATE station SET \(previous), password = ? WHERE id = ?", arguments: [text, station])
        }
        entry.with { content in
            content.previousPassword = keepingPrevious ? content.password : nil
            content.password = hash
            content.memory.forget()
        }
    }
}

/// A password that an operator's command gives to a charging station.
enum PasswordChange {
    private static let component = "SecurityCtrlr"
    private static let variable = "BasicAuthPassword"
    private static let key = "AuthorizationKey"

    /// The new password, when the charging station has taken it over.
    static func password(in request: AnyRequest, acceptedBy response: AnyResponse) -> [UInt8]? {
        switch (request, response) {
        case (.v16(.changeConfiguration(let change)), .v16(.changeConfiguration(let answer))):
            guard change.key.lowercased() == key.lowercased(),
                answer.status == .accepted || answer.status == .rebootRequired
            else { return nil }
            return Array(change.value.utf8)
        case (.v2(.setVariables(let change)), .v2(.setVariables(let answer))):
            let isTaken = answer.setVariableResult.contains {
                isPassword($0.component.name, $0.variable.name)
                    && ($0.attributeStatus == .accepted || $0.attributeStatus == .rebootRequired)
            }
            guard isTaken else { return nil }
            return change.setVariableData.last { isPassword($0.component.name, $0.variable.name) }
                .map { Array($0.attributeValue.utf8) }
        default: return nil
        }
    }

    private static func isPassword(_ component: String, _ variable: String) -> Bool {
        component.lowercased() == self.component.lowercased() && variable.lowercased() == self.variable.lowercased()
    }
}
