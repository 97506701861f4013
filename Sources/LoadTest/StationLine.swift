internal import Models
internal import Sockets

/// One station's connection to the CSMS, as the WebSocket tells it.
final class StationLine: WebSocketEvents, @unchecked Sendable {
    unowned let driver: SiteDriver
    /// Index within the site.
    let station: Int
    let identity: String
    var connection: WebSocketConnection?
    /// The simulated network or modem does not carry.
    var isBroken = false {
        didSet {
            guard isBroken, !oldValue, connection != nil else { return }
            breakOff()
            driver.lost(self, "the station's modem is broken")
        }
    }
    private var attempt: UInt64 = 0
    /// An attempt to connect is under way.
    private var isDialing = false

    init(driver: SiteDriver, station: Int, identity: String) {
        self.driver = driver
        self.station = station
        self.identity = identity
    }

    /// The connection breaks off; the station is not told.
    func breakOff() {
        giveUp("the station lost its power")
        attempt &+= 1
        connection?.cut()
        connection = nil
    }

    func newAttempt() -> UInt64 {
        giveUp(Reasons.givenUp)
        attempt &+= 1
        isDialing = true
        return attempt
    }

    /// The outcome of an attempt is there: whether it is still the one that counts.
    func settles(_ attempt: UInt64) -> Bool {
        guard attempt == self.attempt else { return false }
        isDialing = false
        return true
    }

    /// An attempt under way no longer counts.
    func giveUp(_ reason: String) {
        guard isDialing else { return }
        isDialing = false
        attempt &+= 1
        driver.note { $0.note(reason: reason) }
    }

    /// Closes the connection without telling the station.
    func hangUp(_ code: CloseCode, _ reason: String) {
        giveUp(Reasons.givenUp)
        attempt &+= 1
        connection?.close(code: code, reason: reason)
        connection = nil
    }

    func received(text: [UInt8], on connection: WebSocketConnection) {
        guard connection === self.connection else { return }
        driver.note { $0.framesReceived += 1 }
        driver.hand(.frame(text), to: station)
    }

    func closed(_ connection: WebSocketConnection, _ closure: WebSocketClosure) {
        guard connection === self.connection else { return }
        driver.note { $0.disconnects += 1 }
        driver.lost(self, Reasons.words(for: closure, subprotocol: connection.subprotocol))
    }
}
