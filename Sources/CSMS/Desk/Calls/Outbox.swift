internal import OCPP
internal import OCPPMessages

/// Own CALLs: one is with the charging station, others wait in bounded queues, the desk's own before the operators'.
struct Outbox: Sendable, Codable {
    /// Whom the answer to a call is for.
    enum Purpose: Equatable, Sendable, Codable {
        /// Operators' commands; one that was repeated while it was under way has several.
        case command(tickets: [UInt64])
        /// One step of the provisioning.
        case provisioning
        /// Asks for a BootNotification.
        case boot
        case inventory(firmware: String)
        case certificate(Signing.Signed)
        case localListVersion
        case localListPart(version: Int, isLast: Bool, isDifferential: Bool)
        case firmware(order: UInt64)
        case transactionStatus(IdentifierText)
        /// Nothing but what any answer to it tells.
        case followUp
    }
    struct UnderWay: Sendable, Codable {
        var id: String
        var call: Call
    }
    struct Call: Equatable, Sendable, Codable {
        var request: AnyRequest
        var purpose: Purpose
    }

    /// Commands that wait at once; further ones are refused as busy.
    static let commandsMax = 64
    /// The desk's own calls that wait at once; the oldest gives way.
    static let ownMax = 64

    private(set) var underWay: UnderWay?
    private var own: ContiguousArray<Call> = []
    private(set) var commands: ContiguousArray<Call> = []
    private var lastNumber: Int64 = 0
    private var lastID: Int64 = 0

    var isFull: Bool { commands.count >= Self.commandsMax }

    /// Appends an own call.
    mutating func enqueue(_ request: AnyRequest, for purpose: Purpose) {
        if own.count == Self.ownMax { own.removeFirst() }
        own.append(Call(request: request, purpose: purpose))
    }

    mutating func enqueue(command request: AnyRequest, ticket: UInt64) {
        commands.append(Call(request: request, purpose: .command(tickets: [ticket])))
    }

    /// Gives another ticket the outcome of a call that is under way or waiting; `false` when there is none like it.
    mutating func join(ticket: UInt64, where isSame: (AnyRequest) -> Bool) -> Bool {
        if let current = underWay, case .command(let tickets) = current.call.purpose, isSame(current.call.request),
            tickets.count < Self.commandsMax
        {
            underWay?.call.purpose = .command(tickets: tickets + [ticket])
            return true
        }
        guard let index = commands.firstIndex(where: { isSame($0.request) }),
            case .command(let tickets) = commands[index].purpose, tickets.count < Self.commandsMax
        else { return false }
        commands[index].purpose = .command(tickets: tickets + [ticket])
        return true
    }

    /// Whether a call of this purpose is under way or waiting.
    func holds(_ isIt: (Purpose) -> Bool) -> Bool {
        underWay.map { isIt($0.call.purpose) } == true || own.contains { isIt($0.purpose) }
    }

    /// The next call to send, when none is under way.
    mutating func next(_ now: Timestamp) -> (id: String, call: Call)? {
        guard underWay == nil else { return nil }
        let call: Call
        if !own.isEmpty {
            call = own.removeFirst()
        } else if !commands.isEmpty {
            call = commands.removeFirst()
        } else {
            return nil
        }
        lastID = max(lastID + 1, now.microseconds)
        let id = IdentifierText(hexadecimal: UInt64(bitPattern: lastID)).description
        underWay = UnderWay(id: id, call: call)
        return (id, call)
    }

    /// The call that `id` answers; `nil` for one that is over.
    mutating func finish(_ id: String) -> Call? {
        guard let call = underWay?.call, underWay?.id == id else { return nil }
        underWay = nil
        return call
    }

    /// Everything that was under way or waiting; nothing is any more.
    mutating func drop() -> [Call] {
        var dropped: [Call] = []
        if let call = underWay?.call { dropped.append(call) }
        underWay = nil
        dropped += own
        dropped += commands
        own.removeAll()
        commands.removeAll()
        return dropped
    }

    /// Drops own calls that wait.
    mutating func dropOwn(where isIt: (Purpose) -> Bool) { own.removeAll { isIt($0.purpose) } }

    /// A number for a requestId, a remoteStartId or a profile: greater than all before, also before a restart, as long
    /// as the clock does not run backwards and fewer than one a second are needed on average.
    mutating func nextNumber(_ now: Timestamp) -> Int {
        let second = now.microseconds / 1_000_000 - 1_577_836_800  // since 2020-01-01
        lastNumber = max(lastNumber + 1, second)
        return Int(min(max(lastNumber, 1), Int64(Int32.max)))
    }
}
