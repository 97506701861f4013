internal import Sim

/// Something that comes over a station now and then, as a Poisson process, and lasts a while or no time at all.
struct Episode: Sendable, Codable {
    private(set) var stream: RandomStream
    private(set) var isOn = false
    /// When it begins or ends next.
    private(set) var next: SimTime
    private let gapS: Double
    private let lengthS: Double

    /// - Parameters:
    ///   - perDay: how often; `nil` comes of none a day.
    ///   - lengthS: how long each lasts, seconds; 0 for a mere instant.
    init?(perDay: Double, lengthS: Double = 0, stream: RandomStream) {
        guard perDay > 0 else { return nil }
        self.stream = stream
        self.lengthS = lengthS
        gapS = 86_400 / perDay
        next = .zero + .roundingUp(seconds: self.stream.exponential(mean: gapS))
    }

    /// What was due at ``next`` has happened. Returns whether it began.
    mutating func turn() -> Bool {
        if isOn || lengthS == 0 {
            next = next + .roundingUp(seconds: stream.exponential(mean: gapS))
            defer { isOn = false }
            return !isOn
        }
        isOn = true
        next = next + .roundingUp(seconds: lengthS)
        return true
    }

    /// A draw, 0 ..< 1, that belongs to this episode.
    mutating func draw() -> Double { stream.unit() }
}
