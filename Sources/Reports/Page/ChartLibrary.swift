import Foundation

/// Chart.js as the system's package installs it; the page carries a copy, this project does not.
struct ChartLibrary: Sendable {
    /// Names a file to take before all others.
    static let environmentVariable = "EVTWIN_CHART_JS"
    static let package = "libjs-chart.js"
    /// Where Debian, Ubuntu, Fedora, Homebrew and npm put it.
    static let usualPlaces = [
        "/usr/share/javascript/chart.js/chart.min.js", "/usr/share/javascript/chart.js/Chart.min.js",
        "/usr/share/nodejs/chart.js/dist/chart.min.js", "/usr/share/nodejs/chart.js/dist/chart.umd.js",
        "/usr/share/javascript/chart.js/chart.umd.js", "/usr/lib/node_modules/chart.js/dist/chart.umd.js",
        "/usr/local/lib/node_modules/chart.js/dist/chart.umd.js",
        "/opt/homebrew/lib/node_modules/chart.js/dist/chart.umd.js",
    ]
    /// Says how to get the charts, in one sentence.
    static let advice =
        "install the Debian package \(package) (apt-get install \(package)), or let \(environmentVariable) name a chart.min.js of "
        + "Chart.js 3 or 4, and write the report again"

    let path: String
    let source: String

    /// - Parameter places: files to try in this order.
    /// - Returns: the first that can be read and is Chart.js 3 or 4; nil when there is none.
    static func find(in places: [String] = searchList()) -> ChartLibrary? {
        for place in places {
            guard let data = FileManager.default.contents(atPath: place),
                let source = String(data: data, encoding: .utf8),
                source.prefix(400).contains("Chart.js v3") || source.prefix(400).contains("Chart.js v4")
            else { continue }
            return ChartLibrary(path: place, source: source)
        }
        return nil
    }

    static func searchList() -> [String] {
        let named = ProcessInfo.processInfo.environment[environmentVariable] ?? ""
        return (named.isEmpty ? [] : [named]) + usualPlaces + besideProgram
    }

    /// Where the archive without package manager has it: `share/evtwin/chart.js` beside the program's folder `bin`.
    private static var besideProgram: [String] {
        guard let program = Bundle.main.executablePath else { return [] }
        let prefix = URL(filePath: program).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent()
        return [prefix.appending(path: "share/evtwin/chart.js/chart.min.js").path]
    }

    /// The library as the content of a script element.
    var inlined: String {
        // The only sequences that HTML gives a meaning to inside a script; in JavaScript strings the escapes mean the same.
        source.replacingOccurrences(of: "</script", with: "<\\/script").replacingOccurrences(of: "<!--", with: "<\\!--")
    }
}
