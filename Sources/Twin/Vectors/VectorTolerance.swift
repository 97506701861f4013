/// How close a result must come, after the `tol` of a case.
///
/// `rel` and `abs` hold for every number, either suffices; `abs_K` for temperatures and rises, `rel_L` for ageing,
/// `abs_vs_published_K` for rows called `published`; any other key names a field or a family of fields by whole words,
/// relative when it ends in `_rel`, and `temp_K` means temperatures.
struct VectorTolerance {
    private let limits: [(key: String, limit: Double)]

    /// Used for numbers that no key of `tol` speaks of.
    private static let fallback = 1e-5

    init(_ values: [String: Double]) {
        limits = values.sorted { $0.key < $1.key }.map { (key: $0.key, limit: $0.value) }
    }

    /// Compares a result with what was expected; returns one line for each field that is off.
    func complaints(path: String, field: String, expected: VectorValue, found: VectorValue?) -> [String] {
        guard field != "lambda_info" else { return [] }
        guard let found else { return ["\(path): not computed"] }
        switch (expected, found) {
        case (.object(let want), .object(let got)):
            return want.keys.sorted().flatMap { key in
                complaints(path: path + "." + key, field: key, expected: want[key] ?? .null, found: got[key])
            } + surplus(path: path, want: want, got: got)
        case (.list(let want), .list(let got)):
            guard want.count == got.count else {
                return ["\(path): expected \(want.count) entries, found \(got.count)"]
            }
            return want.indices.flatMap { i in
                complaints(path: "\(path)[\(i)]", field: field, expected: want[i], found: got[i])
            }
        case (.number(let want), .integer(let got)):
            return want == Double(got) ? [] : ["\(path): expected exactly \(want), found \(got)"]
        case (.number(let want), .number(let got)):
            return accepts(path: path, field: field, want, got) ? [] : ["\(path): expected \(want), found \(got)"]
        case (.null, _), (.bool, _), (.integer, _), (.number, _), (.text, _), (.list, _), (.object, _):
            return expected == found ? [] : ["\(path): expected \(expected.brief), found \(found.brief)"]
        }
    }

    /// An empty object means that nothing may be there.
    private func surplus(path: String, want: [String: VectorValue], got: [String: VectorValue]) -> [String] {
        want.isEmpty && !got.isEmpty
            ? ["\(path): expected nothing, found \(got.keys.sorted().joined(separator: ", "))"] : []
    }

    private func accepts(path: String, field: String, _ want: Double, _ got: Double) -> Bool {
        if want == got { return true }
        let difference = abs(want - got)
        var spoken = false
        for (key, limit) in limits {
            guard let isRelative = Self.applies(key, field: field, path: path) else { continue }
            spoken = true
            if difference <= limit * (isRelative ? abs(want) : 1) { return true }
        }
        return !spoken && difference <= Self.fallback * max(1, abs(want))
    }

    /// Whether a key of `tol` speaks of a field: `true` relative, `false` absolute, `nil` not at all.
    private static func applies(_ key: String, field: String, path: String) -> Bool? {
        let isPublished = path.contains("published")
        switch key {
        case "abs_vs_published_K": return isPublished ? false : nil
        case "rel": return isPublished ? nil : true
        case "abs": return isPublished ? nil : false
        case "abs_K", "temp_K": return !isPublished && isTemperature(field) ? false : nil
        case "rel_L": return isAgeing(field) ? true : nil
        default: break
        }
        let isRelative = key.hasSuffix("_rel")
        let stem = isRelative ? String(key.dropLast(4)) : key
        return ("_" + field + "_").contains("_" + stem + "_") ? isRelative : nil
    }

    private static func isTemperature(_ field: String) -> Bool {
        field.hasPrefix("theta") || field.contains("top_oil") || field.contains("hot_spot")
            || ["dTO", "dH", "ultimate", "T", "tau_TO_corrected_min"].contains(field)
    }
    private static func isAgeing(_ field: String) -> Bool {
        field.hasPrefix("L_") || field.hasPrefix("aged") || field == "V" || field == "FEQA"
            || field.hasPrefix("loss_of_life")
    }
}
