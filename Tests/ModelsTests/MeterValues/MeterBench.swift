import Foundation
import OCPP
import OCPPMessages
import OCPPWire
import PKI
import Sim

@testable import Models

/// A charging station on a wire at a bench: its calls pile up until the test answers them, its jobs until it does them.
struct MeterBench {
    struct Call {
        var id: String
        var action: String
        var payload: [String: Any]
    }

    var client: StationClient
    var now = Timestamp(microseconds: 1_736_150_400_000_000)  // 2025-01-06T08:00:00Z
    /// Calls not answered yet, oldest first.
    var waiting: [Call] = []
    /// All calls since the start, in order.
    var calls: [Call] = []
    var jobs: [(id: Int, job: StationJob)] = []
    /// Payload of the last answer to a request of the CSMS.
    var answer: [String: Any] = [:]
    /// Answers to be given instead of the usual ones, by action.
    var answers: [String: String] = [:]
    /// What the plant or the connection is to do, since the start.
    var directives: [Directive] = []
    var registersWh: [Double]
    var powerW = 11_000.0
    let version: OCPPVersion
    let key: PrivateKey

    init(version: OCPPVersion, evses: Int = 1, dc: Bool = false) throws {
        self.version = version
        key = try PrivateKey(.ecdsaP256)
        registersWh = Array(repeating: 1000, count: evses)
        let connectors = Array(repeating: 1, count: evses)
        let firmware = StationFirmware(
            identity: Core.ChargingStation(model: "AC", vendorName: "evtwin", serialNumber: "S1"),
            connectors: connectors, stationKey: 7, settings: FirmwareSettings(),
            random: RandomStream(seed: 1, purpose: 1, entity: 1))
        let rating = EVSERating(
            voltageV: dc ? 400 : 230, phases: dc ? 0 : 3, currentMaxA: dc ? 125 : 32, powerMaxW: dc ? 50_000 : 22_080)
        var model = DeviceModel()
        model.presetNetwork(url: "ws://csms", securityProfile: 0, version: .ocpp201)
        let controller = StationController(
            firmware: firmware, version: version, ratings: connectors.map { _ in rating }, model: model)
        client = StationClient(
            controller: controller, translator: StationTranslator(version: version, connectors: connectors),
            idPrefix: "t", followsClock: false)
        everyday(.powerUp(reason: .powerUp))
        hand(.opened)
        answerAll()
    }

    mutating func hand(_ input: StationClient.Input) {
        var pending = [input]
        while !pending.isEmpty {
            var outputs: [StationClient.Output] = []
            client.handle(pending.removeFirst(), now: now, outputs: &outputs)
            for output in outputs {
                switch output {
                case .transmit(let bytes): take(bytes)
                case .job(let id, let job): jobs.append((id, job))
                case .directive(let directive): directives.append(directive)
                case .everyday(.needMeter(let evse)):
                    pending.append(
                        .everyday(
                            .meterReading(
                                evse: evse, meterWh: registersWh[evse], powerW: powerW, stateOfCharge: 0.5)))
                default: break
                }
            }
        }
    }
    mutating func everyday(_ input: StationFirmware.Input) { hand(.everyday(input)) }

    private mutating func take(_ bytes: [UInt8]) {
        guard let frame = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [Any], let kind = frame[0] as? Int
        else { return }
        if kind == 3 { answer = frame[2] as? [String: Any] ?? [:] }
        guard kind == 2, let id = frame[1] as? String, let action = frame[2] as? String else { return }
        let call = Call(id: id, action: action, payload: frame[3] as? [String: Any] ?? [:])
        waiting.append(call)
        calls.append(call)
    }

    /// Answers as a CSMS does that accepts everything, until nothing waits.
    mutating func answerAll() {
        while !waiting.isEmpty {
            let call = waiting.removeFirst()
            let payload =
                switch call.action {
                case let action where answers[action] != nil: answers[action] ?? ""
                case "BootNotification":
                    #"{"currentTime":"2025-01-06T08:00:00Z","interval":86400,"status":"Accepted"}"#
                case "Heartbeat": #"{"currentTime":"2025-01-06T08:00:00Z"}"#
                case "Authorize":
                    version == .v16
                        ? #"{"idTagInfo":{"status":"Accepted"}}"# : #"{"idTokenInfo":{"status":"Accepted"}}"#
                case "StartTransaction": #"{"idTagInfo":{"status":"Accepted"},"transactionId":77}"#
                default: "{}"
                }
            hand(.frame(Array("[3,\"\(call.id)\",\(payload)]".utf8)))
        }
    }

