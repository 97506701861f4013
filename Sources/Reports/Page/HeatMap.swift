/// A week as a table of colours: readable without scripts, by screen readers, and on paper.
struct HeatMap: Sendable {
    static let levels = 10

    let title: String
    /// Shares 0 ... 1 by hour of the week.
    let profile: WeekProfile
    /// The share that gets the strongest colour, 0 ... 1.
    let full: Double

    /// A round share at or above `greatest`, to end the scale at.
    static func niceFull(_ greatest: Double) -> Double {
        for candidate in [0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8] where candidate >= greatest {
            return candidate
        }
        return 1
    }

    /// Days down and hours across, or for narrow screens hours down and days across.
    func table(narrow: Bool, mini: Bool = false) -> String {
        let style = mini ? "heat mini" : narrow ? "heat narrow" : "heat wide"
        var text = "<table class=\"\(style)\"><caption>\(HTML.escape(title))</caption><thead><tr><th></th>"
        if narrow {
            for day in days { text += "<th scope=\"col\">\(WeekProfile.weekdays[day])</th>" }
        } else {
            for hour in 0..<24 {
                text += "<th scope=\"col\">\(mini && hour % 6 != 0 ? "" : RunClock.twoDigits(hour))</th>"
            }
        }
        text += "</tr></thead><tbody>"
        for row in narrow ? Array(0..<24) : days {
            let head = narrow ? RunClock.twoDigits(row) : WeekProfile.weekdays[row]
            text += "<tr><th scope=\"row\">\(head)</th>"
            for column in narrow ? days : Array(0..<24) {
                text += cell(day: narrow ? column : row, hour: narrow ? row : column)
            }
            text += "</tr>"
        }
        return text + "</tbody></table>"
    }

    /// Weekdays that the run covers.
    private var days: [Int] {
        (0..<7).filter { day in (0..<24).contains { !profile.mean(day: day, hour: $0).isNaN } }
    }

    /// The scale under the map.
    var legend: String {
        var text = "<div class=\"scale\" aria-hidden=\"true\"><span>0</span>"
        for level in 0..<Self.levels { text += "<i class=\"h\(level)\"></i>" }
        return text + "<span>\(Format.percent(full, 0))</span></div>"
    }

    /// The values behind the map, for the download.
    var values: Table {
        var table = Table(title, [.text("Hour")] + WeekProfile.weekdays.map { .number($0, "%") })
        table.rows = (0..<24).map { hour in
            [DayProfile.clockText(minute: hour * 60)]
                + (0..<7).map { Format.fixed(profile.mean(day: $0, hour: hour) * 100, 2) }
        }
        return table
    }

    private func cell(day: Int, hour: Int) -> String {
        let share = profile.mean(day: day, hour: hour)
        guard !share.isNaN else { return "<td></td>" }
        let level = min(Self.levels - 1, max(0, Int(share / full * Double(Self.levels))))
        let hours = "\(RunClock.twoDigits(hour)):00\u{2013}\(RunClock.twoDigits(hour + 1)):00"
        let label = "\(WeekProfile.weekdays[day]) \(hours): \(Format.percent(share))"
        return "<td class=\"h\(level)\" title=\"\(label)\">\(Format.fixed(share * 100, full < 0.1 ? 1 : 0))</td>"
    }
}
