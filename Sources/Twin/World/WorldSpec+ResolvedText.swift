internal import Models

/// A resolved world as text for people: every setting that the run was built from, defaults included.
///
/// Written by reflection over ``WorldSpec``, so that a new setting cannot be forgotten. One site of each template is
/// written in full, the others in a line; long tables as their range.
struct ResolvedWorldText {
    /// Longest list of numbers that is written out.
    private static let numbersShown = 24
    /// Length of the text after which sites are only counted.
    private static let limit = 48_000
    /// Written elsewhere, or not a setting.
    private static let left: Set = ["source_text", "attribution", "sites", "summary", "seed", "days", "start"]

    private var lines: [String] = []
    private var length = 0

    /// - Parameters: the seed and the length that the run really has.
    static func text(_ world: WorldSpec, seed: UInt64, days: Double) -> String {
        var text = ResolvedWorldText()
        text.add("start: \(world.start.isoText)")
        text.add("days: \(text.scalar(days) ?? "")")
        text.add("seed: \(seed)")
        for child in Mirror(reflecting: world).children {
            guard let label = child.label.map(snakeCase), !left.contains(label) else { continue }
            text.write(label, child.value, indent: 0)
        }
        text.writeSites(world.sites)
        return text.lines.joined(separator: "\n") + "\n"
    }

    private mutating func add(_ line: String) {
        lines.append(line)
        length += line.utf8.count + 1
    }

    // MARK: sites

    private mutating func writeSites(_ sites: [SiteSpec]) {
        add("sites:  # \(sites.count); one of each template in full")
        var templates: Set<String> = []
        var shown = 0
        for site in sites {
            if templates.insert(site.template).inserted {
                writeSite(site)
            } else if length < Self.limit {
                add("  - {\(brief(site))}")
            } else {
                continue
            }
            shown += 1
        }
        if shown < sites.count {
            add("  # and \(sites.count - shown) more: /sites, /stations and /connectors of the telemetry file list all")
        }
    }

    private func brief(_ site: SiteSpec) -> String {
        var parts = [
            "id: \(quoted(site.id))", "template: \(site.template)", "stations: \(site.stations.count)",
            "evses: \(site.evseCount)", "connected_w: \(scalar(site.connectedW) ?? "")",
        ]
        if let transformer = site.transformer {
            parts.append("transformer_kva: \(scalar(transformer.ratingKVA) ?? "")")
        }
        if let limit = site.importLimitW { parts.append("import_limit_w: \(scalar(limit) ?? "")") }
        return parts.joined(separator: ", ")
    }

    private mutating func writeSite(_ site: SiteSpec) {
        var isFirst = true
        for child in Mirror(reflecting: site).children {
            guard let label = child.label.map(Self.snakeCase), label != "stations" else { continue }
            let before = lines.count
            write(label, child.value, indent: 4)
            if isFirst, lines.count > before {
                lines[before] = "  - " + lines[before].dropFirst(4)
                isFirst = false
            }
        }
        add("    stations:")
        var index = 0
        while index < site.stations.count {
            // Stations that differ in nothing but their id are one entry.
            let station = site.stations[index]
            var count = 1
            while index + count < site.stations.count {
                var next = site.stations[index + count]
                next.id = station.id
                guard next == station else { break }
                count += 1
            }
            add("      - count: \(count)")
            for child in Mirror(reflecting: station).children {
                guard let label = child.label.map(Self.snakeCase) else { continue }
                write(label, child.value, indent: 8)
            }
            index += count
        }
    }

    // MARK: values

