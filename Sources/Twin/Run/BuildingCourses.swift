internal import Models

/// Hourly courses of building load over the year; equal shapes are made once and shared.
final class BuildingCourses {
    private let calendar: CivilTime
    private var made: [String: [Float]] = [:]

    init(calendar: CivilTime) { self.calendar = calendar }

    func parameters(_ spec: BuildingSpec) -> BuildingParameters {
        let shape: [Float]
        switch spec.load {
        case .shape(let id): shape = course(id)
        case .hourlyW(let watts): shape = watts.map { Float($0 / spec.peakW) }
        }
        return BuildingParameters(shape: shape, peakW: spec.peakW, isNoisy: spec.noise)
    }

    private func course(_ id: String) -> [Float] {
        if let known = made[id] { return known }
        guard let shape = BuildingShapes.named(id) else { return [Float](repeating: 0, count: 8760) }
        let firstWeekday = (calendar.weekday - (calendar.dayOfYear - 1) % 7 + 7) % 7
        var hours: [Float] = []
        hours.reserveCapacity(8760)
        for day in 0..<365 {
            let season = LoadSeason.of(dayOfYear: day + 1)
            let kind = LoadDay.of(weekday: (firstWeekday + day) % 7)
            for hour in 0..<24 { hours.append(Float(shape.share(season: season, day: kind, hour: hour))) }
        }
        made[id] = hours
        return hours
    }
}
