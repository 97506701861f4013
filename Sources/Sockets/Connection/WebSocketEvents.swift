/// What happens on connections. One object may serve one connection or many.
///
/// Every call comes on the connection's event loop, so it must not wait for anything. What is sent within a call leaves in
/// one write at its end.
public protocol WebSocketEvents: AnyObject, Sendable {
    /// The handshake is done; messages can be sent from now on.
    func opened(_ connection: WebSocketConnection)
    /// A whole text message; the bytes are valid UTF-8.
    func received(text: [UInt8], on connection: WebSocketConnection)
    /// A whole binary message.
    func received(binary: [UInt8], on connection: WebSocketConnection)
    /// A pong came, asked for or not.
    func receivedPong(on connection: WebSocketConnection)
    /// The connection is over; nothing comes after this, and it comes once for every connection that was opened.
    func closed(_ connection: WebSocketConnection, _ closure: WebSocketClosure)
}

extension WebSocketEvents {
    /// Nothing.
    public func opened(_ connection: WebSocketConnection) {}
    /// Closes the connection: OCPP knows text messages only.
    public func received(binary: [UInt8], on connection: WebSocketConnection) {
        connection.close(code: .unsupportedData, reason: "binary messages are not accepted")
    }
    /// Nothing.
    public func receivedPong(on connection: WebSocketConnection) {}
}
