import Foundation
import Models
import OCPP
import Sim
import TestSupport

@testable import Twin

/// A site in real time and a small CSMS of the test's own, which answers frames of OCPP 1.6, 2.0.1 and 2.1.
struct RealTimeScriptSite: ScriptedSite {
    var site: RealTimeSite
    let version: OCPPVersion
    private(set) var csms: ScriptedCSMS
    private var isBroken = [false, false]
    private var truth: [TrueTransaction] = []

    var runtime: SiteRuntime<ClientStations> {
        get { site.runtime }
        set { site.runtime = newValue }
    }

    init(version: OCPPVersion, index: UInt32 = 0) throws {
        self.version = version
        csms = ScriptedCSMS(version: version)
        let world = try ScriptedWorld.load()
        let epoch = Timestamp(microseconds: world.start.secondsSince1970 * 1_000_000)
        let options = RealTimeWorld.Options(
            version: version, seed: 1, stationsMax: 10, prefix: "", securityProfile: 0, csmsURL: "ws://csms",
            password: "", epoch: epoch, followsClock: false)
        let built = RealTimeWorld(world: world, options: options).sites()[0]
        var parameters = ScriptedWorld.parameters(world)
        parameters.index = index
        site = RealTimeSite(
            plant: SitePlant(parameters), clients: built.clients, stationIDs: built.stationIDs,
            epoch: epoch)
    }

    mutating func exchange(now: SimTime) {
        while true {
            truth += site.takeTruth()
            let outputs = site.takeOutputs()
            if outputs.isEmpty { return }
            for output in outputs {
                let s = output.station
                switch output.order {
                case .linkFault(let isFault):
                    isBroken[s] = isFault
                    if isFault { site.handle(.closed, station: s, now: now) }
                case .client(.connect): site.handle(isBroken[s] ? .closed : .opened, station: s, now: now)
                case .client(.transmit(let frame)) where !isBroken[s]:
                    let time = site.timestamp(now).text
                    guard let answer = csms.receive(frame, from: s, time: time) else { break }
                    site.handle(.frame(Array(answer.utf8)), station: s, now: now)
                default: break
                }
            }
        }
    }

    mutating func order(_ line: ScriptLine, station: Int, now: SimTime) -> Bool {
        guard let (action, payload) = csms.order(line, station: station) else { return false }
        csms.asked += 1
        let id = "order-\(csms.asked)"
        site.handle(.frame(Array("[2,\"\(id)\",\"\(action)\",\(payload)]".utf8)), station: station, now: now)
        exchange(now: now)
        return csms.answers[id]?.contains("Accepted") == true
    }

    func books() -> [ScriptFact] {
        let trueWh = truth.reduce(0) { $0 + $1.energyWh }
        return [
            ScriptFact("true", .figure(Double(truth.count), unit: "")),
            ScriptFact("closed", .figure(Double(csms.closed.count), unit: "")),
            ScriptFact("pending", .figure(Double(truth.count - csms.closed.count), unit: "")),
            ScriptFact("open", .figure(Double(csms.open.count), unit: "")),
            ScriptFact("doubled", .figure(Double(csms.doubled), unit: "")),
            // In 1.6 a register is told in whole watt-hours.
            ScriptFact("wrong", .figure(abs(trueWh - csms.energyWh) <= Double(truth.count) ? 0 : 1, unit: "")),
            ScriptFact("energy", .figure(csms.energyWh, unit: "Wh")),
            ScriptFact("", .word("last \(csms.closed.last?.reason ?? "none")")),
            ScriptFact("", .word("suspended \(csms.wasSuspended)")),
        ]
    }
}

/// What a CSMS makes of the frames of two stations: its book of transactions, and nothing else.
struct ScriptedCSMS {
    struct Transaction {
        var startWh: Double
        var stopWh: Double
        var reason: String
    }
    let version: OCPPVersion
    var asked = 0
    /// Answers to the CSMS's own calls.
    private(set) var answers: [String: String] = [:]
    /// By station and id.
    private(set) var open: [String: Double] = [:]
    private(set) var closed: [Transaction] = []
    private var known: Set<String> = []
    /// Transactions started or ended a second time.
    private(set) var doubled = 0
    private(set) var wasSuspended = false
    private var latest: [Int: String] = [:]

    var energyWh: Double { closed.reduce(0) { $0 + $1.stopWh - $1.startWh } }

    init(version: OCPPVersion) { self.version = version }

