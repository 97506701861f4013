public import OCPP

extension IdentifierText {
    /// `text` as it is where it fits; a longer one as its beginning, `~` and 16 digits that stand for all of it.
    ///
    /// Message ids and transaction ids of up to 36 characters may need more bytes, tokens of 2.1 have up to 255
    /// characters: equal texts stay equal, different ones stay different, and everybody who folds gets the same.
    public init(folding text: String) {
        if let fitting = IdentifierText(text) {
            self = fitting
            return
        }
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let digits = IdentifierText(hexadecimal: hash)
        let head = Self.head(of: text, bytes: Self.capacity - 17)
        self = IdentifierText(head + "~" + digits.description) ?? digits
    }

    /// `text`, cut behind the last whole character that fits.
    init(cutting text: String) { self = IdentifierText(Self.head(of: text, bytes: Self.capacity)) ?? IdentifierText() }

    /// The first characters of `text` that take at most `bytes`.
    static func head(of text: String, bytes: Int) -> String {
        var head = String.UnicodeScalarView()
        var length = 0
        for scalar in text.unicodeScalars {
            length += UTF8.width(scalar)
            if length > bytes { break }
            head.append(scalar)
        }
        return String(head)
    }
}

extension Int32 {
    /// `value`, or the nearest that fits.
    init(nearest value: Int) { self = Int32(clamping: value) }
}
