import Foundation
import Telemetry

/// Writes a telemetry file as a run does, from made-up sites, day by day.
struct SampleFile {
    /// What the file must be found to hold, added up while it was written.
    struct Truth {
        var sessions = 0
        /// Drivers who queued and charged.
        var queued = 0
        var energyWh = 0.0
        var lostForGood = 0
        var outages = 0
        /// Charging, W, one element a sample.
        var networkW: [Double] = []
    }

    static func write(_ plan: SamplePlan, to path: String) throws -> Truth {
        var sites = (0..<plan.sites).map { SampleSite(index: $0, plan: plan) }
        let writer = try TelemetryWriter(path: path, layout: SampleLayout.layout(plan, sites))
        var firstStation: [Int] = []
        var firstEVSE: [Int] = []
        var stations = 0
        var evses = 0
        for site in sites {
            firstStation.append(stations)
            firstEVSE.append(evses)
            stations += site.stationCount
            evses += site.evseCount
        }
        var truth = Truth()
        var audit = sites.map { _ in (count: 0, energyWh: 0.0) }
        var queued = 0
        let end = Double(plan.days) * 86_400
        let perDay = 86_400 / plan.intervalS
        for day in 0..<plan.days {
            var block = [[Float]](
                repeating: [Float](repeating: 0, count: perDay * plan.sites), count: SampleLayout.variables.count)
            var series = [[Float]](repeating: [Float](repeating: 0, count: perDay), count: SampleLayout.variables.count)
            for index in sites.indices {
                var events = sites[index].simulate(day: day, plan: plan, series: &series)
                // A run writes what has ended by its end.
                events.visits.removeAll { $0.unplug > end }
                events.lost.removeAll { $0.time > end }
                for variable in series.indices {
                    for sample in 0..<perDay { block[variable][sample * plan.sites + index] = series[variable][sample] }
                }
                let place = SampleRows.Place(
                    site: index, firstStation: firstStation[index], firstEVSE: firstEVSE[index],
                    evsesOfStation: sites[index].evsesOfStation)
                try SampleRows.append(events.visits, place, to: writer)
                try SampleRows.append(events.lost, place, to: writer)
                try SampleRows.append(events.outages, place, to: writer)
                audit[index].count += events.visits.count
                queued += events.visits.filter { $0.plugIn - SampleSite.parkingS - $0.arrival >= 1 }.count
                audit[index].energyWh += events.visits.reduce(0) { $0 + $1.energyWh }
                truth.lostForGood += events.lost.filter { !$0.droveOn }.count
                truth.outages += events.outages.count
            }
            try writer.append(series: 0, firstSample: day * perDay, sampleCount: perDay, values: block)
            for sample in 0..<perDay {
                truth.networkW.append(
                    block[0][(sample * plan.sites)..<((sample + 1) * plan.sites)].reduce(0) { $0 + Double($1) })
            }
        }
        truth.queued = queued
        truth.sessions = audit.reduce(0) { $0 + $1.count }
        truth.energyWh = audit.reduce(0) { $0 + $1.energyWh }
        try SampleRows.appendClosing(plan, audit, to: writer)
        try writer.finish(attributes: [
            ("complete", .int(plan.isComplete ? 1 : 0)), ("digest", .text("0123456789abcdef")),
            ("events", .int(truth.sessions * 21)),
            ("sessions", .int(truth.sessions)), ("energy_kwh", .double(truth.energyWh / 1000)),
            ("peak_kw", .double((truth.networkW.max() ?? 0) / 1000)),
        ])
        return truth
    }
}

/// Turns a sample site's events into rows of the file.
enum SampleRows {
    struct Place {
        let site: Int
        let firstStation: Int
        let firstEVSE: Int
        let evsesOfStation: Int
    }

    private static func time(_ seconds: [Double]) -> ColumnData { .int64(seconds.map { Int64($0 * 1e6) }) }

    static func append(_ visits: [SampleSite.Visit], _ place: Place, to writer: TelemetryWriter) throws {
        try writer.append(
            rows: 0,
            columns: [
                time(visits.map(\.arrival)), time(visits.map(\.plugIn)), time(visits.map(\.chargeEnd)),
                time(visits.map(\.unplug)),
                .int32(visits.map { _ in Int32(place.site) }),
                .int32(visits.map { Int32(place.firstStation + $0.evse / place.evsesOfStation) }),
                .int32(visits.map { Int32(place.firstEVSE + $0.evse) }), .int32(visits.map { Int32($0.vehicle) }),
                .float64(visits.map(\.energyWh)), .float64(visits.map { $0.energyWh / 0.93 }),
                .float32(visits.map { Float($0.plugIn - $0.arrival) }),
                .float32(visits.map { Float($0.plugIn - SampleSite.parkingS - $0.arrival) }),
                .float32(visits.map { _ in Float(SampleSite.startS) }),
                .uint8(visits.map { UInt8($0.vehicle % 4) }),
                .uint8(visits.map { UInt8($0.endReason) }),
            ])
    }

