internal import Models
public import OCPP
internal import OCPPMessages
internal import OCPPWire
internal import Sim

/// Builds a world's sites for a CSMS outside the simulation.
public struct RealTimeWorld {
    public struct Options: Sendable {
        public var version: OCPPVersion
        /// `nil` for the world's own.
        public var seed: UInt64?
        /// At most so many stations, in the order of the world.
        public var stationsMax: Int
        /// Put before each identity.
        public var prefix: String
        /// Of the connections, 0 ... 3; the device model says so.
        public var securityProfile: Int
        /// The CSMS's endpoint; the device model says so.
        public var csmsURL: String
        /// The stations' clock at the simulated instant 0.
        public var epoch: Timestamp
        /// Whether the stations set their clocks by the CSMS.
        public var followsClock: Bool
        /// Basic authentication's password of every station.
        public var password: String

        public init(
            version: OCPPVersion, seed: UInt64?, stationsMax: Int, prefix: String, securityProfile: Int,
            csmsURL: String, password: String, epoch: Timestamp,
            followsClock: Bool
        ) {
            self.epoch = epoch
            self.followsClock = followsClock
            self.version = version
            self.seed = seed
            self.stationsMax = stationsMax
            self.prefix = prefix
            self.securityProfile = securityProfile
            self.csmsURL = csmsURL
            self.password = password
        }
    }

    private let world: WorldSpec
    private let options: Options

    public init(world: WorldSpec, options: Options) {
        self.world = world
        self.options = options
    }

    /// The sites in world order, until there are enough stations; the last one whole.
    public func sites() -> [RealTimeSite] {
        let seed = options.seed ?? world.seed
        let end = SimTime.zero + .days(3650)
        let parameters = WorldCompiler(world: world, seed: seed, end: end).compile()
        var sites: [RealTimeSite] = []
        var count = 0
        for (spec, parameters) in zip(world.sites, parameters) {
            guard count < options.stationsMax else { break }
            count += parameters.stations.count
            var parameters = parameters
            parameters.csmsOn = true
            let ids = spec.stations.map { options.prefix + $0.id }
            let maker = maker(seed: seed, spec.surroundings)
            let clients = parameters.stations.indices.map { s -> StationClient in
                maker.client(
                    s, of: parameters, identity: ids[s],
                    wire: JSONWire(version: options.version, role: .chargingStation))
            }
            sites.append(
                RealTimeSite(
                    plant: SitePlant(parameters), clients: ContiguousArray(clients), stationIDs: ids,
                    epoch: options.epoch,
                    surroundings: StationSurroundings.all(
                        spec.surroundings, version: options.version, at: parameters)))
        }
        return sites
    }

    private func maker(seed: UInt64, _ surroundings: SurroundingsSpec) -> ClientMaker {
        var maker = ClientMaker(version: options.version, seed: seed)
        maker.firmware.meterValuesIntervalS = Int64(world.csms.meterValuesIntervalS)
        maker.firmware.heartbeatIntervalS = Int64(world.csms.heartbeatIntervalS)
        maker.surroundings = surroundings
        maker.network = ClientMaker.Network(
            csmsURL: options.csmsURL, securityProfile: options.securityProfile,
            password: options.password.isEmpty ? nil : options.password)
        maker.followsClock = options.followsClock
        return maker
    }
}
