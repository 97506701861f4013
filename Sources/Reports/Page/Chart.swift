/// What a chart shows; the page's script turns it into a configuration of the chart library.
struct Chart: Sendable {
    /// Colours are named by role, and the script looks them up in the style sheet: they differ in light and dark.
    enum Color: Sendable {
        case accent
        case second
        case third
        case muted
        case warning
        case danger
        /// One of ten categories; further ones start again.
        case category(Int)

        var name: String {
            switch self {
            case .accent: "accent"
            case .second: "second"
            case .third: "third"
            case .muted: "muted"
            case .warning: "warning"
            case .danger: "danger"
            case .category(let index): "c\(index % 10)"
            }
        }
    }

    struct Series: Sendable {
        enum Mark: String, Sendable {
            case line
            case dashed
            /// A line with its area down to the axis.
            case area
            /// Edge of a band without a line of its own; `band` fills down to the series before it.
            case edge
            case band
            case bar
            case point
        }
        let name: String
        let mark: Mark
        let color: Color
        let values: [Double]
        /// Radius of a point, pixels; empty for the default.
        var sizes: [Double] = []
        /// Names of points, shown on hover.
        var names: [String] = []
        /// For points: the x of each value.
        var x: [Double] = []
    }

    enum XAxis: Sendable {
        case category([String])
        /// Numbers with the unit they are shown in.
        case number([Double], title: String)
        /// Microseconds since the start of the run.
        case time([Int64])
    }

    /// A value worth a line across the chart.
    struct Limit: Sendable {
        let value: Double
        let label: String
        let color: Color
    }

    /// One way to see the figure; a figure with several gets buttons.
    struct View: Sendable {
        var name = ""
        let x: XAxis
        let yTitle: String
        let series: [Series]
        var limits: [Limit] = []
        var isStacked = false
        var isHorizontal = false
        /// Nil leaves it to the data.
        var yMin: Double? = 0
        var yMax: Double?
        /// Width of a degree of longitude over one of latitude, for maps; nil for all other charts.
        var mapAspect: Double?
    }

    let views: [View]

    var json: JSON { .array(views.map { $0.json }) }
}

extension Chart.View {
    var json: JSON {
        var members: [(String, JSON)] = [("name", .string(name)), ("y", .string(yTitle))]
        switch x {
        case .category(let labels): members.append(("labels", .strings(labels)))
        case .number(let values, let title): members += [("x", .positions(values)), ("xTitle", .string(title))]
        case .time(let values):
            members += [("x", .positions(values.map { Double($0) / 3.6e9 })), ("time", .bool(true))]
        }
        members.append(("series", .array(series.map { $0.json })))
        if !limits.isEmpty {
            let lines = limits.map { limit in
                JSON.object([
                    ("v", .number(limit.value)), ("label", .string(limit.label)), ("color", .string(limit.color.name)),
                ])
            }
            members.append(("limits", .array(lines)))
        }
        if isStacked { members.append(("stacked", .bool(true))) }
        if isHorizontal { members.append(("horizontal", .bool(true))) }
        if let yMin { members.append(("min", .number(yMin))) }
        if let yMax { members.append(("max", .number(yMax))) }
        if let mapAspect { members.append(("map", .number(mapAspect))) }
        return .object(members)
    }
}

extension Chart.Series {
    var json: JSON {
        var members: [(String, JSON)] = [
            ("name", .string(name)), ("mark", .string(mark.rawValue)), ("color", .string(color.name)),
            ("v", mark == .point ? .positions(values) : .numbers(values)),
        ]
        if !x.isEmpty { members.append(("x", .positions(x))) }
        if !sizes.isEmpty { members.append(("r", .numbers(sizes))) }
        if !names.isEmpty { members.append(("names", .strings(names))) }
        return .object(members)
    }
}
