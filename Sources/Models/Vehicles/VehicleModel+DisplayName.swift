extension VehicleModel {
    /// Name for people, with the model year where the id has one: `Tesla Model Y Long Range (2020)`.
    ///
    /// The catalogue's names come from several sources; spellings that would puzzle a reader are put right here.
    public var displayName: String {
        let text = Self.spellings.first { $0.id == id }?.name ?? plainName
        guard let year = modelYear else { return text }
        return "\(text) (\(year))"
    }

    /// The catalogue's name without "Generic", and without charging powers, which belong to the data sheet.
    private var plainName: String {
        var words = name.split(separator: " ").map { String($0) }
        if words.count > 1, words[0] == "Generic" {
            words.removeFirst()
            words[0] = words[0].prefix(1).uppercased() + words[0].dropFirst()
        }
        while words.count > 2, words.last == "kW-AC" || words.last == "kW-DC" { words.removeLast(2) }
        return words.joined(separator: " ")
    }

    /// The year at the end of the id; nil where there is none.
    private var modelYear: Int? {
        guard let last = id.utf8.split(separator: UInt8(ascii: "_")).last, last.count == 4,
            let year = Int(String(last) ?? "")
        else { return nil }
        return (1990...2100).contains(year) ? year : nil
    }

    private static let spellings = [
        (id: "tesla_model3_lr_2019", name: "Tesla Model 3 Long Range"),
        (id: "tesla_model3_srplus_2019", name: "Tesla Model 3 Standard Range Plus"),
        (id: "ford_mache_er_2020", name: "Ford Mustang Mach-E Extended Range AWD"),
        (id: "jaguar_ipace_2018", name: "Jaguar I-Pace"), (id: "mercedes_eqc_2020", name: "Mercedes-Benz EQC"),
        (id: "mercedes_eqs450_2021", name: "Mercedes-Benz EQS 450+"),
    ]
}
