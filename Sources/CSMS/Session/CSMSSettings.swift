public import OCPP

/// How a CSMS deals with its charging stations.
public struct CSMSSettings: Hashable, Sendable, BitwiseCopyable, Codable {
    /// Interval given to accepted charging stations, seconds, at least 1.
    public var heartbeatIntervalS: Int32
    /// Heartbeat intervals of silence after which a charging station counts as offline, above 1.
    public var silentIntervals: Double
    /// What a charging station that was never seen before is told.
    public var newStations: Core.RegistrationStatus
    /// Seconds a pending or rejected charging station has to wait before it may ask again, at least 1.
    public var retryIntervalS: Int32
    /// What is said about a token that the directory does not hold: ``Core/AuthorizationStatus/unknown``, or
    /// ``Core/AuthorizationStatus/accepted`` for a network that is open to everybody.
    public var unknownTokens: Core.AuthorizationStatus
    /// Seconds that an Ended event without any reading of the start waits for its Started before it is booked.
    public var lateStartGraceS: Int64

    public init(
        heartbeatIntervalS: Int32 = 300, silentIntervals: Double = 2.5,
        newStations: Core.RegistrationStatus = .accepted, retryIntervalS: Int32 = 60,
        unknownTokens: Core.AuthorizationStatus = .unknown, lateStartGraceS: Int64 = 86_400
    ) {
        precondition(heartbeatIntervalS >= 1 && retryIntervalS >= 1, "intervals are at least a second")
        precondition(silentIntervals > 1, "one heartbeat may be late")
        self.heartbeatIntervalS = heartbeatIntervalS
        self.silentIntervals = silentIntervals
        self.newStations = newStations
        self.retryIntervalS = retryIntervalS
        self.unknownTokens = unknownTokens
        self.lateStartGraceS = lateStartGraceS
    }

    /// Silence after which a charging station counts as offline, microseconds.
    var silenceMicroseconds: Int64 { Int64(Double(heartbeatIntervalS) * silentIntervals * 1e6) }
}
