import Sim
import Testing

@testable import Models

/// The production process of arrivals, need and queue, without a world around them.
@Suite("Demand")
struct DemandTests {
    private static let uniform = QuantileTable(p: [0, 1], x: [5000, 15_000])
    private static let need = NeedParameters(
        energyWh: uniform, stayH: QuantileTable(p: [0, 1], x: [1, 3]), latentCorrelation: 0.5, overstayMedianMin: 4,
        patienceMedianMin: 12)

    private static func population(
        perDay: Double, weekendRatio: Double = 1, months: [Double] = Array(repeating: 1, count: 12),
        variation: DayVariation, entity: UInt64 = 1, isDirect: Bool = false, need: NeedParameters = DemandTests.need
    ) -> DemandPopulation {
        let rates = (0..<168).map { perDay * ($0 < 120 ? 1 : weekendRatio) / 24 * ($0 % 24 < 12 ? 0.5 : 1.5) }
        return DemandPopulation(
            isDirect: isDirect, entity: entity, rate: HourlyRate(perHour: rates), monthFactor: months,
            variation: variation, need: need, mixWeights: WeightTable(weights: [1]))
    }

    private static let clock = WorldCalendar(startHourOfWeek: 0, startHourOfYear: 0)

    private static func counts(_ population: DemandPopulation, days: DayCalendar, seed: UInt64) -> [Double] {
        var process = ArrivalProcess(population, seed: seed)
        let end = SimTime.zero + .days(Int64(days.month.count))
        var counts = [Double](repeating: 0, count: days.month.count)
        var now = SimTime.zero
        while let next = process.next(population, after: now, end: end, clock: clock, days: days, seed: seed) {
            counts[Int(next.seconds / 86_400)] += 1
            now = next
        }
        return counts
    }

    /// Months of 30 days.
    private static func calendar(days: Int, common: Double = 0, lag1: Double = 0, seed: UInt64) -> DayCalendar {
        DayCalendar(
            month: ContiguousArray((0..<days).map { UInt8($0 / 30 % 12) }),
            holiday: ContiguousArray(repeating: 0, count: days), commonVariation: common, lag1: lag1, seed: seed)
    }

    @Test("a day's count has the index of dispersion asked for, whatever its month and weekday", arguments: [0, 0.12])
    func dispersion(common: Double) {
        let months = (0..<12).map { [0.3, 1, 3][$0 % 3] }
        let population = Self.population(perDay: 20, weekendRatio: 0.4, months: months, variation: .dispersion(5))
        // Squared deviations over the mean, by month factor and kind of day: each averages 5.
        var groups: [Int: [Double]] = [:]
        for seed: UInt64 in 1...6 {
            let days = Self.calendar(days: 5400, common: common, lag1: 0.3, seed: seed)
            for (day, count) in Self.counts(population, days: days, seed: seed).enumerated() {
                let weekend = day % 7 >= 5
                let mean = 20 * (weekend ? 0.4 : 1) * months[day / 30 % 12]
                groups[day / 30 % 12 % 3 * 2 + (weekend ? 1 : 0), default: []].append(
                    (count - mean) * (count - mean) / mean)
            }
        }
        #expect(groups.count == 6)
        for key in groups.keys.sorted() {
            guard let sample = groups[key] else { continue }
            let n = Double(sample.count)
            let mean = sample.reduce(0, +) / n
            let error = (sample.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n / n).squareRoot()
            #expect(abs(mean - 5) < 4.5 * error && error < 0.7, "group \(key): \(mean) ± \(error)")
        }
    }

