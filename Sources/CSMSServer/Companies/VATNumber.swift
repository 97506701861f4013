/// A VAT identification number: a country's prefix and what that country puts behind it.
///
/// Numbers of the member states of the European Union and of Northern Ireland are held against their country's form and,
/// where ``VATChecksum`` knows one, its check digit; those of other countries against what all have in common.
/// - Source: Directive 2006/112/EC, article 215; the European Commission's VIES, "VAT identification number structure".
struct VATNumber: Hashable, Sendable {
    /// Capital letters and digits, the country's prefix first.
    let text: String
    /// `EL` for Greece and `XI` for Northern Ireland, else the country's code of ISO 3166.
    var country: String { String(text.prefix(2)) }

    /// Reads a number as people write it: spaces, dots and hyphens do not count, nor does case.
    ///
    /// - Returns: `nil` for what cannot be a number of its country.
    init?(_ written: String) {
        guard written.utf8.count <= 64 else { return nil }
        var characters: [UInt8] = []
        for byte in written.utf8 where !" .-".utf8.contains(byte) {
            let isLower = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            characters.append(isLower ? byte - 32 : byte)
        }
        guard (4...20).contains(characters.count), characters.prefix(2).allSatisfy(Self.isLetter) else { return nil }
        let own = Array(characters.dropFirst(2))
        let country = String(decoding: characters.prefix(2), as: UTF8.self)
        if let forms = Self.forms[country] {
            guard forms.contains(where: { Self.fits(own, $0) }), VATChecksum.isRight(own, country) else { return nil }
        } else {
            guard own.allSatisfy({ Self.isLetter($0) || Self.isDigit($0) }), own.contains(where: Self.isDigit) else {
                return nil
            }
        }
        text = String(decoding: characters, as: UTF8.self)
    }

    /// What stands behind the prefix: `9` a digit, `A` a letter, `X` either, anything else itself.
    private static let forms: [String: [String]] = [
        "AT": ["U99999999"], "BE": ["0999999999", "1999999999"], "BG": ["999999999", "9999999999"],
        "CY": ["99999999A"], "CZ": ["99999999", "999999999", "9999999999"], "DE": ["999999999"],
        "DK": ["99999999"], "EE": ["999999999"], "EL": ["999999999"],
        "ES": ["A9999999A", "99999999A", "A99999999"], "FI": ["99999999"], "FR": ["XX999999999"],
        "HR": ["99999999999"], "HU": ["99999999"], "IE": ["9999999A", "9999999AA", "9A99999A", "9+99999A", "9*99999A"],
        "IT": ["99999999999"], "LT": ["999999999", "999999999999"], "LU": ["99999999"], "LV": ["99999999999"],
        "MT": ["99999999"], "NL": ["999999999B99"], "PL": ["9999999999"], "PT": ["999999999"],
        "RO": [
            "99", "999", "9999", "99999", "999999", "9999999", "99999999", "999999999", "9999999999",
        ],
        "SE": ["999999999999"], "SI": ["99999999"], "SK": ["9999999999"],
        "XI": ["999999999", "999999999999", "GD999", "HA999"],
    ]

    private static func fits(_ own: [UInt8], _ form: String) -> Bool {
        guard own.count == form.utf8.count else { return false }
        return zip(own, form.utf8).allSatisfy { byte, place in
            switch place {
            case UInt8(ascii: "9"): isDigit(byte)
            case UInt8(ascii: "X"): isDigit(byte) || isLetter(byte)
            case UInt8(ascii: "A"): isLetter(byte)
            default: byte == place
            }
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }
}
