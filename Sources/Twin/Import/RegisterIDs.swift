/// Gives the entries of a register ids that differ.
struct RegisterIDs {
    private struct Entry {
        var row: Int
        var latitude: Double
        var longitude: Double
    }
    /// Looked up, never iterated.
    private var first: [String: Entry] = [:]
    private var given: Set<String> = []

    /// Entries of one id closer than this are one entry, degrees (about 100 m).
    private static let samePlace = 0.001

    /// The id to use for a row; `nil` when the row repeats an entry (noted).
    mutating func id(
        of row: CSVTable.Row, written: String, in register: inout RegisterReader
    ) -> String? {
        guard !written.isEmpty else {
            let made = unique("row-\(row.number)")
            register.note(row, "?", "has no id: named \(made)")
            return made
        }
        let place = register.coordinates(row) ?? (.nan, .nan)
        let entry = Entry(row: row.number, latitude: place.latitude, longitude: place.longitude)
        guard let known = first[written] else {
            first[written] = entry
            return unique(written)
        }
        let isSame =
            (known.latitude.isNaN && entry.latitude.isNaN)
            || (abs(known.latitude - entry.latitude) < Self.samePlace
                && abs(known.longitude - entry.longitude) < Self.samePlace)
        if isSame {
            register.note(row, written, "repeats the entry of row \(known.row): left out")
            return nil
        }
        let made = unique(written)
        register.note(row, written, "has the id of row \(known.row) at another place: named \(made)")
        return made
    }

    private mutating func unique(_ id: String) -> String {
        var made = id
        var number = 2
        while !given.insert(made).inserted {
            made = "\(id)-\(number)"
            number += 1
        }
        return made
    }
}
