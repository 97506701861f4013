import Models
import OCPP
import Testing

@Suite("Station firmware: authorization")
struct FirmwareAuthorizationTests {
    private static func judged(_ status: Core.AuthorizationStatus, group: IdentifierText? = nil) -> CSMSResponse {
        .authorize(
            .init(
                idTokenInfo: .init(
                    status: status, groupIdToken: group.map { Core.IdToken(idToken: $0, type: .central) })))
    }

    @Test("the CSMS decides about a presented token", arguments: Core.AuthorizationStatus.allCases)
    func online(status: Core.AuthorizationStatus) {
        var script = FirmwareScript.ready()
        script.hand(.tokenPresented(evse: 0, idToken: FirmwareScript.token))
        #expect(script.seen.isEmpty)
        script.answer(Self.judged(status))
        #expect(script.seen == [.authorization(evse: 0, accepted: status == .accepted, offline: false)])
    }

    @Test("charging without identification is not asked about")
    func noAuthorization() {
        var script = FirmwareScript.ready()
        script.hand(.tokenPresented(evse: 0, idToken: .noAuthorization))
        #expect(script.seen == [.authorization(evse: 0, accepted: true, offline: false)])
        #expect(script.frames.isEmpty)
    }

    @Test("offline the cache decides; unknown tokens follow OfflineTxForUnknownIdEnabled", arguments: [true, false])
    func offline(unknownMayCharge: Bool) {
        var script = FirmwareScript.ready { $0.offlineTxForUnknownIdEnabled = unknownMayCharge }
        let blocked = Core.IdToken(idToken: "bad", type: .iso14443)
        for (token, status) in [(FirmwareScript.token, Core.AuthorizationStatus.accepted), (blocked, .blocked)] {
            script.hand(.tokenPresented(evse: 0, idToken: token))
            script.answer(Self.judged(status))
            script.hand(.vehicleUnplugged(evse: 0, meterWh: 0))
        }
        script.hand(.linkDown)
        script.seen = []
        for (token, accepted) in [
            (FirmwareScript.token, true), (Core.IdToken(idToken: "a1b2", type: .iso14443), true), (blocked, false),
            (Core.IdToken(idToken: "new", type: .iso14443), unknownMayCharge),
            (Core.IdToken(idToken: "A1B2", type: .eMAID), unknownMayCharge),
        ] {
            script.hand(.tokenPresented(evse: 0, idToken: token))
            #expect(script.seen == [.authorization(evse: 0, accepted: accepted, offline: true)], "\(token.idToken)")
            script.hand(.vehicleUnplugged(evse: 0, meterWh: 0))
            script.seen = []
        }
    }

    @Test("a CSMS that does not answer leaves the decision to the charging station")
    func unanswered() {
        var script = FirmwareScript.ready()
        script.hand(.vehiclePlugged(evse: 0))
        script.answerAll()
        script.hand(.tokenPresented(evse: 0, idToken: FirmwareScript.token))
        script.wait(30)
        #expect(script.seen == [.authorization(evse: 0, accepted: true, offline: true)])
        var broken = FirmwareScript.ready()
        broken.hand(.tokenPresented(evse: 0, idToken: FirmwareScript.token))
        broken.hand(.linkDown)
        #expect(broken.seen == [.authorization(evse: 0, accepted: true, offline: true)])
    }

    @Test("LocalPreAuthorize lets a known token in at once, and asks about a token refused before (point 33)")
    func preAuthorize() {
        var script = FirmwareScript.ready { $0.localPreAuthorize = true }
        let blocked = Core.IdToken(idToken: "bad", type: .iso14443)
        for (token, status) in [(FirmwareScript.token, Core.AuthorizationStatus.accepted), (blocked, .blocked)] {
            script.hand(.tokenPresented(evse: 0, idToken: token))
            script.answer(Self.judged(status))
            script.hand(.vehicleUnplugged(evse: 0, meterWh: 0))
        }
        script.seen = []
        script.hand(.tokenPresented(evse: 0, idToken: FirmwareScript.token))
        #expect(script.seen == [.authorization(evse: 0, accepted: true, offline: false)])
        #expect(script.frames.isEmpty)
        script.hand(.vehicleUnplugged(evse: 0, meterWh: 0))
        script.hand(.tokenPresented(evse: 0, idToken: blocked))
        #expect(script.actions == [.authorize])
    }

