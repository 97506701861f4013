public import OCPP
internal import Twin

/// How the stations of a world are put on a CSMS.
public struct ConnectOptions: Sendable {
    /// The CSMS's endpoint, to which `/<identity>` is appended: `ws://` or `wss://`, with path and query of its own.
    public var url: String
    public var version: OCPPVersion
    /// 0: no security; 1: basic authentication; 2: TLS and basic authentication; 3: TLS and client certificates.
    public var profile: Int
    /// Of all stations, for profiles 1 and 2.
    public var password: String
    /// PEM file of the roots that the CSMS's certificate must lead to; `nil` for the system's.
    public var roots: String?
    /// Folder of client certificates, for profile 3.
    public var clientCertificates: String?
    /// At most so many stations, in the order of the world; `nil` for all.
    public var stationsMax: Int?
    /// Simulated seconds a second, 0.01 ... 1,000.
    public var speed: Double
    /// Hour of the world's first day at which the test begins, 0 or more.
    public var startHour: Double
    /// Wall-clock seconds; `nil` for until interrupted.
    public var durationS: Double?
    /// New stations switched on in a second.
    public var rampPerS: Double
    public var threads: Int
    public var seed: UInt64?
    /// Put before each identity.
    public var prefix: String
    public var pingIntervalS: Int
    /// Whether permessage-deflate is offered.
    public var compresses: Bool
    /// Stations lose power at once after so many seconds and start anew together; `nil` for never.
    public var powerCutAfterS: Double?
    /// Stations that the power cut is about, in the order of the world; `nil` for all.
    public var powerCutStations: Int?

    public init(
        url: String, version: OCPPVersion = .v201, profile: Int = 0, password: String = "", roots: String? = nil,
        clientCertificates: String? = nil, stationsMax: Int? = nil, speed: Double = 1, startHour: Double = 8,
        durationS: Double? = nil,
        rampPerS: Double = 200, threads: Int = 2, seed: UInt64? = nil, prefix: String = "", pingIntervalS: Int = 60,
        compresses: Bool = false, powerCutAfterS: Double? = nil,
        powerCutStations: Int? = nil
    ) {
        self.url = url
        self.version = version
        self.profile = profile
        self.password = password
        self.roots = roots
        self.clientCertificates = clientCertificates
        self.stationsMax = stationsMax
        self.speed = speed
        self.startHour = startHour
        self.durationS = durationS
        self.rampPerS = rampPerS
        self.threads = threads
        self.seed = seed
        self.prefix = prefix
        self.pingIntervalS = pingIntervalS
        self.compresses = compresses
        self.powerCutAfterS = powerCutAfterS
        self.powerCutStations = powerCutStations
    }

    /// The stations' clocks agree with the wall clock when the test begins, whatever hour it is in the world.
    private var epoch: Timestamp {
        Timestamp(microseconds: Int64((WallTime.secondsSince1970 - startHour * 3600) * 1e6))
    }

    var realTime: RealTimeWorld.Options {
        RealTimeWorld.Options(
            version: version, seed: seed, stationsMax: stationsMax ?? .max, prefix: prefix, securityProfile: profile,
            csmsURL: url, password: password, epoch: epoch, followsClock: speed == 1)
    }
}
