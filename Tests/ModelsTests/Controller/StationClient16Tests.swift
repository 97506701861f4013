import OCPP
import OCPPMessages
import Sim
import Testing

@testable import Models

@Suite("Station on a wire: what 1.6 has not")
struct StationClient16Tests {
    @Test("point 39: an unsigned update that is scheduled for later holds nothing up: 1.6 has no word for it")
    func scheduledUpdate() throws {
        var script = ClientScript(version: .v16)
        script.start()
        let update = #"{"location":"http://x/y.bin","retrieveDate":"2025-01-06T10:00:00Z"}"#
        do {
            let answer = script.call("UpdateFirmware", update)
            #expect(answer == #"[3,"c",{}]"#)
        }
        #expect(script.settle() == [], "nothing is told of the download to come")
        // Whatever else there is goes at once, not three minutes later.
        script.hand(.event(.security(.settingSystemTime, techInfo: "1 s")))
        #expect(script.settle().contains { $0.hasPrefix("SecurityEventNotification") })
        #expect(script.client.nextDeadline > script.now.adding(seconds: 600))
        // Asked for, it says the nearest.
        let trigger = #"{"requestedMessage":"FirmwareStatusNotification"}"#
        do {
            let answer = script.call("TriggerMessage", trigger, id: "d")
            #expect(answer == #"[3,"d",{"status":"Accepted"}]"#)
        }
        #expect(script.settle() == [#"FirmwareStatusNotification {"status":"Idle"}"#])
    }

