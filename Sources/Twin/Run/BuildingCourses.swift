internal import Models

/// Courses of building load; equal shapes are made once and shared.
final class BuildingCourses {
    private let calendar: CivilTime
    private var made: [String: [Double]] = [:]

    init(calendar: CivilTime) { self.calendar = calendar }

    func parameters(_ spec: BuildingSpec) -> BuildingParameters {
        let course: TimeCourse
        switch spec.load {
        case .shape(let id): course = TimeCourse(values: hours(id))
        case .table(let table):
            course = TimeCourse(
                values: table.values.map { $0 / spec.peakW }, rowS: table.rowS, startsWithRun: table.startsWithRun)
        }
        return BuildingParameters(course: course, peakW: spec.peakW, isNoisy: spec.noise)
    }

    private func hours(_ id: String) -> [Double] {
        if let known = made[id] { return known }
        guard let shape = BuildingShapes.named(id) else { return [Double](repeating: 0, count: 8760) }
        let firstWeekday = (calendar.weekday - (calendar.dayOfYear - 1) % 7 + 7) % 7
        var hours: [Double] = []
        hours.reserveCapacity(8760)
        for day in 0..<365 {
            let season = LoadSeason.of(dayOfYear: day + 1)
            let kind = LoadDay.of(weekday: (firstWeekday + day) % 7)
            for hour in 0..<24 { hours.append(shape.share(season: season, day: kind, hour: hour)) }
        }
        made[id] = hours
        return hours
    }
}
