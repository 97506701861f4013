extension VehicleModel {
    /// Name for people, with the model year where the id has one: `Tesla Model Y Long Range (2020)`.
    ///
    /// The catalogue's names come from several sources; spellings that would puzzle a reader are put right here.
    public var displayName: String {
        var words = name.split(separator: " ").map { String($0) }
        if words.first == "Generic" {
            words.removeFirst()
            words[0] = words[0].prefix(1).uppercased() + words[0].dropFirst()
        }
        // Charging power belongs to the data sheet, not to the name.
        while words.count > 2, words.last == "kW-AC" || words.last == "kW-DC" { words.removeLast(2) }
        var text = words.joined(separator: " ")
        for (found, meant) in Self.spellings { text = text.replacing(found, with: meant) }
        guard let year = modelYear else { return text }
        return "\(text) (\(year))"
    }

    /// The year at the end of the id; nil where there is none.
    var modelYear: Int? {
        guard let last = id.split(separator: "_").last, last.count == 4, let year = Int(last) else { return nil }
        return (1990...2100).contains(year) ? year : nil
    }

    private static let spellings = [
        ("98,8", "98.8"), ("Mach e", "Mach-E"), ("Mercedes Benz", "Mercedes-Benz"),
        ("Model 3 LR", "Model 3 Long Range"),
        ("SR+", "Standard Range Plus"), ("Mercedes EQS", "Mercedes-Benz EQS"), ("i-Pace", "I-Pace"),
    ]
}
