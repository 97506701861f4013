internal import OCPP

/// What has been told of each EVSE's meter, from which intervals are counted, and where transactions run.
struct ReadingHistory: Sendable, Codable {
    /// Transactions whose EVSE is remembered.
    static let placesMax = 64

    /// The streams of readings, each of which has intervals of its own.
    enum Stream: Int, Sendable, Codable, CaseIterable {
        case sampled
        case aligned
    }
    private struct Told: Sendable, Codable {
        var event: EventReference
        var fromWh: Double
        var toWh: Double
    }
    private struct Place: Sendable, Codable {
        var transactionNumber: UInt32
        var evse: Int
        var startWh: Double
    }

    private var told: [Told?]
    private var places: ContiguousArray<Place> = []

    init(evses: Int) { told = Array(repeating: nil, count: evses * Stream.allCases.count) }

    /// A transaction starts; the oldest known may be forgotten.
    mutating func note(transaction: UInt32, evse: Int, startWh: Double) {
        if places.count >= Self.placesMax { places.removeFirst() }
        places.append(Place(transactionNumber: transaction, evse: evse, startWh: startWh))
    }

    func evse(ofTransaction number: UInt32) -> Int? { places.last { $0.transactionNumber == number }?.evse }

    /// Energy between the reading of `event` and the one told before in the same stream, or the transaction's start,
    /// Wh; the same when it is told again.
    mutating func interval(
        of event: EventReference, evse: Int, stream: Stream, registerWh: Double
    ) -> Double {
        let index = evse * Stream.allCases.count + stream.rawValue
        guard told.indices.contains(index) else { return 0 }
        if let last = told[index], last.event == event { return last.toWh - last.fromWh }
        var fromWh = places.last { $0.transactionNumber == event.transactionNumber }?.startWh ?? registerWh
        if let last = told[index], last.event.transactionNumber == event.transactionNumber { fromWh = last.toWh }
        told[index] = Told(event: event, fromWh: fromWh, toWh: registerWh)
        return max(0, registerWh - fromWh)
    }
}
