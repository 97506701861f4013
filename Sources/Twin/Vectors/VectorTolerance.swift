/// How close a result must come, after the `tol` of a case.
///
/// `rel` and `abs` hold for every number, either suffices; `abs_K` for temperatures and rises, `rel_L` for ageing,
/// `abs_vs_published_K` for rows called `published`; any other key names a field or a family of fields by whole words,
/// relative when it ends in `_rel`, and `temp_K` means temperatures.
///
/// Expected numbers are rounded for print, so half a unit of the last decimal that a file prints for a field is allowed
/// on top, where it prints at least four.
struct VectorTolerance {
    private let limits: [(key: String, limit: Double)]
    private let rounding: PrintedDecimals

    /// Used for numbers that no key of `tol` speaks of.
    private static let fallback = 1e-5

    init(_ values: [String: Double], rounding: PrintedDecimals) {
        limits = values.sorted { $0.key < $1.key }.map { (key: $0.key, limit: $0.value) }
        self.rounding = rounding
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
        let difference = max(0, abs(want - got) - rounding.halfUnit(of: field))
        if difference == 0 { return true }
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

/// How many decimals a file prints at most for each field among the expected results.
struct PrintedDecimals {
    private var decimals: [String: Int] = [:]

    /// Notes the fields of one case.
    mutating func note(_ value: VectorValue, field: String) {
        switch value {
        case .number(let number): decimals[field] = max(decimals[field] ?? 0, Self.decimals(of: number))
        case .list(let values): for entry in values { note(entry, field: field) }
        case .object(let values): for (key, entry) in values { note(entry, field: key) }
        case .null, .bool, .integer, .text: break
        }
    }

    /// Half a unit of the last decimal of a field; 0 when fewer than four are printed.
    func halfUnit(of field: String) -> Double {
        guard let count = decimals[field], count >= 4 else { return 0 }
        // A little more than half, since the decimal itself is not exact in binary.
        return (0..<count).reduce(0.500_001) { unit, _ in unit / 10 }
    }

    private static func decimals(of number: Double) -> Int {
        let parts = number.description.split(separator: "e")
        let fraction = parts[0].split(separator: ".").dropFirst().first.map { $0 == "0" ? 0 : $0.count } ?? 0
        let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        return max(0, fraction - exponent)
    }
}