    @Test(
        "a full cache forgets a refused token first, then the one longest unused; entries end by expiry and age"
    )
    func cache() {
        var script = FirmwareScript.ready {
            $0.authCacheCapacity = 2
            $0.authCacheLifeTimeS = 1000
            $0.localPreAuthorize = true
        }
        func asks(_ text: IdentifierText, _ info: Core.IdTokenInfo) -> Bool {
            script.hand(.tokenPresented(evse: 0, idToken: Core.IdToken(idToken: text, type: .iso14443)))
            let asked = script.actions == [.authorize]
            if asked { script.answer(.authorize(.init(idTokenInfo: info))) }
            script.hand(.vehicleUnplugged(evse: 0, meterWh: 0))
            script.now = script.now.adding(seconds: 1)
            return asked
        }
        let accepted = Core.IdTokenInfo(status: .accepted)
        #expect(asks("a", accepted))
        #expect(asks("bad", .init(status: .blocked)))
        #expect(asks("b", accepted))  // takes the place of "bad"
        #expect(!asks("a", accepted))
        #expect(asks("c", accepted))  // takes the place of "b", not used as lately
        #expect(!asks("a", accepted) && !asks("c", accepted))
        #expect(asks("b", .init(status: .accepted, cacheExpiryDateTime: script.now.adding(seconds: 10))))
        #expect(!asks("b", accepted))
        script.now = script.now.adding(seconds: 10)
        #expect(asks("b", accepted))
        script.now = script.now.adding(seconds: 1001)
        #expect(asks("b", accepted))
    }

    @Test("a second token presented while the first is being judged is the one that counts")
    func changedToken() {
        var script = FirmwareScript.ready()
        script.hand(.tokenPresented(evse: 0, idToken: FirmwareScript.token))
        script.hand(.tokenPresented(evse: 0, idToken: Core.IdToken(idToken: "other", type: .iso14443)))
        script.answer(Self.judged(.accepted))
        #expect(script.seen.isEmpty)
        #expect(script.actions == [.authorize])
        script.answer(Self.judged(.blocked))
        #expect(script.seen == [.authorization(evse: 0, accepted: false, offline: false)])
    }

    @Test("a driver who leaves before the CSMS has answered is not authorized")
    func leftEarly() {
        var script = FirmwareScript.ready()
        script.hand(.vehiclePlugged(evse: 0))
        script.answerAll()
        script.hand(.tokenPresented(evse: 0, idToken: FirmwareScript.token))
        script.hand(.vehicleUnplugged(evse: 0, meterWh: 0))
        script.answerAll()
        #expect(script.seen.isEmpty)
    }

    @Test(
        "the same token stops what it started, in any case; a token of the group stops it too; no other does (C09, E07)"
    )
    func stopping() {
        for (text, group, stops) in [
            ("A1B2", "G", true), ("a1b2", "none", true), ("C3", "G", true), ("C3", "other", false),
        ] as [(IdentifierText, IdentifierText, Bool)] {
            var script = FirmwareScript.ready()
            script.hand(.vehiclePlugged(evse: 0))
            script.answerAll()
            script.hand(.tokenPresented(evse: 0, idToken: FirmwareScript.token))
            script.answer(Self.judged(.accepted, group: "g"))
            script.hand(.chargingStarted(evse: 0, meterWh: 0))
            script.answerAll()
            script.seen = []
            script.hand(.tokenPresented(evse: 0, idToken: Core.IdToken(idToken: text, type: .iso14443)))
            if !script.frames.isEmpty { script.answer(Self.judged(.accepted, group: group)) }
            let expected: StationFirmware.Output =
                stops
                ? .stopCharging(evse: 0, reason: .local) : .authorization(evse: 0, accepted: false, offline: false)
            #expect(script.seen == [expected], "\(text) of \(group)")
        }
    }

    @Test("an authorization without a vehicle is over after EVConnectionTimeOut (point 42)")
    func connectionTimeOut() {
        var script = FirmwareScript.ready()
        script.hand(.tokenPresented(evse: 0, idToken: FirmwareScript.token))
        script.answerAll()
        script.seen = []
        script.wait(119, answering: true)
        #expect(script.seen.isEmpty)
        script.wait(1, answering: true)
        #expect(script.seen == [.authorizationExpired(evse: 0)])
        script.hand(.vehiclePlugged(evse: 0))
        script.answerAll()
        script.wait(1000, answering: true)
        #expect(script.seen.count == 1)
    }

    @Test("a token that the CSMS refuses with the transaction stops it, if the settings say so (StopTxOnInvalidId)")
    func deauthorized() {
        for stops in [true, false] {
            var script = FirmwareScript.ready { $0.stopTxOnInvalidId = stops }
            script.hand(.linkDown)
            script.linkIsUp = false
            script.charge()
            script.seen = []
            script.linkIsUp = true
            script.hand(.linkUp)
            script.answer(.statusNotification(.init()))
            script.answer(.transactionEvent(.init(idTokenInfo: .init(status: .blocked))))
            #expect(script.seen == (stops ? [.stopCharging(evse: 0, reason: .deAuthorized)] : []))
        }
    }

    @Test("before the CSMS has accepted the charging station nobody charges unless TxBeforeAcceptedEnabled")
    func beforeAccepted() {
        for allowed in [true, false] {
            var script = FirmwareScript { $0.txBeforeAcceptedEnabled = allowed }
            script.linkIsUp = false
            script.hand(.powerUp(reason: .powerUp))
            script.seen = []
            script.hand(.tokenPresented(evse: 0, idToken: FirmwareScript.token))
            #expect(script.seen == [.authorization(evse: 0, accepted: allowed, offline: true)])
        }
    }
}
