internal import Models

/// What was seen at the stations' end of their connections. One per event loop, summed when it is told.
public struct Measurements: Sendable {
    /// Messages of one action.
    public struct Action: Sendable {
        public var name: String
        public var roundTrip = Histogram()
        /// Answered with CALLERROR.
        public var errors: UInt64 = 0
        /// Not answered in time, or cut off.
        public var timeouts: UInt64 = 0
    }

    public private(set) var actions: [Action] = []
    public var connectsTried: UInt64 = 0
    public var connectsOpened: UInt64 = 0
    /// Opening handshakes, from the attempt to the open WebSocket.
    public var handshake = Histogram()
    public var disconnects: UInt64 = 0
    public var framesReceived: UInt64 = 0
    public var framesSent: UInt64 = 0
    public var malformed: UInt64 = 0
    /// Why connections were not made or were lost, with their numbers; bounded.
    public private(set) var reasons: [(text: String, count: UInt64)] = []
    /// Why answers to BootNotification could not be used, with their numbers; bounded.
    public private(set) var unusableBootAnswers: [(text: String, count: UInt64)] = []
    private static let reasonsMax = 20

    public init() {}

    mutating func note(_ action: String, _ kind: StationAnswerKind, microseconds: Int64) {
        let index = actions.firstIndex { $0.name == action } ?? actions.count
        if index == actions.count { actions.append(Action(name: action)) }
        switch kind {
        case .result: actions[index].roundTrip.add(microseconds: microseconds)
        case .error: actions[index].errors += 1
        case .timedOut: actions[index].timeouts += 1
        }
    }

    mutating func note(reason: String, count: UInt64 = 1) { Self.add(reason, count, to: &reasons) }

    mutating func note(unusableBootAnswer reason: String, count: UInt64 = 1) {
        Self.add(reason, count, to: &unusableBootAnswers)
    }

    private static func add(_ text: String, _ count: UInt64, to list: inout [(text: String, count: UInt64)]) {
        if let index = list.firstIndex(where: { $0.text == text }) {
            list[index].count += count
        } else if list.count < reasonsMax {
            list.append((text, count))
        } else {
            list[reasonsMax - 1].count += count
        }
    }

    /// Answers to BootNotification that no charging station could use.
    public var unusableBoots: UInt64 { unusableBootAnswers.reduce(0) { $0 + $1.count } }

    public static func += (a: inout Measurements, b: Measurements) {
        for action in b.actions {
            let index = a.actions.firstIndex { $0.name == action.name } ?? a.actions.count
            if index == a.actions.count { a.actions.append(Action(name: action.name)) }
            a.actions[index].roundTrip += action.roundTrip
            a.actions[index].errors += action.errors
            a.actions[index].timeouts += action.timeouts
        }
        a.connectsTried += b.connectsTried
        a.connectsOpened += b.connectsOpened
        a.handshake += b.handshake
        a.disconnects += b.disconnects
        a.framesReceived += b.framesReceived
        a.framesSent += b.framesSent
        a.malformed += b.malformed
        for reason in b.reasons { a.note(reason: reason.text, count: reason.count) }
        for answer in b.unusableBootAnswers { a.note(unusableBootAnswer: answer.text, count: answer.count) }
    }

    /// Messages answered with a CALLRESULT.
    public var answered: UInt64 { actions.reduce(0) { $0 + $1.roundTrip.count } }
    public var errors: UInt64 { actions.reduce(0) { $0 + $1.errors } }
    public var timeouts: UInt64 { actions.reduce(0) { $0 + $1.timeouts } }
}