    @Test("every state of firmware and logs has its word in 1.6, or is not told; none holds up what comes behind it")
    func everyStatus() throws {
        func isSent(_ request: V2.Request, _ ways: V16Dialect.Ways) -> String? {
            V16Dialect.request(request, ways: ways).map { String(decoding: text($0), as: UTF8.self) }
        }
        func text(_ request: V16.Request) -> [UInt8] {
            var writer = JSONWriter(version: .v16)
            request.write(to: &writer)
            return writer.bytes
        }
        var silent: [String] = []
        for status in V2.FirmwareStatusEnum.allCases {
            let request = V2.Request.firmwareStatusNotification(.init(status: status, requestId: 1))
            // The signed update of the security extension has all of them.
            #expect(isSent(request, .init(isUnsignedUpdate: false))?.contains("\"\(status.wireText)\"") == true)
            if isSent(request, .init(isUnsignedUpdate: true)) == nil { silent.append(status.wireText) }
            #expect(V16Dialect.request(request, ways: .init(isUnsignedUpdate: true), isTriggered: true) != nil)
        }
        #expect(
            Set(silent) == [
                "DownloadScheduled", "DownloadPaused", "InstallRebooting", "InstallScheduled", "SignatureVerified",
            ])
        silent = []
        for status in V2.UploadLogStatusEnum.allCases {
            let request = V2.Request.logStatusNotification(.init(status: status, requestId: 1))
            for isDiagnostics in [true, false] where isSent(request, .init(isDiagnostics: isDiagnostics)) == nil {
                silent.append(status.wireText)
            }
        }
        #expect(silent == ["AcceptedCanceled", "AcceptedCanceled"])
    }

    /// Requests of blocks, one of each action that a charging station sends.
    private static func requests() throws -> [V2.Request] {
        try V2.Action.allCases.filter { $0.sender != .csms }.compactMap { action in
            guard let json = samples[action.wireText] else { return nil }
            var reader = JSONReader(Array(json.utf8), version: .v21)
            return try V2.Request(action: action, reading: &reader)
        }
    }
    private static let samples: [String: String] = [
        "BatterySwap":
            #"{"batteryData":[{"evseId":1,"serialNumber":"a","soC":1,"soH":1}],"eventType":"BatteryIn","idToken":{"idToken":"a","type":"Central"},"requestId":1}"#,
        "ClearedChargingLimit": #"{"chargingLimitSource":"EMS"}"#, "ClosePeriodicEventStream": #"{"id":1}"#,
        "GetCertificateStatus":
            #"{"ocspRequestData":{"hashAlgorithm":"SHA256","issuerNameHash":"a","issuerKeyHash":"a","serialNumber":"1","responderURL":"a"}}"#,
        "NotifyChargingLimit": #"{"chargingLimit":{"chargingLimitSource":"EMS"}}"#,
        "NotifyDisplayMessages": #"{"requestId":1}"#,
        "NotifyMonitoringReport": #"{"requestId":1,"seqNo":0,"generatedAt":"2025-01-06T08:00:00Z"}"#,
        "NotifyEvent":
            #"{"generatedAt":"2025-01-06T08:00:00Z","seqNo":0,"eventData":[{"eventId":1,"timestamp":"2025-01-06T08:00:00Z","trigger":"Alerting","actualValue":"1","eventNotificationType":"CustomMonitor","component":{"name":"a"},"variable":{"name":"b"}}]}"#,
        "NotifyReport": #"{"requestId":1,"seqNo":0,"generatedAt":"2025-01-06T08:00:00Z"}"#,
        "PublishFirmwareStatusNotification": #"{"status":"Downloading"}"#,
        "ReservationStatusUpdate": #"{"reservationId":1,"reservationUpdateStatus":"Expired"}"#,
        "SecurityEventNotification": #"{"type":"StartupOfTheDevice","timestamp":"2025-01-06T08:00:00Z"}"#,
        "SignCertificate": #"{"csr":"a"}"#, "DataTransfer": #"{"vendorId":"a"}"#,
        "LogStatusNotification": #"{"status":"Uploading","requestId":1}"#,
        "FirmwareStatusNotification": #"{"status":"Downloading","requestId":1}"#,
    ]

    @Test(
        "a message that 1.6 has not is over at once, kept or not; behind it goes what 1.6 has",
        arguments: [true, false])
    func everyAction(persistent: Bool) throws {
        var outbox = Outbox()
        var lacking = 0
        let now = Timestamp(microseconds: 0)
        let requests = try Self.requests()
        #expect(requests.count == Self.samples.count)
        for request in requests {
            outbox.append(OutboxEntry(request: request, isPersistent: persistent, isTriggered: false))
        }
        for _ in requests {
            let next = outbox.next(now: now, registration: .accepted)
            let request = try #require(next, "nothing may have to wait")
            let isLacking = V16Dialect.request(request, ways: .init()) == nil
            lacking += isLacking ? 1 : 0
            let outcome: CallOutcome = isLacking ? .notInThisVersion : .response(.notifyReport(.init()))
            #expect(outbox.finish(outcome, now: now) == request)
        }
        #expect(outbox.count == 0 && lacking == 11)
    }

    @Test("point 42: a remote start where there is no service is rejected", arguments: [OCPPVersion.v16, .v201, .v21])
    func remoteStart(version: OCPPVersion) throws {
        func start(_ script: inout ClientScript, _ connector: Int) throws -> String {
            let json =
                version == .v16
                ? #"{"idTag":"A1B2C3D4","connectorId":\#(connector)}"#
                : #"{"idToken":{"idToken":"A1B2C3D4","type":"Central"},"remoteStartId":\#(connector),"evseId":\#(connector)}"#
            let action = version == .v16 ? "RemoteStartTransaction" : "RequestStartTransaction"
            let answer = script.call(action, json)
            script.settle {
                $0 == "Authorize" || $0 == "StartTransaction"
                    ? #"{"idTagInfo":{"status":"Accepted"},"transactionId":1}"# : "{}"
            }
            return answer
        }
        func change(_ script: inout ClientScript, _ connector: Int, _ kind: String) throws {
            let json =
                version == .v16
                ? #"{"connectorId":\#(connector),"type":"\#(kind)"}"#
                : #"{"operationalStatus":"\#(kind)","evse":{"id":\#(connector),"connectorId":1}}"#
            let answer = script.call("ChangeAvailability", json)
            #expect(answer.contains("Accepted"))
            script.settle()
        }
        var script = ClientScript(version: version, connectors: [1, 1])
        script.start()
        try change(&script, 1, "Inoperative")
        #expect(try start(&script, 1).contains("Rejected"))
        try change(&script, 1, "Operative")
        #expect(try start(&script, 1).contains("Accepted"))
        // Somebody else's remote start: the place is taken.
        #expect(try start(&script, 1).contains(version == .v16 ? "Rejected" : "Accepted"))
        script.hand(.everyday(.fault(evse: 1)))
        script.settle()
        #expect(try start(&script, 2).contains("Rejected"))
        script.hand(.everyday(.faultCleared(evse: 1)))
        script.settle()
        let id =
            version == .v16
            ? #""reservationId":5,"connectorId":2,"idTag":"OTHER""#
            : #""id":5,"evseId":2,"idToken":{"idToken":"OTHER","type":"Central"}"#
        let expiry = version == .v16 ? "expiryDate" : "expiryDateTime"
        let reserved = script.call("ReserveNow", #"{\#(id),"\#(expiry)":"2025-01-06T12:00:00Z"}"#)
        #expect(reserved.contains("Accepted"))
        script.settle()
        #expect(try start(&script, 2).contains("Rejected"))
    }

    @Test("point 42: of an EVSE with two connectors, 1.6 names the one, and that one has to be in service")
    func oneOfTwoConnectors() throws {
        var script = ClientScript(version: .v16, connectors: [2])
        script.start()
        _ = script.call("ChangeAvailability", #"{"connectorId":2,"type":"Inoperative"}"#)
        script.settle()
        #expect(
            script.call("RemoteStartTransaction", #"{"idTag":"A1B2C3D4","connectorId":2}"#).contains("Rejected")
                == true)
        #expect(
            script.call("RemoteStartTransaction", #"{"idTag":"A1B2C3D4","connectorId":1}"#).contains("Accepted")
                == true)
    }

    @Test("point 23: connector 0 of 1.6 has a state of its own, at boot, when asked for and when it changes")
    func connectorZero() throws {
        func states(_ told: [String]) -> [String] {
            told.filter { $0.hasPrefix("StatusNotification") }.map { frame in
                let id = frame.firstRange(of: #""connectorId":"#).map { frame[$0.upperBound] } ?? "?"
                let status =
                    frame.firstRange(of: #""status":""#).map { frame[$0.upperBound...].prefix { $0 != "\"" } } ?? "?"
                return "\(id) \(status)"
            }.sorted()
        }
        var script = ClientScript(version: .v16, connectors: [1, 1])
        script.hand(.everyday(.powerUp(reason: .powerUp)))
        script.hand(.opened)
        let boot = try #require(script.frames.first)
        script.answer(boot, #"{"currentTime":"2025-01-06T08:00:00Z","interval":3600,"status":"Accepted"}"#)
        #expect(states(script.settle()) == ["0 Available", "1 Available", "2 Available"])
        _ = script.call("TriggerMessage", #"{"requestedMessage":"StatusNotification"}"#)
        #expect(states(script.settle()) == ["0 Available", "1 Available", "2 Available"])
        #expect(
            script.call("TriggerMessage", #"{"requestedMessage":"StatusNotification","connectorId":0}"#).contains(
                "Accepted") == true)
        #expect(states(script.settle()) == ["0 Available"])
        _ = script.call("ChangeAvailability", #"{"connectorId":1,"type":"Inoperative"}"#)
        #expect(states(script.settle()) == ["1 Unavailable"], "a connector is not the station")
        _ = script.call("ChangeAvailability", #"{"connectorId":0,"type":"Inoperative"}"#)
        #expect(states(script.settle()) == ["0 Unavailable", "2 Unavailable"])
        _ = script.call("ChangeAvailability", #"{"connectorId":0,"type":"Operative"}"#)
        #expect(states(script.settle()) == ["0 Available", "2 Available"])
        script.hand(.everyday(.fault(evse: nil)))
        #expect(states(script.settle()) == ["0 Faulted", "1 Faulted", "2 Faulted"])
        // In 2.x there is none.
        var new = ClientScript(version: .v201, connectors: [1, 1])
        new.start()
        _ = new.call("ChangeAvailability", #"{"operationalStatus":"Inoperative"}"#)
        #expect(new.settle().allSatisfy { !$0.contains(#""evseId":0"#) })
    }

    @Test("point 6: a station of 1.6 reads a CSMS's times without an offset, as UTC, and sends its own with one")
    func timesOfTheCSMS() throws {
        var script = ClientScript(version: .v16)
        script.hand(.everyday(.powerUp(reason: .powerUp)))
        script.hand(.opened)
        let boot = try #require(script.frames.first)
        script.answer(boot, #"{"currentTime":"2025-01-06 09:00:00","interval":3600,"status":"Accepted"}"#)
        #expect(script.client.controller.firmware.registration == .accepted)
        #expect(script.client.clockOffset == 3_600_000_000)
        let told = script.settle()
        #expect(told.contains { $0.contains(#""timestamp":"2025-01-06T09:00:00Z""#) })
    }

    @Test("unusable answers to BootNotification are told, each with its reason, and the station goes on asking")
    func unusableBoots() throws {
        for (version, answer, reason) in [
            (
                OCPPVersion.v16, #"[3,"ID",{"currentTime":"2025-01-06T08:00:00Z","status":"Accepted"}]"#,
                "interval: required"
            ),
            (
                .v16, #"[3,"ID",{"currentTime":"2025-01-06T08:00:00Z","interval":300,"status":}]"#,
                "status: a value is missing"
            ),
            (
                .v16, #"[3,"ID",{"currentTime":"2025-01-06T08:00:00Z","interval":300,"status":"Fine"}]"#,
                "status: not one"
            ),
            (.v16, #"[4,"ID","InternalError","no",{}]"#, "CALLERROR InternalError"),
            (.v201, #"[3,"ID",{"currentTime":"2025-01-06T08:00:00Z"#, "unreadable frame"),
            (.v201, "oops", "unreadable frame"),
            (
                .v21, #"[3,"ID",{"currentTime":"today","interval":300,"status":"Accepted"}]"#,
                "currentTime: not a date-time"
            ),
        ] {
            var script = ClientScript(version: version)
            script.hand(.everyday(.powerUp(reason: .powerUp)))
            script.hand(.opened)
            let boot = try #require(script.frames.first)
            script.hand(.frame(Array(answer.replacing("ID", with: boot.split(separator: "\"")[1]).utf8)))
            let reasons = script.outputs.compactMap { if case .unusableBootAnswer(let text) = $0 { text } else { nil } }
            #expect(reasons.count == 1 && reasons.first?.hasPrefix(reason) == true, "\(answer): \(reasons)")
            script.now = script.client.nextDeadline
            script.hand(.timer)
            for _ in 0..<5 where !script.frames.contains(where: { $0.contains("BootNotification") }) {
                script.now = script.client.nextDeadline
                script.hand(.timer)
                if script.outputs.contains(.connect) { script.hand(.opened) }
            }
            #expect(script.frames.contains { $0.contains("BootNotification") }, "\(answer)")
        }
        // A Heartbeat that fails is none.
        var script = ClientScript(version: .v16)
        script.start()
        script.hand(.frame(Array("oops".utf8)))
        #expect(!script.outputs.contains { if case .unusableBootAnswer = $0 { true } else { false } })
    }
}
