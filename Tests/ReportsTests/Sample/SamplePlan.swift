/// What a sample telemetry file shall contain.
struct SamplePlan: Sendable {
    var sites = 40
    var days = 14
    var intervalS = 900
    var seed: UInt64 = 7
    /// Sessions that the books lose, at one site.
    var lostInBooks = 0
    var hasComparison = false
    var hasMessages = false
    var hasTransformers = true
    /// Of every transformer, as the world says, and whether they are dry types of class 155.
    var insulationLifeH = 180_000.0
    var isDryType = false
    var hasAudit = true
    /// False as after Ctrl-C.
    var isComplete = true
    var name = "sample-metro"
    var description = "A made-up metropolitan network with six kinds of site."
    var worldText = "# made up for tests\nname: sample-metro\nsites: {table: data/sites.csv}\n"

    static let epoch = "2025-01-06T00:00:00"
    static let kinds = ["highway", "urban_hub", "retail", "workplace", "depot", "residential"]
    static let endReasons = [
        "target_reached", "driver_left", "battery_full", "fault", "cable_pulled", "supply_lost", "vehicle_silent",
        "emergency_stop", "ground_fault", "authorization_failed",
    ]
    static let lostReasons = [
        "no_place", "balked", "reneged", "no_compatible_connector", "authorization_failed", "out_of_service",
    ]
    static let components = [
        "grid_supply_breaker_spd", "ac_contactor_or_aux_supply", "payment_terminal", "power_module", "cooling_fan_pump",
        "connector_cable", "screen_hmi", "controller_board", "modem_sim_antenna", "firmware_hang_or_fault",
    ]
    static let componentWeights = [0.12, 0.05, 0.22, 0.08, 0.05, 0.06, 0.04, 0.03, 0.2, 0.15]
    static let vehicles = [
        "tesla_model3_lr_2019", "tesla_modely_lr_2020", "vw_id4_77_2020", "hyundai_ioniq5_72_2021",
        "ford_mache_er_2020",
        "chevrolet_bolt_2017", "nissan_leaf_40_2018", "kia_eniro_64_2020", "polestar2_2020", "rivian_r1t_2022",
        "ford_f150_lightning_er_2022", "bmw_i3_120ah_2018", "porsche_taycan_j1_2020", "ford_etransit_2022",
    ]
    static let alarmKinds = ["transformer_hot", "import_limit", "station_offline", "site_unreachable"]
    static let actions = [
        "BootNotification", "Heartbeat", "StatusNotification", "Authorize", "TransactionEvent", "MeterValues",
    ]
}

/// Repeatable random numbers for sample files (SplitMix64).
struct SampleRandom: Sendable {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }

    mutating func unit() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((z ^ (z >> 31)) >> 11) * 0x1p-53
    }
    mutating func between(_ low: Double, _ high: Double) -> Double { low + (high - low) * unit() }
    /// Rough normal: sum of four.
    mutating func normal() -> Double { (unit() + unit() + unit() + unit() - 2) * 1.732 }
    mutating func below(_ n: Int) -> Int { min(n - 1, Int(unit() * Double(n))) }
    mutating func pick(_ weights: [Double]) -> Int {
        var rest = unit() * weights.reduce(0, +)
        for (index, weight) in weights.enumerated() {
            rest -= weight
            if rest < 0 { return index }
        }
        return weights.count - 1
    }
}