    @Test("without variation counts are Poisson, and the mood of the region moves all sites alike")
    func mood() {
        let days = Self.calendar(days: 20_000, common: 0.15, lag1: 0.3, seed: 7)
        let plain = Self.counts(Self.population(perDay: 30, variation: .dispersion(1)), days: days, seed: 7)
        let n = Double(plain.count)
        let mean = plain.reduce(0, +) / n
        let index = plain.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n / mean
        #expect(abs(index - 1) < 4 * (2 / (n - 1)).squareRoot(), "\(index)")
        let sites = (UInt64(1)...2).map {
            Self.counts(
                Self.population(perDay: 400, variation: .variation(0.25), entity: $0 &* 977), days: days, seed: 7)
        }
        func covariance(_ a: ArraySlice<Double>, _ b: ArraySlice<Double>) -> Double {
            zip(a, b).reduce(0) { $0 + ($1.0 / 400 - 1) * ($1.1 / 400 - 1) } / Double(a.count)
        }
        #expect(abs(covariance(sites[0][...], sites[0][...]) - 0.0625 - 1.0 / 400) < 0.005)
        #expect(abs(covariance(sites[0][...], sites[1][...]) - 0.0225) < 0.003)
        #expect(abs(covariance(sites[0].dropLast(), sites[1].dropFirst()) - 0.3 * 0.0225) < 0.003)
    }

