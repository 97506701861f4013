import Sim

/// The text of a small world drawn from a seed: one to four sites of every kind, with whatever can stand at them.
///
/// The same seed gives the same text. Each choice is a world key that a user could have written.
struct RandomWorld: Sendable {
    let seed: UInt64
    /// The YAML.
    let text: String
    /// Names of the sites' kinds, for the message of a failure.
    let kinds: [String]

    init(seed: UInt64) {
        self.seed = seed
        var draw = Draw(stream: RandomStream(seed: seed, purpose: 0x5EED, entity: 0))
        let region = draw.one(of: ["europe", "north_america"])
        var kinds: [String] = []
        var sites = ""
        for index in 0..<draw.integer(1...4) {
            let kind = draw.one(of: Self.kinds)
            kinds.append(kind)
            sites += Self.site(index, kind, region: region, &draw)
        }
        self.kinds = kinds
        text = Self.header(seed, region: region, &draw) + "sites:\n" + sites
    }

    private static let kinds = [
        "urban_hub", "highway", "retail", "workplace", "residential_street", "mixed", "garage", "fleet",
        "dc_park",
    ]

    private static func header(_ seed: UInt64, region: String, _ draw: inout Draw) -> String {
        let month = draw.integer(1...12)
        let preset = draw.one(of: ["none", "good_operator", "typical_operator_2024", "poor_operator"])
        let link = draw.one(of: ["ideal", "ethernet_fibre", "lte_good", "lte_poor_garage"])
        let version = draw.one(of: ["1.6", "2.0.1", "2.1"])
        let isEnabled = draw.flag()
        return """
            name: random-\(seed)
            description: A world drawn from seed \(seed).
            start: 2025-\(month < 10 ? "0" : "")\(month)-0\(draw.integer(1...9))T0\(draw.integer(0...9)):\(draw.one(of: ["00", "07", "30"])):00
            days: \(draw.one(of: ["1", "2", "2.3"]))
            seed: \(draw.integer(1...1_000_000))
            region: \(region)
            climate: {ambient_c: \(draw.one(of: ["-25", "-5", "10", "24", "38", "48"]))}
            network: {drive_on: \(draw.flag()), radius_km: 20, maximum_hops: \(draw.integer(0...3))}
            operations:
              preset: \(preset)
              crews: \(draw.integer(1...3))
              incidents: {cable_pulled: \(draw.chance()), supply_lost: \(draw.chance()), vehicle_silent: \(draw.chance()), emergency_stop: \(draw.chance()), ground_fault: \(draw.chance())}
            csms:
              link: \(link)
              meter_values_interval_s: \(draw.one(of: ["60", "900"]))
              version: "\(version)"
              wire: \(draw.one(of: ["typed", "encoded"]))
              enabled: \(isEnabled)
              orders: [\(orders(version, isEnabled ? draw.integer(0...6) : 0, &draw))]
            telemetry: {interval_min: \(draw.one(of: ["1", "5", "15"])), evse_series: true}

            """
    }

    private static func orders(_ version: String, _ count: Int, _ draw: inout Draw) -> String {
        (0..<count).map { _ in
            "{\(draw.one(of: OrderTexts.all(version))), \(draw.one(of: OrderTexts.occasions))}"
        }.joined(separator: ", ")
    }

    private static func site(_ index: Int, _ kind: String, region: String, _ draw: inout Draw) -> String {
        var lines = ["  - id: s\(index)", "    latitude: 52.\(index)1", "    longitude: 13.\(index)2"]
        let template =
            ["mixed": "retail", "garage": "workplace", "fleet": "depot", "dc_park": "urban_hub"][kind] ?? kind
        lines.append("    template: \(template)")
        let connectedKW: Double
        switch kind {
        case "fleet":
            let evses = draw.integer(2...6)
            connectedKW = 11 * Double(evses)
            lines.append("    stations: [{kind: ac, count: \(evses), evse_power_kw: 11}]")
            lines.append(
                "    fleet: {vehicles: \(evses), vehicle: vw_id4_77_2020, return_from: \"1\(draw.integer(4...6)):00\", return_to: \"18:00\", departure: \"0\(draw.integer(4...7)):30\", weekends: \(draw.flag())}"
            )
        case "mixed":
            connectedKW = 100
            lines.append("    stations:")
            lines.append("      - {kind: dc, count: 1, power_kw: \(draw.one(of: ["60", "150"])), evses: 2}")
            lines.append("      - {kind: ac, count: 2, evse_power_kw: \(draw.one(of: ["7.2", "11"])), evses: 2}")
        case "garage":
            let (evses, power) = (draw.integer(6...14), draw.one(of: ["7.2", "11", "22"]))
            connectedKW = Double(evses) * (Double(power) ?? 0)
            lines.append("    stations: [{kind: ac, count: \(evses), evse_power_kw: \(power)}]")
        case "dc_park":
            let (stations, power) = (draw.integer(3...10), draw.one(of: ["50", "100", "150"]))
            connectedKW = Double(stations) * (Double(power) ?? 0)
            lines.append("    stations: [{kind: dc, count: \(stations), power_kw: \(power)}]")
        case "urban_hub", "highway":
            let (stations, power) = (draw.integer(1...4), draw.one(of: ["50", "150", "300"]))
            connectedKW = Double(stations) * (Double(power) ?? 0)
            lines.append("    stations: [{kind: dc, count: \(stations), power_kw: \(power), evses: 2}]")
        default:
            let stations = draw.integer(1...3)
            connectedKW = 14.4 * Double(stations)
            lines.append("    stations: [{kind: ac, count: \(stations), evse_power_kw: 7.2, evses: 2}]")
        }
        if kind != "fleet" {
            lines.append("    arrivals: {sessions_per_connector_day: \(draw.one(of: ["0.5", "3", "9"]))}")
            lines.append("    queue_places: \(draw.integer(0...5))")
        }
        let building = draw.one(of: ["0", "12", "40"])
        lines.append("    building: {shape: g1, peak_kw: \(building), noise: \(draw.flag())}")
        if draw.flag() {
            let share = 0.1 * Double(draw.integer(1...9))
            let limit = ((Double(building) ?? 0) * 1.3 + share * connectedKW + 2).rounded(.up)
            lines.append("    import_limit_kw: \(limit)")
            lines.append(
                "    control: {policy: fair_share, margin: \(draw.one(of: ["0", "0.05"])), minimum_kw: \(draw.one(of: ["1.4", "4.2"]))}"
            )
        }
        if kind != "fleet", draw.flag() {
            lines.append(
                "    surroundings: {external_limits_per_day: 3, grid_faults_per_day: 3, vendor_messages_per_day: 3, iso15118_share: 0.3, priority_share: 0.3, terminal_share: 0.3}"
            )
        }
        lines.append("    transformer: {rating_kva: \(draw.one(of: ["auto", "none", "100"]))}")
        return lines.joined(separator: "\n") + "\n"
    }

    /// Choices from one stream.
    private struct Draw {
        var stream: RandomStream
        mutating func integer(_ range: ClosedRange<Int>) -> Int {
            range.lowerBound + min(range.count - 1, Int(stream.unit() * Double(range.count)))
        }
        mutating func one(of list: [String]) -> String { list[integer(0...list.count - 1)] }
        mutating func flag() -> Bool { stream.unit() < 0.5 }
        /// Mostly rare, sometimes common: incidents must be seen in a small world.
        mutating func chance() -> String { one(of: ["0", "0.01", "0.1"]) }
    }
}
