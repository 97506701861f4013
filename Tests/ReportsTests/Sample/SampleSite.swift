import Foundation

/// A made-up site, simulated day by day: arrivals, queue, charging, building, transformer, outages.
struct SampleSite: Sendable {
    struct Visit: Sendable {
        var evse: Int
        var arrival: Double
        var plugIn: Double
        var chargeEnd: Double
        var unplug: Double
        var energyWh: Double
        var powerW: Double
        var vehicle: Int
        var endReason: Int
    }
    struct Lost: Sendable {
        var time: Double
        var reason: Int
        var waitS: Double
        var droveOn: Bool
    }
    struct Outage: Sendable {
        var start: Double
        var end: Double
        var station: Int
        var component: Int
    }

    /// From the EVSE assigned to the cable, and from the cable to the first energy, s.
    static let parkingS = 60.0
    static let startS = 45.0

    let kind: Int
    let name: String
    let latitude: Double
    let longitude: Double
    let stationCount: Int
    let evsesOfStation: Int
    let ratedW: Double
    let transformerKVA: Double
    let buildingPeakW: Double
    private let sessionsPerDay: Double
    private var freeAt: [Double]
    private var present: [Visit] = []
    private var waits: [(start: Double, end: Double)] = []
    private var broken: [Outage] = []
    private var oilC = 35.0
    private var random: SampleRandom

    /// Arrivals by three-hour block, weekday and weekend, one row a kind.
    private static let shapes: [[Double]] = [
        [1, 1, 5, 9, 12, 12, 9, 4], [1, 1, 5, 8, 10, 10, 9, 4], [0.2, 0.3, 2, 8, 12, 12, 10, 3],
        [0.2, 2, 14, 8, 5, 3, 1, 0.3],
        [1, 0.5, 0.5, 0.5, 1, 8, 14, 3], [0.5, 0.3, 1, 2, 3, 8, 12, 6],
    ]
    private static let weekendFactor = [1.25, 0.9, 1.5, 0.12, 0.3, 1.1]
    private static let words = [
        "Aurora", "Rainier", "Pike", "Harbor", "Cedar", "Mercer", "Alki", "Lake City", "Northgate", "Evergreen",
    ]
    private static let places = [
        "Travel Plaza", "Charging Hub", "Shopping Center", "Business Park", "Van Depot", "Apartments",
    ]

    init(index: Int, plan: SamplePlan) {
        random = SampleRandom(plan.seed &* 1_000_003 &+ UInt64(index))
        kind = random.pick([0.08, 0.16, 0.3, 0.24, 0.02, 0.2])
        name = "\(Self.words[random.below(10)]) \(Self.places[kind])"
        latitude = 47.6 + random.normal() * 0.16
        longitude = -122.28 + random.normal() * 0.13
        let chance = random.unit()
        let isDC = kind < 2 || (kind == 2 && chance < 0.25)
        stationCount = isDC ? 2 + random.below(6) : 1 + random.below(kind == 4 ? 20 : 5)
        evsesOfStation = isDC ? 2 : 1 + random.below(2)
        ratedW = isDC ? [50e3, 150e3, 180e3, 350e3][random.below(4)] : [7.2e3, 11e3, 22e3][random.below(3)]
        let connected = Double(stationCount) * ratedW
        buildingPeakW = kind == 0 || kind == 5 ? 0 : random.between(40e3, 260e3)
        let wanted = (connected * 0.55 + buildingPeakW) / 1000
        let sizes = [50.0, 100, 160, 250, 400, 630, 1000, 1600]
        var size = 2500.0
        for candidate in sizes.reversed() where candidate >= wanted { size = candidate }
        transformerKVA = plan.hasTransformers && (isDC || kind == 3) ? size : .nan
        sessionsPerDay =
            Double(stationCount * evsesOfStation) * [7, 5, 3, 1.1, 0.9, 0.6][kind] * random.between(0.3, 1.6)
        freeAt = [Double](repeating: 0, count: stationCount * evsesOfStation)
    }

    var isDC: Bool { ratedW > 43e3 }
    var evseCount: Int { stationCount * evsesOfStation }

    /// Simulates day `day` and fills its samples; `series` are the variables of this site, `[variable][sample]`.
    mutating func simulate(
        day: Int, plan: SamplePlan, series: inout [[Float]]
    ) -> (visits: [Visit], lost: [Lost], outages: [Outage]) {
        let start = Double(day) * 86_400
        let outages = fail(start)
        var visits: [Visit] = []
        var lost: [Lost] = []
        for arrival in arrivals(day, start) { drive(arrival, start, &visits, &lost) }
        let count = 86_400 / plan.intervalS
        let length = Double(plan.intervalS)
        for sample in 0..<count {
            fill(sample, from: start + Double(sample) * length, length: length, day: day, series: &series)
        }
        let end = start + 86_400
        present.removeAll { $0.unplug <= end }
        waits.removeAll { $0.end <= end }
        broken.removeAll { $0.end <= end }
        return (visits, lost, outages)
    }

