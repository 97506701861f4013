/// What an on-board charger takes at most, A per phase, on one phase and on three.
///
/// The two are limits of their own: a European 11 kW car takes 3 x 16 A, and 32 A where there is one phase. Currents are
/// the published power over the market's nominal voltage; at another voltage the same current flows.
/// - Source: `reference/vehicle_onboard.json`.
public struct OnboardRating: BitwiseCopyable, Sendable, Hashable {
    /// Limit on one phase; 0 when the vehicle does not charge on AC here.
    public let onePhaseA: Double
    /// Limit of each of three phases; 0 when the charger has one.
    public let threePhaseA: Double

    /// From published powers at `nominalV` across each phase.
    public init(onePhaseW: Double, threePhaseW: Double, nominalV: Double) {
        onePhaseA = onePhaseW / nominalV
        threePhaseA = threePhaseW / (3 * nominalV)
    }

    /// No charger on board.
    public static let none = OnboardRating(onePhaseW: 0, threePhaseW: 0, nominalV: 230)

    /// There is a charger.
    public var isPresent: Bool { onePhaseA > 0 || threePhaseA > 0 }

    /// Phases used at an outlet of `evsePhases`, and the limit of each, A; the larger power where both are possible.
    public func use(evsePhases: Int) -> (phases: Int, amps: Double) {
        guard evsePhases > 1, threePhaseA > 0, Double(evsePhases) * threePhaseA >= onePhaseA else {
            return evsePhases > 0 && onePhaseA > 0 ? (1, onePhaseA) : (0, 0)
        }
        return (min(evsePhases, 3), threePhaseA)
    }
}
