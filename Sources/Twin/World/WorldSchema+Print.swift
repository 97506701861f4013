extension WorldSchema {
    /// The JSON Schema of world files, as published in `worlds/evtwin-world.schema.json`.
    public static var json: String {
        var text = """
            {
              "$schema": "https://json-schema.org/draft/2020-12/schema",
              "$id": "evtwin-world.schema.json",
              "title": "evtwin world",
              "$ref": "#/$defs/world",
              "$defs": {

            """
        text += objects.map { "    \(quoted($0.name)): \(definition($0))" }.joined(separator: ",\n")
        return text + "\n  }\n}\n"
    }

    /// The key tables of `docs/world-format.md`.
    public static var markdown: String {
        objects.map { object in
            var text =
                "### `\(object.name)`\n\n\(object.summary)\n\n| key | takes | default | meaning |\n| --- | --- | --- | --- |\n"
            for key in object.keys {
                let fallback = key.isRequired ? "**required**" : key.fallback.isEmpty ? "–" : key.fallback
                text += "| `\(key.name)` | \(cell(takes(key))) | \(cell(fallback)) | \(cell(key.summary)) |\n"
            }
            return text
        }.joined(separator: "\n")
    }

    // MARK: - JSON

    private static func definition(_ object: ObjectSpec) -> String {
        let properties = object.keys.map { key in
            let unit = key.unit.isEmpty ? "" : " [\(key.unit)]"
            let fallback = key.fallback.isEmpty ? "" : " Default: \(key.fallback)."
            let description = quoted(key.summary + unit + fallback)
            return "        \(quoted(key.name)): {\"description\": \(description), \(schema(key.type))}"
        }
        let required = object.keys.filter(\.isRequired).map { quoted($0.name) }
        var text =
            "{\n      \"description\": \(quoted(object.summary)),\n      \"type\": \"object\",\n      \"additionalProperties\": false,\n"
        // A world that extends another may leave out what the other has.
        if !required.isEmpty, object.name != "world" {
            text += "      \"required\": [\(required.joined(separator: ", "))],\n"
        }
        return text + "      \"properties\": {\n\(properties.joined(separator: ",\n"))\n      }\n    }"
    }

    /// The members of the schema of a type, without braces.
    private static func schema(_ type: KeyType) -> String {
        switch type {
        case .text: return "\"type\": [\"string\", \"number\"]"
        case .file: return "\"type\": \"string\""
        case .flag: return "\"type\": \"boolean\""
        case .number(let limits):
            var text = "\"type\": \"number\""
            if limits.lowest.isFinite {
                text += ", \"\(limits.excludesLowest ? "exclusiveMinimum" : "minimum")\": \(limits.lowest.plain)"
            }
            if limits.highest.isFinite { text += ", \"maximum\": \(limits.highest.plain)" }
            return text
        case .integer(let range):
            let highest = range.upperBound == .max ? "" : ", \"maximum\": \(range.upperBound)"
            return "\"type\": \"integer\", \"minimum\": \(range.lowerBound)\(highest)"
        case .choice(let names): return "\"enum\": [\(names.map(quoted).joined(separator: ", "))]"
        case .dateTime:
            return
                "\"type\": \"string\", \"pattern\": \"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?)?$\""
        case .timeOfDay: return "\"type\": \"string\", \"pattern\": \"^[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?$\""
        case .object(let name): return "\"$ref\": \(quoted("#/$defs/\(name)"))"
        case .list(let element, let count):
            return
                "\"type\": \"array\", \"minItems\": \(count.lowerBound), \"maxItems\": \(count.upperBound), \"items\": {\(schema(element))}"
        case .payload: return "\"type\": \"object\""
        case .map(let value): return "\"type\": \"object\", \"additionalProperties\": {\(schema(value))}"
        case .oneOf(let types): return "\"anyOf\": [\(types.map { "{\(schema($0))}" }.joined(separator: ", "))]"
        }
    }

    private static func quoted(_ text: String) -> String {
        var out = "\""
        for character in text {
            switch character {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            default: out.append(character)
            }
        }
        return out + "\""
    }

    // MARK: - Markdown

    private static func takes(_ key: KeySpec) -> String { takes(key.type, unit: key.unit) }

    private static func takes(_ type: KeyType, unit: String) -> String {
        let suffix = unit.isEmpty ? "" : ", \(unit)"
        return switch type {
        case .text: "text"
        case .file: "file name"
        case .flag: "`true` or `false`"
        case .number(let limits): "number\(limits.words.isEmpty ? "" : " \(limits.words)")\(suffix)"
        case .integer(let range):
            "whole number \(range.words)\(suffix)"
        case .choice(let names): names.map { "`\($0)`" }.joined(separator: ", ")
        case .dateTime: "date and time"
        case .timeOfDay: "time of day `\"18:00\"`"
        case .object(let name): "group [`\(name)`](#\(name))"
        case .list(.list(_, count: let n), count: _) where n == 3...3:
            "list of `[hour, energy, time]` triples\(suffix)"
        case .list(.list(_, count: _), count: _): "list of `[probability, value]` pairs\(suffix)"
        case .list(let element, let count):
            "list of \(count.lowerBound == count.upperBound ? "\(count.lowerBound) × " : "")\(takes(element, unit: unit))"
        case .payload: "OCPP payload"
        case .map(let value): "names, each with a \(takes(value, unit: unit))"
        case .oneOf(let types): types.map { takes($0, unit: unit) }.joined(separator: " or ")
        }
    }

    private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }
}
