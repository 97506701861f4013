/// Text of a scrape in Prometheus' exposition format 0.0.4.
struct MetricsText {
    private(set) var text = ""

    enum Kind: String {
        case counter
        case gauge
        case histogram
    }

    /// Opens a family of samples.
    mutating func family(_ name: String, _ kind: Kind, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    /// One sample; label values are escaped.
    mutating func sample(_ name: String, _ value: Double, _ labels: [(String, String)] = []) {
        text += name
        if !labels.isEmpty {
            text += "{" + labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",") + "}"
        }
        let whole = Int64(exactly: value)
        text += " \(whole.map { String($0) } ?? String(value))\n"
    }

    mutating func sample(_ name: String, _ value: UInt64, _ labels: [(String, String)] = []) {
        sample(name, Double(value), labels)
    }

    /// All samples of a histogram, whose family has been opened.
    mutating func histogram(_ name: String, _ histogram: Histogram) {
        var total: UInt64 = 0
        for (count, end) in zip(histogram.counts, histogram.ends) {
            total += count
            sample(name + "_bucket", total, [("le", String(end))])
        }
        sample(name + "_bucket", histogram.count, [("le", "+Inf")])
        sample(name + "_sum", histogram.sum)
        sample(name + "_count", histogram.count)
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
