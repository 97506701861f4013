internal import Models
internal import OCPP
internal import Sim

/// The connections between a site's charging stations and the CSMS, in process: decoded frames, the network's delays
/// and its outages.
///
/// A frame under way belongs to one connection; when that is lost, the frame is. With the `ideal` profile nothing takes
/// time and the owner hands frames over at once.
/// - Source: alternating renewal model of domain.md section 7.
struct VirtualLink: Sendable, Codable {
    /// A frame under way to the CSMS, or an answer back.
    struct Flight<Frame: BitwiseCopyable & Sendable & Codable>: BitwiseCopyable, Sendable, Codable {
        var station: UInt16
        var connection: UInt32
        /// When the station sent the call.
        var sent: SimTime
        var frame: Frame
    }
    /// One station's connection.
    struct Line: BitwiseCopyable, Sendable, Codable {
        /// Reasons for which the network does not carry: its own outage, a broken modem.
        var obstacles: UInt8 = 0
        var isOutage = false
        var isConnected = false
        /// Counts connections; frames of earlier ones are lost.
        var connection: UInt32 = 0
        var stream: RandomStream
        // One pending queue event a station stands for its firmware's timer, however often that is moved.
        var timerAt: SimTime = .distantFuture
        var timerQueued: SimTime = .distantFuture
        var timerGeneration: UInt32 = 0
        /// When the CSMS's session is woken (`encoded` wire).
        var sessionQueued: SimTime = .distantFuture
    }

    var lines: ContiguousArray<Line> = []
    var calls = Slab<Flight<StationCall>>()
    var answers = Slab<Flight<CSMSAnswer>>()

    init(stations: ContiguousArray<StationParameters>, seed: UInt64) {
        for station in stations {
            lines.append(
                Line(stream: RandomStream(seed: seed, purpose: StreamPurpose.link, entity: station.entity)))
        }
    }

    func isPhysicallyUp(_ s: Int) -> Bool { lines[s].obstacles == 0 }

    /// Half a round trip, drawn anew for every frame.
    mutating func oneWay(_ s: Int, _ profile: LinkProfile) -> SimDuration {
        var ms = 0.5 * lines[s].stream.lognormal(mu: Math.log(profile.rttMedianMs), sigma: profile.rttSigmaLog)
        if lines[s].stream.unit() < profile.packetLoss { ms += Self.retransmissionMs }
        return .rounding(seconds: 1e-3 * min(ms, LinkProfiles.rttCapMs))
    }
    /// TCP sends a lost packet again after its retransmission time-out (RFC 6298, usual floor on Linux 200 ms and more).
    private static let retransmissionMs = 300.0

    /// TCP, TLS and WebSocket take three to eight round trips.
    mutating func handshake(_ s: Int, _ profile: LinkProfile) -> SimDuration {
        let trips = 3 + 5 * lines[s].stream.unit()
        return .rounding(seconds: trips * 2 * oneWay(s, profile).seconds)
    }
    /// How long the network stays as it is now.
    mutating func untilChange(_ s: Int, _ profile: LinkProfile) -> SimDuration {
        let seconds =
            lines[s].isOutage
            ? 60 * lines[s].stream.lognormal(mu: Math.log(profile.outageMedianMin), sigma: profile.outageSigmaLog)
            : 3600 * lines[s].stream.exponential(mean: profile.meanUpH)
        return .rounding(seconds: max(1, seconds))
    }
}
