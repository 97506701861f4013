/// Numbers and texts for people. The same number gives the same text everywhere: no locale, no C library.
enum Format {
    /// Stands where there is no number.
    static let nothing = "\u{2013}"
    private static let powersOfTen: [Double] = [1, 10, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]

    /// `1,234.50` with a fixed number of decimals (0 ... 9) and a comma between thousands.
    static func fixed(_ value: Double, _ decimals: Int) -> String {
        guard value.isFinite else { return nothing }
        let (whole, fraction, negative) = parts(value, decimals)
        return (negative ? "\u{2212}" : "") + grouped(whole) + (fraction.isEmpty ? "" : "." + fraction)
    }

    /// As many decimals as three significant digits need, none beyond 100: `0.123`, `12.3`, `12,345`.
    static func short(_ value: Double) -> String {
        let size = abs(value)
        if size == 0 { return "0" }
        return fixed(value, size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.9995 ? 2 : size >= 0.09995 ? 3 : 4)
    }

    /// A column of numbers with one number of decimals, so that points stand below one another: three significant digits for the greatest.
    static func aligned(_ values: [Double]) -> [String] {
        let greatest = values.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
        let decimals =
            greatest >= 99.95
            ? 0 : greatest >= 9.995 ? 1 : greatest >= 0.9995 || greatest == 0 ? 2 : greatest >= 0.09995 ? 3 : 4
        return values.map { value in
            if value == 0 { return "0" }
            return decimals == 4 && value > 0 && value < 0.00005 ? "<\u{A0}0.0001" : fixed(value, decimals)
        }
    }

    static func integer(_ value: Int) -> String { (value < 0 ? "\u{2212}" : "") + grouped(value.magnitude.description) }

    /// `12.3 %` of a share 0 ... 1.
    static func percent(_ share: Double, _ decimals: Int = 1) -> String {
        share.isFinite ? fixed(share * 100, decimals) + "\u{A0}%" : nothing
    }

    /// A length of time in the unit a reader expects: `45 s`, `12 min`, `3.2 h`, `4.5 days`, `7 days`.
    static func duration(seconds: Double) -> String {
        guard seconds.isFinite else { return nothing }
        if seconds < 99.5 { return fixed(seconds, 0) + "\u{A0}s" }
        if seconds < 5970 { return fixed(seconds / 60, seconds < 600 ? 1 : 0) + "\u{A0}min" }
        if seconds < 172_800 { return fixed(seconds / 3600, 1) + "\u{A0}h" }
        let days = seconds / 86_400
        return fixed(days, days == days.rounded() || days >= 999.5 ? 0 : 1) + "\u{A0}days"
    }

    static func power(watts: Double) -> String { scaled(watts, Scale.power(greatest: abs(watts))) }
    static func energy(wattHours: Double) -> String { scaled(wattHours, Scale.energy(greatest: abs(wattHours))) }

    /// `1 site`, `2 sites`.
    static func count(_ n: Int, _ one: String, _ many: String? = nil) -> String {
        integer(n) + "\u{A0}" + (n == 1 ? one : many ?? one + "s")
    }

    /// Words of a code name: `no_free_place` becomes `No free place`.
    static func words(_ code: String) -> String {
        let known = [
            "rfid": "RFID card", "ac": "AC", "dc": "DC", "hmi": "HMI", "spd": "SPD", "sim": "SIM", "csms": "CSMS",
            "evse": "EVSE", "ev": "EV", "ccs": "CCS", "suv": "SUV",
        ]
        let words = code.split(separator: "_").map { known[$0.lowercased()] ?? String($0) }
        let text = words.joined(separator: " ")
        return text.prefix(1).uppercased() + text.dropFirst()
    }

    /// A vehicle of the catalogue: `vw_id4_77_2020` becomes `VW ID4 77 2020`.
    static func vehicle(_ code: String) -> String {
        let capitals: Set = ["vw", "bmw", "mg", "gm", "mb", "lr", "er", "lfp", "ev", "mcs", "eqc", "eqs", "zs"]
        return code.split(separator: "_").map { word in
            capitals.contains(String(word)) || (word.count < 4 && word.contains(where: \.isNumber))
                ? word.uppercased() : word.prefix(1).uppercased() + word.dropFirst()
        }.joined(separator: " ")
    }

    /// Shortest plain decimal that keeps `digits` significant digits, for scripts: `0.125`, `-3`, `12400`.
    static func significant(_ value: Double, _ digits: Int = 5) -> String {
        guard value.isFinite else { return "null" }
        let size = abs(value)
        var decimals = digits - 1
        var threshold = 9.999_999
        while decimals > 0 && size > threshold {
            threshold *= 10
            decimals -= 1
        }
        threshold = 1
        while decimals < 9 && size < threshold && size > 0 {
            threshold /= 10
            decimals += 1
        }
        var (whole, fraction, negative) = parts(value, decimals)
        while fraction.last == "0" { fraction.removeLast() }
        if fraction.isEmpty && whole == "0" { negative = false }
        return (negative ? "-" : "") + whole + (fraction.isEmpty ? "" : "." + fraction)
    }

    private static func scaled(_ value: Double, _ scale: Scale) -> String {
        value.isFinite ? short(value * scale.factor) + "\u{A0}" + scale.unit : nothing
    }

    private static func parts(_ value: Double, _ decimals: Int) -> (whole: String, fraction: String, negative: Bool) {
        let size = abs(value)
        // Beyond 2^53 a Double has no decimals to round; saturate what no integer holds.
        if size >= 9e15 { return (UInt64(min(size, 1.8e19)).description, "", value < 0) }
        let places = size >= 9e15 / powersOfTen[decimals] ? 0 : decimals
        let units = UInt64((size * powersOfTen[places]).rounded())
        let unit = UInt64(powersOfTen[places])
        let digits = (units % unit).description
        let fraction = places == 0 ? "" : String(repeating: "0", count: places - digits.count) + digits
        return ((units / unit).description, fraction, value < 0 && units > 0)
    }

    private static func grouped(_ digits: String) -> String {
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0 && (digits.count - index) % 3 == 0 { result.append(",") }
            result.append(digit)
        }
        return result
    }
}

/// A unit with its prefix, chosen so that numbers have few digits, and the factor from the SI unit to it.
struct Scale: Sendable {
    let unit: String
    let factor: Double

    /// For watts up to `greatest`; kW at least.
    static func power(greatest: Double) -> Scale { pick(greatest, ["kW", "MW", "GW"]) }
    /// For watt-hours up to `greatest`; kWh at least.
    static func energy(greatest: Double) -> Scale { pick(greatest, ["kWh", "MWh", "GWh", "TWh"]) }

    private static func pick(_ greatest: Double, _ units: [String]) -> Scale {
        var scale = 0
        while scale + 1 < units.count && greatest >= powers[scale + 1] { scale += 1 }
        return Scale(unit: units[scale], factor: 1 / powers[scale])
    }
    private static let powers: [Double] = [1e3, 1e6, 1e9, 1e12]
}
