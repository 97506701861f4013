import Foundation
import OCPP
import OCPPMessages

@testable import Models

/// A charging station at a bench, for blocks: a context whose requests, directives and events a test looks at.
struct StationBench {
    static let start = Timestamp(microseconds: 1_736_150_400_000_000)  // 2025-01-06T08:00:00Z, a Monday
    static let token = V2.IdToken(idToken: "A1B2C3D4", type: "ISO14443")

    var context: ControllerContext

    init(
        evses: Int = 2, connectors: Int = 1, dc: Bool = false, version: OCPPVersion = .v21,
        features: StationFeatures = .standard, vendors: [String] = [], online: Bool = true
    ) {
        context = ControllerContext(version: version, deviceModel: DeviceModel(features: features, vendors: vendors))
        context.now = Self.start
        context.isOnline = online
        context.registration = .accepted
        context.evses = ContiguousArray((0..<evses).map { _ in Self.evse(connectors: connectors, dc: dc) })
    }

    static func evse(connectors: Int = 1, dc: Bool = false) -> EVSEView {
        EVSEView(
            connectorCount: connectors, isPlugged: false, isAuthorized: false, isFaulted: false, isOperative: true,
            isReserved: false, chargingState: .idle, registerWh: 1000, powerW: 0, nominalVoltage: dc ? 400 : 230,
            phases: dc ? 0 : 3, currentMaxA: dc ? 375 : 32, powerMaxW: dc ? 150_000 : 22_080)
    }

    mutating func wait(_ seconds: Int64) { context.now = context.now.adding(seconds: seconds) }

    /// Starts a transaction at an EVSE, from 0.
    mutating func charge(_ evse: Int = 0, transactionID: String = "tx-1", powerW: Double = 11_000) {
        context.evses[evse].isPlugged = true
        context.evses[evse].transactionID = transactionID
        context.evses[evse].idToken = Self.token
        context.evses[evse].chargingState = .charging
        context.evses[evse].powerW = powerW
        context.evses[evse].transactionStart = context.now
    }

    /// Requests since the last call.
    mutating func sent() -> [V2.Request] {
        defer { context.sends = [] }
        return context.sends.map(\.request)
    }
    /// Events since the last call.
    mutating func announced() -> [StationEvent] {
        defer { context.events = [] }
        return context.events
    }
    mutating func directed() -> [Directive] {
        defer { context.directives = [] }
        return context.directives
    }

    /// A block as it comes back from a checkpoint.
    static func stored<Block: Codable>(_ block: Block) throws -> Block {
        try JSONDecoder().decode(Block.self, from: JSONEncoder().encode(block))
    }
}

extension V2.Request {
    var report: V2.NotifyReportRequest? { if case .notifyReport(let request) = self { request } else { nil } }
    var event: V2.NotifyEventRequest? { if case .notifyEvent(let request) = self { request } else { nil } }
}