    static func append(_ lost: [SampleSite.Lost], _ place: Place, to writer: TelemetryWriter) throws {
        try writer.append(
            rows: 1,
            columns: [
                time(lost.map(\.time)), .int32(lost.map { _ in Int32(place.site) }),
                .uint8(lost.map { UInt8($0.reason) }),
                .float32(lost.map { Float($0.waitS) }), .float32(lost.map { Float($0.waitS) }),
                .uint8(lost.map { $0.droveOn ? 1 : 0 }),
            ])
    }

    static func append(_ outages: [SampleSite.Outage], _ place: Place, to writer: TelemetryWriter) throws {
        try writer.append(
            rows: 2,
            columns: [
                time(outages.map(\.start)), time(outages.map(\.end)), .int32(outages.map { _ in Int32(place.site) }),
                .int32(outages.map { Int32(place.firstStation + $0.station) }), .int32(outages.map { _ in -1 }),
                .uint8(outages.map { UInt8($0.component) }), .uint8(outages.map { $0.end - $0.start < 10_800 ? 1 : 0 }),
                .int32(outages.map { _ in 0 }),
            ])
    }

    static func appendClosing(
        _ plan: SamplePlan, _ audit: [(count: Int, energyWh: Double)], to writer: TelemetryWriter
    ) throws {
        try writer.append(
            rows: 3,
            columns: [
                time((0..<plan.days).map { Double($0) * 86_400 + 60_000 }),
                .int32((0..<plan.days).map { Int32($0 % plan.sites) }),
                .int32((0..<plan.days).map { _ in -1 }), .uint8((0..<plan.days).map { UInt8($0 % 3) }),
                .float64((0..<plan.days).map { 118 + Double($0 % 11) }),
            ])
        if plan.hasMessages {
            let count = 500
            try writer.append(
                rows: 4,
                columns: [
                    time((0..<count).map { Double($0) * 60 }), .int32((0..<count).map { _ in 0 }),
                    .int32((0..<count).map { _ in 0 }),
                    .uint8((0..<count).map { UInt8($0 % SamplePlan.actions.count) }),
                    .uint8((0..<count).map { _ in 0 }),
                    .float32((0..<count).map { Float(80 + $0 % 40) }),
                ])
        }
        if plan.hasAudit {
            let lost = audit.indices.map { $0 == 1 ? plan.lostInBooks : 0 }
            let nothing = audit.map { _ in Int32(0) }
            try writer.append(
                rows: 5,
                columns: [
                    .int32(audit.indices.map { Int32($0) }), .int32(audit.map { Int32($0.count) }),
                    .int32(audit.indices.map { Int32(audit[$0].count - lost[$0]) }), .int32(lost.map { Int32($0) }),
                    .int32(nothing),
                    .int32(nothing), .int32(nothing), .float64(audit.map(\.energyWh)),
                    .float64(
                        audit.indices.map {
                            audit[$0].energyWh * (1 - Double(lost[$0]) / Double(max(1, audit[$0].count)))
                        }),
                    .float64(audit.map { _ in 0 }),
                ])
        }
        if plan.hasComparison { try appendComparison(plan, to: writer) }
    }

    private static func appendComparison(_ plan: SamplePlan, to writer: TelemetryWriter) throws {
        var random = SampleRandom(99)
        let real = (0..<plan.days).map { 180 + 50 * ($0 % 7 >= 5 ? -1.0 : 0.3) + 25 * random.normal() }
        let simulated = real.map { _ in 182 + 25 * random.normal() }
        try writer.append(
            rows: 6,
            columns: [
                .int32((0..<plan.days).map { Int32($0) }), .float64(real), .float64(simulated),
                .float64(real.map { $0 * 10_900 }),
                .float64(simulated.map { $0 * 11_150 }),
            ])
        let shape = (0..<24).map { 2 + 14 * max(0, sin((Double($0) - 6) / 15 * .pi)) }
        try writer.append(
            rows: 7,
            columns: [
                .int32((0..<24).map { Int32($0) }), .float64(shape),
                .float64(shape.map { $0 * 1.04 + 0.3 * random.normal() }),
                .float64(shape.map { $0 * 0.8 }), .float64(shape.map { $0 * 0.82 + 0.2 * random.normal() }),
            ])
    }
}