    /// The answer to a frame; `nil` where it is itself one.
    mutating func receive(_ frame: [UInt8], from station: Int, time: String) -> String? {
        guard let parts = (try? JSONSerialization.jsonObject(with: Data(frame))) as? [Any], parts.count >= 3,
            let id = parts[1] as? String
        else { return nil }
        guard parts[0] as? Int == 2, let action = parts[2] as? String, let body = parts[3] as? [String: Any] else {
            answers[id] = String(decoding: frame, as: UTF8.self)
            return nil
        }
        return "[3,\"\(id)\",\(answer(action, body, station: station, time: time))]"
    }

    private mutating func answer(_ action: String, _ body: [String: Any], station: Int, time: String) -> String {
        switch action {
        case "BootNotification": return #"{"currentTime":"\#(time)","interval":86400,"status":"Accepted"}"#
        case "Heartbeat": return #"{"currentTime":"\#(time)"}"#
        case "Authorize":
            return version == .v16 ? #"{"idTagInfo":{"status":"Accepted"}}"# : #"{"idTokenInfo":{"status":"Accepted"}}"#
        case "StatusNotification":
            if body["status"] as? String == "SuspendedEVSE" { wasSuspended = true }
            return "{}"
        case "TransactionEvent":
            event(body, station: station)
            return "{}"
        case "StartTransaction":
            let id = known.count + 1
            begin("\(id)", registerWh: body["meterStart"] as? Double ?? .nan, station: station)
            return #"{"transactionId":\#(id),"idTagInfo":{"status":"Accepted"}}"#
        case "StopTransaction":
            end(
                "\(body["transactionId"] ?? "")", registerWh: body["meterStop"] as? Double ?? .nan,
                reason: body["reason"] as? String ?? "Local")
            return "{}"
        default: return "{}"
        }
    }

    private mutating func event(_ body: [String: Any], station: Int) {
        guard let info = body["transactionInfo"] as? [String: Any], let id = info["transactionId"] as? String else {
            return
        }
        if info["chargingState"] as? String == "SuspendedEVSE" { wasSuspended = true }
        let values = (body["meterValue"] as? [[String: Any]] ?? []).flatMap {
            $0["sampledValue"] as? [[String: Any]] ?? []
        }
        func register(_ context: String) -> Double {
            let value = values.first {
                $0["context"] as? String == context
                    && $0["measurand"] as? String ?? "Energy.Active.Import.Register" == "Energy.Active.Import.Register"
            }
            return value?["value"] as? Double ?? .nan
        }
        switch body["eventType"] as? String {
        case "Started": begin(id, registerWh: register("Transaction.Begin"), station: station)
        case "Ended":
            end(id, registerWh: register("Transaction.End"), reason: info["stoppedReason"] as? String ?? "Local")
        default: break
        }
    }

    private mutating func begin(_ id: String, registerWh: Double, station: Int) {
        if !known.insert(id).inserted { doubled += 1 }
        open[id] = registerWh
        latest[station] = id
    }

    private mutating func end(_ id: String, registerWh: Double, reason: String) {
        guard let startWh = open.removeValue(forKey: id) else {
            doubled += 1
            return
        }
        closed.append(Transaction(startWh: startWh, stopWh: registerWh, reason: reason))
    }

    // MARK: orders

    /// Action and payload of a script's order; the station has one EVSE.
    func order(_ line: ScriptLine, station: Int) -> (action: String, payload: String)? {
        switch line.words[0] {
        case "limit": line.figure(after: "to").map { ("SetChargingProfile", profile(watts: Int($0))) }
        case "stop":
            latest[station].map { id in
                version == .v16
                    ? ("RemoteStopTransaction", #"{"transactionId":\#(id)}"#)
                    : ("RequestStopTransaction", #"{"transactionId":"\#(id)"}"#)
            }
        case "reset": line.words.last.map { ("Reset", #"{"type":"\#(version == .v16 ? "Hard" : $0)"}"#) }
        case "start":
            line.after("at").first.map {
                (
                    "SetVariables",
                    #"{"setVariableData":[{"attributeValue":"\#($0)","component":{"name":"TxCtrlr"},"variable":{"name":"TxStartPoint"}}]}"#
                )
            }
        default: nil
        }
    }

    private func profile(watts: Int) -> String {
        let schedule = #""chargingRateUnit":"W","chargingSchedulePeriod":[{"startPeriod":0,"limit":\#(watts)}]"#
        let start = #""startSchedule":"2025-01-06T00:00:00Z""#
        let kind = #""stackLevel":0,"chargingProfilePurpose":"TxDefaultProfile","chargingProfileKind":"Absolute""#
        return version == .v16
            ? #"{"connectorId":0,"csChargingProfiles":{"chargingProfileId":1,\#(kind),"chargingSchedule":{\#(start),\#(schedule)}}}"#
            : #"{"evseId":0,"chargingProfile":{"id":1,\#(kind),"chargingSchedule":[{"id":1,\#(start),\#(schedule)}]}}"#
    }
}