    private mutating func arrivals(_ day: Int, _ start: Double) -> [Double] {
        let shape = Self.shapes[kind]
        let weekend = day % 7 >= 5 ? Self.weekendFactor[kind] : 1
        let mean = sessionsPerDay * weekend * random.between(0.75, 1.25)
        var times: [Double] = []
        let count = Int(mean + random.unit())
        for _ in 0..<count {
            times.append(start + (Double(random.pick(shape)) + random.unit()) * 10_800)
        }
        return times.sorted()
    }

    private mutating func drive(_ arrival: Double, _ start: Double, _ visits: inout [Visit], _ lost: inout [Lost]) {
        let evse = freeAt.indices.min { freeAt[$0] < freeAt[$1] } ?? 0
        let wait = max(0, freeAt[evse] - arrival)
        let patience = isDC ? 600 + random.unit() * 1500 : 120
        if wait > patience {
            let reason = wait > 5400 ? 1 : 2
            if reason == 2 { waits.append((arrival, arrival + patience)) }
            lost.append(
                Lost(
                    time: arrival + (reason == 1 ? 0 : patience), reason: reason, waitS: reason == 1 ? 0 : patience,
                    droveOn: random.unit() < 0.4))
            return
        }
        if wait > 0 { waits.append((arrival, arrival + wait)) }
        let plugIn = arrival + wait + Self.parkingS
        let power = min(ratedW, isDC ? random.between(45e3, 190e3) : random.between(6e3, 11e3))
        let energy = max(800, isDC ? 26e3 + 11e3 * random.normal() : 11e3 + 6e3 * random.normal())
        let chargeEnd = plugIn + energy / power * 3600 * 1.2 + Self.startS
        let stay = isDC ? random.between(60, 420) : random.between(600, [3e3, 3e3, 5e3, 2.4e4, 3.6e4, 3e4][kind])
        let visit = Visit(
            evse: evse, arrival: arrival, plugIn: plugIn, chargeEnd: chargeEnd, unplug: chargeEnd + stay,
            energyWh: energy,
            powerW: energy / (chargeEnd - plugIn) * 3600, vehicle: random.below(SamplePlan.vehicles.count),
            endReason: random.pick([0.55, 0.25, 0.16, 0.015, 0.002, 0.002, 0.008, 0.003, 0.002, 0.008]))
        freeAt[evse] = visit.unplug
        present.append(visit)
        visits.append(visit)
    }

    private mutating func fail(_ start: Double) -> [Outage] {
        var result: [Outage] = []
        for station in 0..<stationCount where random.unit() < (isDC ? 0.03 : 0.006) {
            let isLong = random.unit() < 0.3
            let begin = start + random.unit() * 86_400
            let length = (isLong ? 40 : 0.6) * 3600 * exp(0.8 * random.normal())
            result.append(
                Outage(
                    start: begin, end: begin + length, station: station,
                    component: random.pick(SamplePlan.componentWeights)))
            for evse in 0..<evsesOfStation {
                let index = station * evsesOfStation + evse
                freeAt[index] = max(freeAt[index], begin + length)
            }
        }
        broken += result
        return result
    }

    private mutating func fill(_ sample: Int, from: Double, length: Double, day: Int, series: inout [[Float]]) {
        func share(_ start: Double, _ end: Double) -> Double {
            max(0, min(end, from + length) - max(start, from)) / length
        }
        var ev = Double(stationCount) * 60
        var occupied = 0.0
        var charging = 0.0
        for visit in present where visit.unplug > from && visit.plugIn < from + length {
            let active = share(visit.plugIn + Self.startS, visit.chargeEnd)
            occupied += share(visit.plugIn, visit.unplug)
            charging += active
            ev += active * visit.powerW / 0.93
        }
        let hour = (from - Double(day) * 86_400) / 3600
        let shape = 0.35 + 0.65 * max(0, sin((hour - 6) / 14 * .pi)) * (day % 7 >= 5 ? 0.5 : 1)
        let site = ev + buildingPeakW * shape * random.between(0.95, 1.05)
        let ambient = 8 + 6 * sin((hour - 9) / 24 * 2 * .pi) + 9 * sin((Double(day) - 100) / 365 * 2 * .pi)
        let k = site / (transformerKVA * 1000)
        oilC += (ambient + 52 * pow((1 + 6 * k * k) / 7, 0.8) - oilC) * min(1, length / 10_800)
        let hot = oilC + 26 * pow(k, 1.3)
        let out = broken.reduce(0) { $0 + share($1.start, $1.end) * Double(evsesOfStation) }
        let values = [
            ev, site, transformerKVA.isNaN ? .nan : oilC, hot, length / 3600 * pow(2, (hot - 98) / 6), occupied,
            charging,
            waits.reduce(0) { $0 + share($1.start, $1.end) }, min(Double(evseCount), out),
            (ev - Double(stationCount) * 60) * 0.93,
        ]
        for (variable, value) in values.enumerated() { series[variable][sample] = Float(value) }
        if transformerKVA.isNaN { oilC = 30 }
    }
}
