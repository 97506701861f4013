internal import Sim

/// How often one component fails, and what a repair of it takes; every multiplier is already in it.
public struct ComponentRates: Sendable, Hashable {
    /// Faults a year of operation of all components of this sort in one station.
    public var acPerYear: Double
    public var dcPerYear: Double
    /// Share of the faults that need a visit, 0 ... 1.
    public var onsiteShare: Double
    /// Weibull shape of the time between failures, positive.
    public var weibullShape: Double
    /// Median of the work on site, h.
    public var handsOnMedianH: Double

    public init(
        acPerYear: Double, dcPerYear: Double, onsiteShare: Double, weibullShape: Double, handsOnMedianH: Double
    ) {
        self.acPerYear = acPerYear
        self.dcPerYear = dcPerYear
        self.onsiteShare = onsiteShare
        self.weibullShape = weibullShape
        self.handsOnMedianH = handsOnMedianH
    }

    /// The table's component under a multiplier of every rate.
    public init(_ component: ReliabilityComponent, multiplier: Double) {
        self.init(
            acPerYear: component.ratePerYear(in: .ac) * multiplier,
            dcPerYear: component.ratePerYear(in: .dc) * multiplier, onsiteShare: component.onsiteShare,
            weibullShape: component.weibullShape, handsOnMedianH: component.handsOnMedianH)
    }

    func perYear(in kind: StationKind) -> Double { kind == .ac ? acPerYear : dcPerYear }

    /// Weibull scale in hours for a rate in faults a year: mean life over Γ(1 + 1/shape).
    func weibullScaleH(perYear rate: Double) -> Double {
        8760 / rate / Math.exp(Math.logGamma(1 + 1 / weibullShape))
    }
}

/// Law of the time that a crew works on site.
public enum RepairLaw: String, CaseIterable, Sendable {
    case lognormal
    /// For comparison with queueing theory; its mean is the median given.
    case exponential
}

/// Failure and repair of components, the crews, and what is not told apart from working equipment.
public struct FailureParameters: Sendable {
    /// By component, in the order of ``ReliabilityTable/components``.
    public var rates: ContiguousArray<ComponentRates>
    /// Remote fix: lognormal, median in minutes.
    public var remoteMedianMin, remoteSigma: Double
    /// Detection to restoration by a crew that is free at once: lognormal, median in hours; 0: crews set off when told.
    public var onsiteMedianH, onsiteSigma: Double
    public var repairLaw = RepairLaw.lognormal
    /// Until a fault is noticed, and then until the dispatcher knows whether it needs a visit (uniform), minutes. Together
    /// no less than the least delay between sites.
    public var detectionMin = 10.0
    public var triageMin = 5.0...30.0
    /// Crews of the maintenance dispatcher that serves all sites.
    public var crews: Int
    /// Set-up and parking of every drive, minutes, and its speed in a straight line, km/h.
    public var crewSetUpMin = 15.0
    public var crewSpeedKmh = 50.0
    /// Index of the site where the dispatcher is.
    public var dispatcherSite: UInt32
    public var conditions: PortConditionParameters?

    public init(
        rates: ContiguousArray<ComponentRates>, remoteMedianMin: Double, remoteSigma: Double, onsiteMedianH: Double,
        onsiteSigma: Double, crews: Int, dispatcherSite: UInt32
    ) {
        self.rates = rates
        self.remoteMedianMin = remoteMedianMin
        self.remoteSigma = remoteSigma
        self.onsiteMedianH = onsiteMedianH
        self.onsiteSigma = onsiteSigma
        self.crews = crews
        self.dispatcherSite = dispatcherSite
    }
}

/// Interruptions of a site's supply: Poisson, with lengths from a lognormal law.
/// - Source: domain.md section 14 (SAIFI and CAIDI); σ 1 of the length is an engineering estimate.
public struct GridOutageParameters: Sendable {
    public var perYear: Double
    public var meanH: Double

    public init(perYear: Double, meanH: Double) {
        self.perYear = perYear
        self.meanH = meanH
    }
    static let sigma = 1.0
}

/// Purposes of the random streams of failures, apart from those of ``StreamPurpose``.
public enum FailureStreamPurpose {
    public static let condition: UInt64 = 101
    public static let gridOutage: UInt64 = 102
    public static let equipmentAge: UInt64 = 103
}