    @Test("growth, months and holidays multiply the planned rate")
    func planned() {
        var population = Self.population(perDay: 1, months: (1...12).map(Double.init), variation: .dispersion(1))
        population.growth = Math.log(1.5)
        population.holidayFactor = [1, 0.25]
        var days = Self.calendar(days: 800, seed: 1)
        days.holiday[31] = 1
        #expect(population.plannedFactor(day: 0, in: days) == 1)
        #expect(abs(population.plannedFactor(day: 31, in: days) - 2 * 0.25 * Math.pow(1.5, 31 / 365.25)) < 1e-12)
        #expect(
            abs(
                population.plannedFactor(day: 731, in: days) / population.plannedFactor(day: 731 - 720, in: days)
                    - Math.pow(1.5, 720 / 365.25)) < 1e-9)
    }

    // MARK: need

    private func ranks(_ values: [Double]) -> [Double] {
        var ranks = [Double](repeating: 0, count: values.count)
        for (rank, i) in values.indices.sorted(by: { values[$0] < values[$1] }).enumerated() { ranks[i] = Double(rank) }
        return ranks
    }
    private func correlation(_ a: [Double], _ b: [Double]) -> Double {
        let (ma, mb) = (a.reduce(0, +) / Double(a.count), b.reduce(0, +) / Double(b.count))
        let ab = zip(a, b).reduce(0) { $0 + ($1.0 - ma) * ($1.1 - mb) }
        let aa = a.reduce(0) { $0 + ($1 - ma) * ($1 - ma) }
        let bb = b.reduce(0) { $0 + ($1 - mb) * ($1 - mb) }
        return ab / (aa * bb).squareRoot()
    }
    private func quantile(_ values: [Double], _ p: Double) -> Double {
        let sorted = values.sorted()
        return sorted[Int(p * Double(sorted.count - 1))]
    }
    private func need(of profile: ArrivalProfile) -> NeedParameters {
        NeedParameters(
            energyWh: profile.energyWh, stayH: profile.dwellH, latentCorrelation: profile.latentCorrelation,
            idleShare: profile.idleShare, overstayMedianMin: 4, patienceMedianMin: 3)
    }

    @Test("energy and stay are one draw: destination Level 2 takes what its log took", arguments: [6240.0, 7200])
    func destination(powerW: Double) throws {
        let profile = try #require(ArrivalProfiles.named("destination_L2"))
        let need = need(of: profile)
        var stream = RandomStream(seed: 3, purpose: 1, entity: 1)
        var taken: [Double] = []
        var stays: [Double] = []
        for _ in 0..<60_000 {
            let one = need.draw(&stream, hour: 12)
            taken.append(min(one.energyWh, powerW * one.stayS / 3600) / 1000)
            stays.append(one.stayS / 3600)
        }
        let mean = taken.reduce(0, +) / Double(taken.count)
        #expect(abs(mean / 8.8 - 1) < 0.04, "\(mean)")
        for (p, value) in [(0.1, 2.1), (0.5, 7.1), (0.9, 16.5)] {
            #expect(abs(quantile(taken, p) / value - 1) < 0.07, "P\(p): \(quantile(taken, p))")
        }
        #expect(abs(correlation(ranks(taken), ranks(stays)) - 0.69) < 0.02)
        #expect(abs(stays.reduce(0, +) / Double(stays.count) * (1 - 0.33) / profile.dwellH.mean - 1) < 0.03)
    }

    @Test("every market profile's draws have its quantiles and its rank correlation")
    func copula() {
        for profile in ArrivalProfiles.all where profile.market != nil {
            let need = need(of: profile)
            var stream = RandomStream(seed: 4, purpose: 1, entity: 1)
            let draws = (0..<20_000).map { _ in need.draw(&stream, hour: 3) }
            let energy = draws.map(\.energyWh)
            for p in [0.1, 0.5, 0.9] {
                #expect(abs(quantile(energy, p) / profile.energyWh.value(at: p) - 1) < 0.05, "\(profile.id) P\(p)")
            }
            let rank = 6 / Double.pi * _asin(profile.latentCorrelation / 2)
            #expect(abs(correlation(ranks(energy), ranks(draws.map(\.stayS))) - rank) < 0.02, "\(profile.id)")
        }
    }

    /// Arcsine by its series; the arguments are small.
    private func _asin(_ x: Double) -> Double {
        var (term, sum) = (x, x)
        for n in 1..<60 {
            let k = Double(n)
            term *= x * x * (2 * k - 1) * (2 * k - 1) / (2 * k * (2 * k + 1))
            sum += term
        }
        return sum
    }

    @Test("who comes at night stays long: medians by hour of arrival, with the day's quantiles kept")
    func byStart() throws {
        let profile = try #require(ArrivalProfiles.named("l2_public"))
        let shares = profile.weekday
        var need = need(of: profile)
        need.follow(profile.startPeriods, shares: shares)
        var stream = RandomStream(seed: 5, purpose: 1, entity: 1)
        var all: [Double] = []
        var energies: [Double] = []
        var night: [Double] = []
        var noon: [Double] = []
        let hours = WeightTable(weights: shares)
        for _ in 0..<60_000 {
            let one = need.draw(&stream, hour: stream.draw(from: hours))
            all.append(one.stayS / 3600)
            energies.append(one.energyWh)
            night.append(need.draw(&stream, hour: 23).stayS / 3600)
            noon.append(need.draw(&stream, hour: 13).stayS / 3600)
        }
        // The periods' medians are set against those of all hours, which move the same way.
        #expect(quantile(night, 0.5) > 2.8 * quantile(noon, 0.5), "\(quantile(night, 0.5)) \(quantile(noon, 0.5))")
        for p in [0.25, 0.5, 0.75] {
            #expect(abs(quantile(all, p) / profile.dwellH.value(at: p) - 1) < 0.08, "P\(p) \(quantile(all, p))")
            #expect(abs(quantile(energies, p) / profile.energyWh.value(at: p) - 1) < 0.06, "P\(p)")
        }
        #expect(abs(correlation(ranks(all), ranks(energies)) - 0.64) < 0.03)
    }

    // MARK: plants

    private static func plant(
        evses: Int, population: DemandPopulation, end: SimTime, queuePlaces: Int, seed: UInt64
    ) -> SitePlant {
        var p = SiteParameters()
        p.seed = seed
        p.entity = 99
        p.calendar = clock
        p.end = end
        p.sampleInterval = .days(36_500)
        p.mix = [UInt16(VehicleCatalogue.index(of: "tesla_modely_lr_2020") ?? 0)]
        p.compatibility = [ContiguousArray(repeating: true, count: VehicleCatalogue.all.count)]
        for i in 0..<evses {
            p.stations.append(
                StationParameters(
                    kind: .ac, ratedW: 7200, moduleCount: 0, moduleW: 0, standbyW: 0, evses: i..<(i + 1),
                    entity: UInt64(i), weight: 1))
            p.evses.append(
                EVSEParameters(
                    station: i, isDirect: false, ratedW: 7200, cableA: 32, voltageV: 230, phases: 1,
                    conversion: .ideal(kind: .ac, ratedW: 7200), compatibilityRow: 0))
        }
        p.demand = [population]
        p.days = calendar(days: Int(end.seconds / 86_400) + 1, seed: seed)
        p.queuePlaces = queuePlaces
        return SitePlant(p)
    }

    private static func finish(_ plant: inout SitePlant) {
        while let (now, event) = plant.queue.pop() { plant.handle(event, now: now) }
    }

    @Test("the plant's queue blocks as M/M/2/6 does at a load of 1.4")
    func queue() {
        // Exponential stays of 40 h mean, so that parking and plugging count for nothing.
        let points = (0...2000).map { i in
            let p = Double(i) / 2001
            return (probability: p, value: -40 * Math.log1p(-p))
        }
        let need = NeedParameters(
            energyWh: QuantileTable(p: [0, 1], x: [100, 200]), stayH: QuantileTable(points: points),
            latentCorrelation: 0, overstayMedianMin: 4, patienceMedianMin: 1e9)
        let meanH = QuantileTable(points: points).mean
        let end = SimTime.zero + .days(200_000)
        let rate = HourlyRate(perHour: Array(repeating: 1.4 / meanH, count: 168))
        let population = DemandPopulation(
            isDirect: false, entity: 5, rate: rate, need: need, mixWeights: WeightTable(weights: [1]))
        var shares: [Double] = []
        for seed: UInt64 in 1...4 {
            var plant = Self.plant(evses: 2, population: population, end: end, queuePlaces: 4, seed: seed)
            Self.finish(&plant)
            let blocked = plant.records.losses.count { $0.reason == .noPlace }
            shares.append(Double(blocked) / Double(plant.totals.arrivals))
            #expect(UInt64(plant.records.sessions.count + plant.records.losses.count) == plant.totals.arrivals)
        }
        let mean = shares.reduce(0, +) / 4
        #expect(abs(mean - 0.045_977_9) < 0.0012, "blocked \(mean)")
    }

    @Test("demand is the place's: two and sixteen chargers see the same drivers")
    func chargers() {
        func drivers(_ evses: Int) -> [[Double]] {
            let end = SimTime.zero + .days(60)
            var plant = Self.plant(
                evses: evses, population: Self.population(perDay: 40, variation: .dispersion(3)), end: end,
                queuePlaces: 3, seed: 11)
            Self.finish(&plant)
            let served = plant.records.sessions.map { [$0.arrival.seconds, $0.wantedWh] }
            let lost = plant.records.losses.map { [($0.time - $0.waited).seconds, $0.wantedWh] }
            return (served + lost).sorted { $0[0] < $1[0] }
        }
        let few = drivers(2)
        let many = drivers(16)
        #expect(few.count > 2000 && few == many)
        #expect(few.count { $0[1] > 5000 } > 2000)
    }

    @Test("a token is drawn from a stream of its own")
    func token() {
        let population = Self.population(perDay: 1, variation: .dispersion(1))
        var plant = Self.plant(
            evses: 1, population: population, end: .zero + .days(1), queuePlaces: 1, seed: 3)
        plant.parameters.tokenCount = 10
        var table = [Int](repeating: 0, count: 100)
        for number: UInt64 in 0..<20_000 {
            var driver = plant.drawDriver(number, of: population, now: .zero)
            let token = plant.tokenNumber(of: driver)
            // What the driver draws next says nothing about the token, and the token draws nothing from the driver.
            table[Int(token) * 10 + Int(driver.stream.unit() * 10)] += 1
            #expect(plant.tokenNumber(of: driver) == token)
        }
        let chi = table.reduce(0.0) { $0 + (Double($1) - 200) * (Double($1) - 200) / 200 }
        #expect(chi < 99 + 4 * (2.0 * 99).squareRoot(), "\(chi)")
    }
}
