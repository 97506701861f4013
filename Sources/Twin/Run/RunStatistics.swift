internal import Models
internal import Sim
internal import Telemetry

/// Sums over the network that a run keeps beside the telemetry file: its peak, and the simulated side of a comparison.
struct RunStatistics: Sendable, Codable {
    private(set) var peakW = 0.0
    private var intervalS: Int
    private var startHour: Int
    /// Simulated sessions and energy by day of the run, by day of plug-in.
    private var daySessions: [Double] = []
    private var dayEnergyWh: [Double] = []
    /// Sums by local hour of the day.
    private var occupancy = [Double](repeating: 0, count: 24)
    private var occupancySamples = [Double](repeating: 0, count: 24)
    private var arrivals = [Double](repeating: 0, count: 24)

    init(world: WorldSpec) {
        intervalS = world.telemetry.intervalS
        startHour = world.start.hour
    }

    /// Takes a block of samples before it is written.
    mutating func take(_ run: WindowedRun<Site>, first: Int, count: Int) {
        var power = [Double](repeating: 0, count: count)
        var occupied = [Double](repeating: 0, count: count)
        for i in 0..<run.count {
            let samples = run[i].plant.series.samples
            for t in 0..<count {
                power[t] += Double(samples[t].evPowerW)
                occupied[t] += Double(samples[t].occupied)
            }
        }
        for t in 0..<count {
            peakW = max(peakW, power[t])
            let hour = (startHour + (first + t) * intervalS / 3600) % 24
            occupancy[hour] += occupied[t]
            occupancySamples[hour] += 1
        }
    }

    /// Takes the sessions before they are written.
    mutating func take(rows run: WindowedRun<Site>) {
        for i in 0..<run.count {
            for session in run[i].plant.records.sessions {
                let seconds = Int(session.plugIn.microseconds / 1_000_000) + startHour * 3600
                let day = seconds / 86_400
                while daySessions.count <= day {
                    daySessions.append(0)
                    dayEnergyWh.append(0)
                }
                daySessions[day] += 1
                dayEnergyWh[day] += session.energyWh
                arrivals[seconds / 3600 % 24] += 1
            }
        }
    }

    /// Writes the comparison with real sessions: days and hours of which both sides know something.
    func writeComparison(_ real: ComparisonSpec, days: Int, to writer: TelemetryWriter) throws(TelemetryError) {
        let known = (0..<min(days, real.days.count, daySessions.count)).filter { !real.days[$0].sessions.isNaN }
        guard !known.isEmpty else { return }
        try writer.append(
            rows: TelemetryColumns.Rows.comparisonDaily.rawValue,
            columns: [
                .int32(known.map { Int32($0) }), .float64(known.map { real.days[$0].sessions }),
                .float64(known.map { daySessions[$0] }), .float64(known.map { real.days[$0].energyWh }),
                .float64(known.map { dayEnergyWh[$0] }),
            ])
        let hours = 0..<24
        try writer.append(
            rows: TelemetryColumns.Rows.comparisonHourly.rawValue,
            columns: [
                .int32(hours.map { Int32($0) }),
                .float64(hours.map { Self.mean(real.occupancyByHour, hour: $0, days: days) }),
                .float64(hours.map { occupancySamples[$0] > 0 ? occupancy[$0] / occupancySamples[$0] : .nan }),
                .float64(hours.map { Self.mean(real.arrivalsByHour, hour: $0, days: days) }),
                .float64(hours.map { arrivals[$0] / Double(max(1, days)) }),
            ])
    }

    private static func mean(_ values: [Double], hour: Int, days: Int) -> Double {
        var sum = 0.0
        var count = 0.0
        for day in 0..<days where day * 24 + hour < values.count && !values[day * 24 + hour].isNaN {
            sum += values[day * 24 + hour]
            count += 1
        }
        return count > 0 ? sum / count : .nan
    }
}