    private mutating func write(_ key: String, _ value: Any, indent: Int) {
        let margin = String(repeating: " ", count: indent)
        if let text = oneLine(value) { return add("\(margin)\(key): \(text)") }
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional:
            if let inner = mirror.children.first { write(key, inner.value, indent: indent) }
        case .collection:
            add("\(margin)\(key):")
            for element in mirror.children {
                if let text = oneLine(element.value) {
                    add("\(margin)  - \(text)")
                } else {
                    add("\(margin)  -")
                    writeMembers(Mirror(reflecting: element.value), indent: indent + 4)
                }
            }
        default:
            add("\(margin)\(key):")
            writeMembers(mirror, indent: indent + 2)
        }
    }

    private mutating func writeMembers(_ mirror: Mirror, indent: Int) {
        for child in mirror.children {
            guard let label = child.label.map(Self.snakeCase) else { continue }
            write(label.hasPrefix(".") ? "value" : label, child.value, indent: indent)
        }
    }

    /// The value in one line, nil when it needs several.
    private func oneLine(_ value: Any) -> String? {
        if let text = scalar(value) { return text }
        if let surroundings = value as? SurroundingsSpec, surroundings.isQuiet { return "none" }
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional: return mirror.children.first.map { oneLine($0.value) } ?? "none"
        case .enum:
            guard let payload = mirror.children.first else { return Self.snakeCase("\(value)") }
            let name = Self.snakeCase(payload.label ?? "")
            if let text = scalar(payload.value) ?? list(Mirror(reflecting: payload.value)) { return "\(name) \(text)" }
            return members(Mirror(reflecting: payload.value)).map { "\(name) {\($0)}" }
        case .collection: return list(mirror)
        case .struct, .tuple: return mirror.children.count <= 5 ? members(mirror).map { "{\($0)}" } : nil
        default: return nil
        }
    }

    private func members(_ mirror: Mirror) -> String? {
        var parts: [String] = []
        for child in mirror.children {
            guard let text = oneLine(child.value), text.utf8.count <= 160 else { return nil }
            let label = Self.snakeCase(child.label ?? "")
            parts.append(label.isEmpty || label.hasPrefix(".") ? text : "\(label): \(text)")
        }
        let text = parts.joined(separator: ", ")
        return text.utf8.count <= 320 ? text : nil
    }

    private func list(_ mirror: Mirror) -> String? {
        guard mirror.displayStyle == .collection else { return nil }
        if let numbers = numbers(mirror), numbers.count > Self.numbersShown {
            let mean = numbers.reduce(0, +) / Double(numbers.count)
            return "\(numbers.count) values, \(short(numbers.min() ?? 0)) to \(short(numbers.max() ?? 0)), mean "
                + short(mean)
        }
        if mirror.children.count > Self.numbersShown, let first = mirror.children.first, scalar(first.value) == nil {
            return mirror.children.count > 100 ? "\(mirror.children.count) rows" : nil
        }
        var parts: [String] = []
        for child in mirror.children {
            let isWord = Mirror(reflecting: child.value).displayStyle == .enum
            guard let text = isWord ? oneLine(child.value) : scalar(child.value) else { return nil }
            parts.append(text)
        }
        return "[\(parts.joined(separator: ", "))]"
    }

    private func numbers(_ mirror: Mirror) -> [Double]? {
        var result: [Double] = []
        for child in mirror.children {
            if let number = child.value as? Double {
                result.append(number)
            } else if let number = child.value as? Float {
                result.append(Double(number))
            } else {
                return nil
            }
        }
        return result
    }

    private func scalar(_ value: Any) -> String? {
        switch value {
        case let time as CivilTime: time.isoText
        case let payload as OrderPayload: payload.words
        case let occasion as OrderSpec.Occasion: occasion.words
        case let text as String: quoted(text)
        case let number as Double: number == number.rounded() && abs(number) < 1e15 ? "\(Int64(number))" : "\(number)"
        case let number as Float: "\(number)"
        case let flag as Bool: flag ? "true" : "false"
        case let number as any BinaryInteger: "\(number)"
        default: nil
        }
    }

    /// Three decimals are enough for a range.
    private func short(_ value: Double) -> String {
        let thousandths = (value * 1000).rounded()
        guard abs(thousandths) < 1e15 else { return "\(value)" }
        return scalar(thousandths / 1000) ?? ""
    }

    private func quoted(_ text: String) -> String {
        let plain = text.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || ("0"..."9").contains($0) || " _-./()".unicodeScalars.contains($0)
        }
        let isPlain = plain && !text.isEmpty && text.first != " " && text.first != "-" && text.last != " "
        return isPlain ? text : "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
    }

    /// `importLimitW` becomes `import_limit_w`, `ratingKVA` `rating_kva`.
    static func snakeCase(_ name: String) -> String {
        var result = ""
        var previousIsLower = false
        for character in name {
            if character.isUppercase && previousIsLower { result.append("_") }
            previousIsLower = character.isLowercase || character.isNumber
            result += character.lowercased()
        }
        return result
    }
}
