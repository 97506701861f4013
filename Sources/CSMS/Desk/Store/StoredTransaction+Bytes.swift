internal import OCPP

/// The row as bytes, for a store that keeps it as one value: a fixed order of little-endian fields behind a version.
extension StoredTransaction {
    private static let layout: UInt8 = 1

    /// At most 220 bytes; ``init(bytes:)`` reads them in every later version of the program.
    public var bytes: [UInt8] {
        var writer = RowWriter()
        writer.byte(Self.layout)
        writer.text(state.transactionID)
        writer.integer(state.evse)
        writer.flag(state.idToken != nil)
        if let token = state.idToken {
            writer.text(token.idToken)
            writer.byte(UInt8(Core.IdTokenKind.allCases.firstIndex(of: token.type) ?? 0))
        }
        let (count, base, beyond) = state.received.parts
        writer.integer(count)
        writer.integer(base)
        writer.integer(beyond)
        writer.integer(state.started.microseconds)
        writer.integer(state.ended.microseconds)
        let flags = [
            state.hasStarted, state.hasEnded, state.hasBeginReading, state.hasEndReading, isBooked,
            state.meterStartWh != nil, state.meterStopWh != nil, start != nil,
        ]
        writer.byte(flags.enumerated().reduce(0) { $0 | ($1.element ? 1 << UInt8($1.offset) : 0) })
        writer.integer(state.lastSequence)
        if let register = state.meterStartWh { writer.integer(register.bitPattern) }
        if let register = state.meterStopWh { writer.integer(register.bitPattern) }
        writer.byte(UInt8(Core.StoppedReason.allCases.firstIndex(of: state.stoppedReason) ?? 0))
        writer.integer(state.bookAt.microseconds)
        if let start {
            writer.integer(start.connector)
            writer.text(start.idTag)
            writer.integer(start.timestamp.microseconds)
            writer.integer(start.meterStartWh)
        }
        return writer.bytes
    }

    /// Reads what ``bytes`` made; `nil` for anything else.
    public init?(bytes: [UInt8]) {
        var reader = RowReader(bytes: bytes)
        guard reader.byte() == Self.layout, let id = reader.text(), let evse = reader.integer(Int32.self),
            let hasToken = reader.flag()
        else { return nil }
        var state = OpenTransaction(transactionID: id)
        state.evse = evse
        if hasToken {
            guard let text = reader.text(), let kind = reader.choice(Core.IdTokenKind.self) else { return nil }
            state.idToken = Core.IdToken(idToken: text, type: kind)
        }
        guard let count = reader.integer(Int32.self), let base = reader.integer(Int32.self),
            let beyond = reader.integer(UInt64.self), let started = reader.integer(Int64.self),
            let ended = reader.integer(Int64.self), let flags = reader.byte(),
            let lastSequence = reader.integer(Int32.self), (0...TransactionBook.sequenceMax).contains(lastSequence)
        else { return nil }
        state.received = SequenceWindow(count: count, base: base, beyond: beyond)
        state.started = Timestamp(microseconds: started)
        state.ended = Timestamp(microseconds: ended)
        state.hasStarted = flags & 1 != 0
        state.hasEnded = flags & 2 != 0
        state.hasBeginReading = flags & 4 != 0
        state.hasEndReading = flags & 8 != 0
        state.lastSequence = lastSequence
        if flags & 32 != 0 {
            guard let bits = reader.integer(UInt64.self) else { return nil }
            state.meterStartWh = Double(bitPattern: bits)
        }
        if flags & 64 != 0 {
            guard let bits = reader.integer(UInt64.self) else { return nil }
            state.meterStopWh = Double(bitPattern: bits)
        }
        guard let reason = reader.choice(Core.StoppedReason.self), let bookAt = reader.integer(Int64.self) else {
            return nil
        }
        state.stoppedReason = reason
        state.bookAt = Timestamp(microseconds: bookAt)
        var start: TransactionStart?
        if flags & 128 != 0 {
            guard let connector = reader.integer(Int32.self), let idTag = reader.text(),
                let instant = reader.integer(Int64.self), let meterStartWh = reader.integer(Int64.self)
            else { return nil }
            start = TransactionStart(
                connector: connector, idTag: idTag, timestamp: Timestamp(microseconds: instant),
                meterStartWh: meterStartWh)
        }
        guard reader.isAtEnd else { return nil }
        self.init(state: state, isBooked: flags & 16 != 0, start: start)
    }
}

private struct RowWriter {
    var bytes: [UInt8] = []

    mutating func byte(_ value: UInt8) { bytes.append(value) }
    mutating func flag(_ value: Bool) { bytes.append(value ? 1 : 0) }
    mutating func integer(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
    mutating func text(_ value: IdentifierText) {
        byte(UInt8(value.count))
        for index in 0..<value.count { byte(value[index]) }
    }
}

private struct RowReader {
    let bytes: [UInt8]
    var position = 0

    var isAtEnd: Bool { position == bytes.count }

    mutating func byte() -> UInt8? {
        guard position < bytes.count else { return nil }
        defer { position += 1 }
        return bytes[position]
    }
    mutating func flag() -> Bool? { byte().map { $0 != 0 } }
    mutating func integer<T: FixedWidthInteger & UnsignedInteger>(_: T.Type) -> T? {
        guard bytes.count - position >= T.bitWidth / 8 else { return nil }
        var value: T = 0
        for index in 0..<T.bitWidth / 8 { value |= T(truncatingIfNeeded: bytes[position + index]) << T(8 * index) }
        position += T.bitWidth / 8
        return value
    }
    mutating func integer(_: Int32.Type) -> Int32? { integer(UInt32.self).map(Int32.init(bitPattern:)) }
    mutating func integer(_: Int64.Type) -> Int64? { integer(UInt64.self).map(Int64.init(bitPattern:)) }
    mutating func text() -> IdentifierText? {
        guard let length = byte(), Int(length) <= bytes.count - position else { return nil }
        defer { position += Int(length) }
        return IdentifierText(utf8: bytes[position..<position + Int(length)])
    }
    mutating func choice<T: CaseIterable>(_: T.Type) -> T? where T.AllCases == [T] {
        guard let index = byte(), Int(index) < T.allCases.count else { return nil }
        return T.allCases[Int(index)]
    }
}
