public import Sim

/// How much energy a population of drivers wants and how long its vehicles stay: one draw of both.
///
/// Energy and stay are a Gaussian copula: two correlated normal deviates, each put through the quantiles of its own
/// quantity. Where the hour of arrival matters, the deviates are moved by what brings their median to that of the hour and
/// scaled so that all hours together keep the quantiles.
///
/// - Source: domain reference 6.1a; latent correlation of a rank correlation: Kruskal, "Ordinal measures of association",
///   JASA 53 (1958).
public struct NeedParameters: Sendable {
    public enum Form: Sendable, Hashable {
        /// Energy from its quantiles; the state of charge is what leaves room for it.
        case energy
        /// Direct charging from a drawn state of charge to a drawn target.
        case stateOfCharge(arrival: BetaShape, target: Triangular)
    }
    public var form: Form
    /// Energy at the connector, Wh.
    public var energyWh: QuantileTable
    /// Plug in to plug out, h; charging time for direct current and where ``idleMedianH`` is above 0.
    public var stayH: QuantileTable
    /// Median of the idle time on top of charging time, h (lognormal, ``idleSigma``); 0 where the stay includes it.
    public var idleMedianH: Double
    /// Direct charging: ``stayH`` is how long the driver is away at least.
    public var keepsAway = false
    /// Median time a vehicle stays after a direct charge, s (lognormal, ``overstaySigma``).
    public var overstayMedianS: Double
    /// Median patience in a queue, s (lognormal, ``patienceSigma``).
    public var patienceMedianS: Double
    /// Spread of the deviates within an hour, and their correlation there.
    private var energySpread = 1.0
    private var staySpread = 1.0
    private var correlation: Double
    /// Where the deviates of each local hour lie; empty when the hour does not matter.
    private var energyShift: ContiguousArray<Double> = []
    private var stayShift: ContiguousArray<Double> = []

    /// Idle times spread like this around their median: with the log's 0.874 between energy and charging time the rank
    /// correlation of energy and plug-in time comes to the log's 0.69.
    static let idleSigma = 1.2
    /// 15 % stay above 15 min at a median of 4 min.
    static let overstaySigma = 1.2753
    static let patienceSigma = 0.7

    public init(
        form: Form = .energy, energyWh: QuantileTable, stayH: QuantileTable, latentCorrelation: Double,
        idleShare: Double = 0, overstayMedianMin: Double, patienceMedianMin: Double
    ) {
        self.form = form
        self.energyWh = energyWh
        self.stayH = stayH
        correlation = min(0.999, max(-0.999, latentCorrelation))
        let idleMeanH = idleShare > 0 ? stayH.mean * idleShare / (1 - idleShare) : 0
        idleMedianH = idleMeanH / Math.exp(0.5 * Self.idleSigma * Self.idleSigma)
        overstayMedianS = 60 * overstayMedianMin
        patienceMedianS = 60 * patienceMedianMin
    }

    /// Mean time from plug in to plug out, h, for drivers who guess how long a queue takes.
    public var meanStayH: Double {
        stayH.mean + idleMedianH * Math.exp(0.5 * Self.idleSigma * Self.idleSigma)
    }

    /// Lets medians depend on the hour of arrival.
    ///
    /// - Parameters:
    ///   - periods: in rising order of their first hours; what is before the first belongs to the last.
    ///   - shares: share of the arrivals in each local hour, 24 values, sum 1.
    public mutating func follow(_ periods: [StartPeriod], shares: [Double]) {
        guard !periods.isEmpty, shares.count == 24 else { return }
        var energy = ContiguousArray<Double>()
        var stay = ContiguousArray<Double>()
        for hour in 0..<24 {
            let period = periods.last { $0.fromH <= hour } ?? periods[periods.count - 1]
            energy.append(Math.normalQuantile(energyWh.probability(of: period.energyMedianWh)))
            stay.append(Math.normalQuantile(stayH.probability(of: period.stayMedianH)))
        }
        let (energyMean, stayMean) = (Self.mean(energy, shares), Self.mean(stay, shares))
        for hour in 0..<24 {
            energy[hour] -= energyMean
            stay[hour] -= stayMean
        }
        let energyVariance = min(0.9, Self.mean(energy.indices.map { energy[$0] * energy[$0] }, shares))
        let stayVariance = min(0.9, Self.mean(stay.indices.map { stay[$0] * stay[$0] }, shares))
        let shared = Self.mean(energy.indices.map { energy[$0] * stay[$0] }, shares)
        energySpread = (1 - energyVariance).squareRoot()
        staySpread = (1 - stayVariance).squareRoot()
        correlation = min(0.999, max(-0.999, (correlation - shared) / (energySpread * staySpread)))
        energyShift = energy
        stayShift = stay
    }

    private static func mean(_ values: some Collection<Double>, _ shares: [Double]) -> Double {
        zip(values, shares).reduce(0) { $0 + $1.0 * $1.1 } / shares.reduce(0, +)
    }

    /// Energy at the connector, Wh, and time from plug in to plug out, s, of a driver who arrives in a local hour.
    func draw(_ stream: inout RandomStream, hour: Int) -> (energyWh: Double, stayS: Double) {
        let own = stream.normal()
        let other = stream.normal()
        var energy = energySpread * own
        var stay = staySpread * (correlation * own + (1 - correlation * correlation).squareRoot() * other)
        if !energyShift.isEmpty {
            energy += energyShift[hour]
            stay += stayShift[hour]
        }
        var hours = stayH.value(at: Math.normalShare(below: stay))
        if idleMedianH > 0 { hours += idleMedianH * Math.exp(Self.idleSigma * stream.normal()) }
        return (energyWh.value(at: Math.normalShare(below: energy)), max(180, 3600 * hours))
    }
}

extension QuantileTable {
    /// The fraction below `x`, clamped to where its normal deviate is within 3.
    func probability(of x: Double) -> Double {
        var share = x < values[0] ? 0 : 1.0
        for i in 1..<max(1, values.count) where x >= values[i - 1] && x < values[i] {
            let width = values[i] - values[i - 1]
            share = probabilities[i - 1] + (probabilities[i] - probabilities[i - 1]) * (x - values[i - 1]) / width
            break
        }
        return min(0.99865, max(0.00135, share))
    }
}