    /// Sets a variable of 2.x or, with a name alone, a key of 1.6; returns the status.
    @discardableResult
    mutating func set(_ names: String..., to value: String) -> String {
        if version == .v16 {
            hand(.frame(Array(#"[2,"s","ChangeConfiguration",{"key":"\#(names[0])","value":"\#(value)"}]"#.utf8)))
            return answer["status"] as? String ?? ""
        }
        let data =
            #"{"attributeValue":"\#(value)","component":{"name":"\#(names[0])"},"variable":{"name":"\#(names[1])"}}"#
        hand(.frame(Array(#"[2,"s","SetVariables",{"setVariableData":[\#(data)]}]"#.utf8)))
        let results = answer["setVariableResult"] as? [[String: Any]]
        return results?.first?["attributeStatus"] as? String ?? ""
    }

    /// Does the jobs of the meter in their order.
    mutating func doJobs() throws {
        while !jobs.isEmpty {
            let (id, job) = jobs.removeFirst()
            switch job {
            case .signMeterValue(let text):
                hand(.jobDone(id, .signature(ByteText.hex(try key.sign(Array(text.utf8), scheme: .ecdsa)))))
            case .readMeterKey: hand(.jobDone(id, .meterKey(ByteText.hex(try key.publicKey.der()))))
            default: hand(.jobDone(id, .failed("no such thing")))
            }
        }
    }

    /// The job asked for last, which is not done.
    mutating func takeJob() -> (id: Int, job: StationJob)? { jobs.popLast() }

    /// Lets time pass; calls are answered on the way, jobs are not done.
    mutating func wait(_ seconds: Int64) {
        let end = now.adding(seconds: seconds)
        while client.nextDeadline <= end {
            now = max(now, client.nextDeadline)
            hand(.timer)
            answerAll()
        }
        now = end
    }

    // MARK: Sessions

    mutating func plugIn(_ evse: Int = 0) {
        everyday(.vehiclePlugged(evse: evse))
        everyday(.tokenPresented(evse: evse, idToken: Core.IdToken(idToken: "A1B2C3D4", type: .iso14443)))
    }
    mutating func begin(_ evse: Int = 0) {
        plugIn(evse)
        answerAll()
        everyday(.chargingStarted(evse: evse, meterWh: registersWh[evse]))
    }
    mutating func end(_ evse: Int = 0, energyWh: Double = 7000) {
        registersWh[evse] += energyWh
        everyday(.chargingEnded(evse: evse, reason: .local, meterWh: registersWh[evse]))
    }

    /// TransactionEvents of a kind.
    func events(_ kind: String) -> [[String: Any]] {
        calls.filter { $0.action == "TransactionEvent" && $0.payload["eventType"] as? String == kind }.map(\.payload)
    }
    /// Sampled values of a message in order.
    static func samples(_ payload: [String: Any], in name: String = "meterValue") -> [[String: Any]] {
        (payload[name] as? [[String: Any]] ?? []).flatMap { $0["sampledValue"] as? [[String: Any]] ?? [] }
    }

    // MARK: Checking records

    /// Payload of the record, when its signature fits the public key.
    func payload(ofRecord base64: String, key text: String?) throws -> String? {
        guard let record = ByteText.bytes(base64: base64) else { return nil }
        let parts = String(decoding: record, as: UTF8.self).split(separator: "|").map(String.init)
        guard parts.count == 3, parts[0] == "OCMF",
            let section = try JSONSerialization.jsonObject(with: Data(parts[2].utf8)) as? [String: String],
            let signature = section["SD"].flatMap({ ByteText.bytes(hex: $0) })
        else { return nil }
        var publicKey = key.publicKey
        if let text {
            let content = ByteText.bytes(base64: text).map { String(decoding: $0, as: UTF8.self) } ?? ""
            guard content.hasPrefix("oca:base16:asn1:"), let der = ByteText.bytes(hex: String(content.dropFirst(16)))
            else { return nil }
            publicKey = try PublicKey(der: der)
        }
        return try publicKey.verify(signature, of: Array(parts[1].utf8), scheme: .ecdsa) ? parts[1] : nil
    }
}
