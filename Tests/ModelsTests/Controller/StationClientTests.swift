import Models
import OCPP
import OCPPWire
import Sim
import Testing

/// A charging station on a wire, and a CSMS that only answers what the test says.
struct ClientScript {
    var client: StationClient
    var now = Timestamp(microseconds: 1_736_150_400_000_000)  // 2025-01-06T08:00:00Z
    var outputs: [StationClient.Output] = []

    init(version: OCPPVersion, followsClock: Bool = true, connectors: [Int] = [1]) {
        let firmware = StationFirmware(
            identity: Core.ChargingStation(model: "AC", vendorName: "evtwin"), connectors: connectors, stationKey: 7,
            settings: FirmwareSettings(), random: RandomStream(seed: 1, purpose: 1, entity: 1))
        let rating = EVSERating(voltageV: 230, phases: 3, currentMaxA: 32, powerMaxW: 22_000)
        let controller = StationController(
            firmware: firmware, version: version, ratings: connectors.map { _ in rating }, model: DeviceModel())
        client = StationClient(
            controller: controller, translator: StationTranslator(version: version, connectors: connectors),
            idPrefix: "t", followsClock: followsClock)
    }

    /// Starts, connects and is accepted; all that it says then is answered.
    mutating func start() {
        hand(.everyday(.powerUp(reason: .powerUp)))
        hand(.opened)
        for frame in frames where frame.contains("BootNotification") {
            answer(frame, #"{"currentTime":"2025-01-06T08:00:00Z","interval":3600,"status":"Accepted"}"#)
        }
        settle()
    }

    /// Calls sent by the last input and by all that follows when each is answered with `payload`, as action and payload.
    @discardableResult
    mutating func settle(_ payload: (String) -> String = { _ in "{}" }) -> [String] {
        var told: [String] = []
        var open = frames.filter { $0.hasPrefix("[2,") }
        while !open.isEmpty {
            let frame = open.removeFirst()
            let parts = frame.split(separator: ",", maxSplits: 2)
            let action = parts[2].dropLast().split(separator: ",", maxSplits: 1)
            told.append("\(action[0].dropFirst().dropLast()) \(action[1])")
            answer(frame, payload(String(action[0].dropFirst().dropLast())))
            open += frames.filter { $0.hasPrefix("[2,") }
        }
        return told
    }

    /// A CALL of the CSMS; the answer's frame.
    mutating func call(_ action: String, _ payload: String, id: String = "c") -> String {
        hand(.frame(Array("[2,\"\(id)\",\"\(action)\",\(payload)]".utf8)))
        return frames.first { $0.hasPrefix("[3,") || $0.hasPrefix("[4,") } ?? ""
    }

    mutating func hand(_ input: StationClient.Input) {
        outputs.removeAll()
        client.handle(input, now: now, outputs: &outputs)
    }
    /// Frames sent by the last input.
    var frames: [String] {
        outputs.compactMap { if case .transmit(let bytes) = $0 { String(decoding: bytes, as: UTF8.self) } else { nil } }
    }
    /// Answers a CALL that was sent.
    mutating func answer(_ frame: String, _ payload: String) {
        let id = frame.split(separator: "\"")[1]
        hand(.frame(Array("[3,\"\(id)\",\(payload)]".utf8)))
    }
}

@Suite("Station on a wire")
struct StationClientTests {
    @Test(
        "point 6: after BootNotification instants go out by the CSMS's clock, where the station follows it",
        arguments: [OCPPVersion.v16, .v201, .v21], [true, false])
    func clock(version: OCPPVersion, follows: Bool) throws {
        var script = ClientScript(version: version, followsClock: follows)
        script.hand(.everyday(.powerUp(reason: .powerUp)))
        #expect(script.outputs.contains(.connect))
        script.hand(.opened)
        let boot = try #require(script.frames.first { $0.contains("BootNotification") })
        script.answer(boot, #"{"currentTime":"2025-01-06T09:00:00Z","interval":300,"status":"Accepted"}"#)
        let status = try #require(script.frames.first { $0.contains("StatusNotification") })
        #expect(status.contains(follows ? "2025-01-06T09:00:00" : "2025-01-06T08:00:00"), "\(status)")
    }

    @Test(
        "a request of the CSMS is answered, an unknown one and a wrong one are refused",
        arguments: [OCPPVersion.v201, .v21])
    func requests(version: OCPPVersion) throws {
        var script = ClientScript(version: version)
        script.hand(.everyday(.powerUp(reason: .powerUp)))
        script.hand(.opened)
        script.hand(
            .frame(
                Array(
                    #"[2,"a","GetVariables",{"getVariableData":[{"component":{"name":"OCPPCommCtrlr"},"variable":{"name":"HeartbeatInterval"}}]}]"#
                        .utf8)))
        #expect(script.frames.first?.contains(#""attributeStatus":"Accepted""#) == true)
        script.hand(.frame(Array(#"[2,"b","NoSuchAction",{}]"#.utf8)))
        #expect(script.frames.first?.hasPrefix(#"[4,"b","NotImplemented""#) == true)
        script.hand(.frame(Array(#"[2,"c","Reset",{"type":"Sometimes"}]"#.utf8)))
        #expect(script.frames.first?.hasPrefix(#"[4,"c","PropertyConstraintViolation","type"#) == true)
        script.hand(.frame(Array(#"[2,"d","Heartbeat",{}]"#.utf8)))
        #expect(script.frames.first?.hasPrefix(#"[4,"d","NotSupported""#) == true)
    }

    @Test("what is under way when the connection breaks is given up, and the next connection begins anew")
    func brokenConnection() throws {
        var script = ClientScript(version: .v201)
        script.hand(.everyday(.powerUp(reason: .powerUp)))
        script.hand(.opened)
        let first = try #require(script.frames.first)
        script.hand(.closed)
        script.answer(first, #"{"currentTime":"2025-01-06T09:00:00Z","interval":300,"status":"Accepted"}"#)
        #expect(script.client.controller.firmware.registration == nil, "a late answer is nobody's")
        script.now = script.client.nextDeadline
        script.hand(.timer)
        #expect(script.outputs.contains(.connect))
        script.hand(.opened)
        #expect(script.frames.first?.contains("BootNotification") == true)
        #expect(script.frames.first != first, "a new message has a new id")
    }
}
