extension EventQueue: Codable where Event: Codable {
    private enum CodingKeys: CodingKey {
        case times
        case events
    }

    /// Writes the events in their order; how the queue had arranged them does not show.
    public func encode(to encoder: any Encoder) throws {
        var copy = self
        var times: [SimTime] = []
        var events: [Event] = []
        times.reserveCapacity(count)
        events.reserveCapacity(count)
        while let (time, event) = copy.pop() {
            times.append(time)
            events.append(event)
        }
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(times, forKey: .times)
        try container.encode(events, forKey: .events)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let times = try container.decode([SimTime].self, forKey: .times)
        let events = try container.decode([Event].self, forKey: .events)
        guard times.count == events.count else {
            throw DecodingError.dataCorruptedError(
                forKey: .events, in: container, debugDescription: "\(times.count) times, but \(events.count) events")
        }
        self.init()
        for (time, event) in zip(times, events) { schedule(event, at: time) }
    }
}
