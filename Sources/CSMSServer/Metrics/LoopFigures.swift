internal import OCPPMessages

/// What one event loop has counted; a scrape adds up those of all loops.
struct LoopFigures: Sendable {
    /// How a message of a charging station ended.
    enum Outcome: Int, CaseIterable {
        case answered
        case refused
    }

    /// Why a connection was not let in.
    enum Refusal: Int, CaseIterable {
        case busy
        case databaseDown
        case badIdentity
        case unknownIdentity
        case badCredentials
        case profileTooLow
        case noSubprotocol
        case tls
        case handshake
    }

    var opened: UInt64 = 0
    var closed: UInt64 = 0
    var replaced: UInt64 = 0
    var pausedReads: UInt64 = 0
    private(set) var refusals = [UInt64](repeating: 0, count: Refusal.allCases.count)
    /// Messages of charging stations: `[family][action][outcome]`, flat.
    private(set) var messages = [UInt64](repeating: 0, count: 2 * actionsMax * Outcome.allCases.count)
    var unknownActions: UInt64 = 0
    var invalidMessages: UInt64 = 0
    /// Messages that break their schema and were taken all the same.
    var toleratedMessages: UInt64 = 0
    var malformedFrames: UInt64 = 0
    /// Own calls that were sent, and how they ended.
    var callsSent: UInt64 = 0
    var callsTimedOut: UInt64 = 0
    var callsRefused: UInt64 = 0
    /// Seconds from a frame's arrival to its answer: one in ``sampling`` messages.
    var latencies = Histogram(first: 0.00005, buckets: 18)
    private var untilSample = 0

    static let sampling = 16
    private static let actionsMax = 128

    mutating func count(_ request: AnyRequest, _ outcome: Outcome) { messages[Self.index(request, outcome)] &+= 1 }
    mutating func count(_ refusal: Refusal) { refusals[refusal.rawValue] &+= 1 }

    /// Whether this message's latency is to be measured.
    mutating func isSampled() -> Bool {
        untilSample -= 1
        guard untilSample < 0 else { return false }
        untilSample = Self.sampling - 1
        return true
    }

    mutating func merge(_ other: LoopFigures) {
        opened &+= other.opened
        closed &+= other.closed
        replaced &+= other.replaced
        pausedReads &+= other.pausedReads
        unknownActions &+= other.unknownActions
        invalidMessages &+= other.invalidMessages
        toleratedMessages &+= other.toleratedMessages
        malformedFrames &+= other.malformedFrames
        callsSent &+= other.callsSent
        callsTimedOut &+= other.callsTimedOut
        callsRefused &+= other.callsRefused
        for index in refusals.indices { refusals[index] &+= other.refusals[index] }
        for index in messages.indices { messages[index] &+= other.messages[index] }
        latencies.merge(other.latencies)
    }

    /// Every action that was counted, with its family and outcome.
    var messageCounts: [(family: String, action: String, outcome: Outcome, count: UInt64)] {
        var counts: [(String, String, Outcome, UInt64)] = []
        for outcome in Outcome.allCases {
            for action in V16.Action.allCases {
                let count = messages[Self.index(0, action.rawValue, outcome)]
                if count > 0 { counts.append(("1.6", action.wireText, outcome, count)) }
            }
            for action in V2.Action.allCases {
                let count = messages[Self.index(1, action.rawValue, outcome)]
                if count > 0 { counts.append(("2.x", action.wireText, outcome, count)) }
            }
        }
        return counts
    }

    private static func index(_ request: AnyRequest, _ outcome: Outcome) -> Int {
        switch request {
        case .v16(let request): index(0, request.action.rawValue, outcome)
        case .v2(let request): index(1, request.action.rawValue, outcome)
        }
    }
    private static func index(_ family: Int, _ action: UInt8, _ outcome: Outcome) -> Int {
        (family * actionsMax + Int(action)) * Outcome.allCases.count + outcome.rawValue
    }
}
