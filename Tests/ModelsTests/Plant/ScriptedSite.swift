import Models
import Sim

/// A site as a ``PlantScript`` needs it: outlets with names, no losses, nobody who comes by himself, nothing that fails.
struct ScriptedSite {
    var parameters = SiteParameters()
    /// Of each EVSE.
    private(set) var outlets: [String] = []
    /// Of each station.
    private(set) var stations: [String] = []

    /// Vehicles by the names of scripts: index in the catalogue.
    static let vehicles = ["id4": "vw_id4_77_2020", "leaf": "nissan_leaf_40_2018"].mapValues { id in
        VehicleCatalogue.all.firstIndex { $0.id == id }.map { UInt16($0) } ?? .max
    }

    init(index: UInt32 = 0) {
        parameters.index = index
        parameters.entity = UInt64(index) + 1
        parameters.end = .zero + .days(10)
        parameters.mix = ContiguousArray(Self.vehicles.values.sorted())
        parameters.csmsOn = true
        parameters.pilotLogOn = true
        let all = ContiguousArray(repeating: true, count: VehicleCatalogue.all.count)
        parameters.compatibility = [all, all]
        parameters.compatibility[1][Int(Self.vehicles["leaf"] ?? 0)] = false  // row 1: CCS2 only
        parameters.position = (52, 13)
    }

    /// A station on alternating current: three phases of 230 V, an outlet of `amps` for each name. `stationKW` is what they
    /// may give together.
    func ac(_ outlets: String..., amps: Double = 32, stationKW: Double? = nil) -> ScriptedSite {
        station(.ac, outlets, outletW: amps * 690, amps: amps, stationW: stationKW.map { $0 * 1000 })
    }

    /// A station on direct current. With `modules` all outlets share so many of so many kilowatts.
    func dc(
        _ outlets: String..., kW: Double = 150, modules: (count: Int, kW: Double)? = nil, isCCSOnly: Bool = false
    ) -> ScriptedSite {
        station(
            .dc, outlets, outletW: kW * 1000, amps: 500, stationW: modules.map { Double($0.count) * $0.kW * 1000 },
            modules: modules, row: isCCSOnly ? 1 : 0)
    }

    /// The same with other parameters.
    func with(_ change: (inout SiteParameters) -> Void) -> ScriptedSite {
        var copy = self
        change(&copy.parameters)
        return copy
    }

    /// Components fail when a script says so, and never else.
    func failing(onsiteShare: Double, detectionMin: Double = 10, crews: Int = 1) -> ScriptedSite {
        with { p in
            let rates = ComponentRates(
                acPerYear: 1e-9, dcPerYear: 1e-9, onsiteShare: onsiteShare, weibullShape: 1, handsOnMedianH: 2)
            var policy = FailureParameters(
                rates: ContiguousArray(repeating: rates, count: ReliabilityTable.components.count),
                remoteMedianMin: 30, remoteSigma: 0.5, onsiteMedianH: 0, onsiteSigma: 0, crews: crews,
                dispatcherSite: 0)
            policy.detectionMin = detectionMin
            policy.triageMin = 5.0...5.0
            p.failures = policy
        }
    }

    private func station(
        _ kind: StationKind, _ names: [String], outletW: Double, amps: Double, stationW: Double?,
        modules: (count: Int, kW: Double)? = nil, row: Int = 0
    ) -> ScriptedSite {
        var copy = self
        let first = outlets.count
        let s = stations.count
        copy.stations.append(names.joined(separator: "+"))
        copy.outlets += names
        copy.parameters.stations.append(
            StationParameters(
                kind: kind, ratedW: stationW ?? outletW * Double(names.count), moduleCount: modules?.count ?? 0,
                moduleW: (modules?.kW ?? 0) * 1000, standbyW: 0, evses: first..<first + names.count,
                entity: parameters.entity << 16 | UInt64(s + 1), weight: 1))
        if stationW != nil { copy.parameters.sharingStations.append(s) }
        for _ in names {
            copy.parameters.evses.append(
                EVSEParameters(
                    station: s, isDirect: kind == .dc, ratedW: outletW, cableA: amps,
                    voltageV: kind == .dc ? 920 : 230, phases: 3,
                    conversion: .ideal(kind: kind, ratedW: outletW), compatibilityRow: row))
        }
        return copy
    }
}
