internal import OCPP

/// Transaction ids of one charging station: UUIDs (version 8) made of the station's key, check digits and a number.
///
/// `kkkkkkkk-kkkk-8kkk-8kkk-ccccnnnnnnnn`: unique as long as keys differ and a station's numbers do, repeatable, and
/// the number can be read back.
/// - Source: RFC 9562, UUID version 8; OCPP 2.0.1 E01.FR.08 (unique for the charging station, also over restarts).
struct TransactionIdentity: Sendable, BitwiseCopyable, Codable {
    /// Everything but the number: 28 bytes.
    private let prefix: IdentifierText

    init(stationKey: UInt64) {
        let digits = IdentifierText(hexadecimal: stationKey)
        var bytes: [UInt8] = []
        for index in 0..<16 {
            switch index {
            case 8: bytes.append(UInt8(ascii: "-"))
            case 12: bytes += [UInt8(ascii: "-"), UInt8(ascii: "8")]
            case 15: bytes += [UInt8(ascii: "-"), UInt8(ascii: "8"), UInt8(ascii: "0"), UInt8(ascii: "0")]
            default: break
            }
            bytes.append(digits[index])
        }
        bytes.append(UInt8(ascii: "-"))
        guard let head = IdentifierText(utf8: bytes), let text = IdentifierText(utf8: bytes + Self.check(head)) else {
            preconditionFailure("24 bytes and 4 check digits fit an identifier")
        }
        prefix = text
    }

    func text(number: UInt32) -> IdentifierText { prefix.appending(hexadecimal: number) }

    /// The number in a transaction id that a ``TransactionIdentity`` made; `nil` for any other text.
    static func number(of transactionID: IdentifierText) -> UInt32? {
        guard transactionID.count == 36 else { return nil }
        let check = check(transactionID.prefix(24))
        for index in 0..<4 where transactionID[24 + index] != check[index] { return nil }
        return transactionID.trailingHexadecimal
    }

    /// Four digits that other makers' ids will hardly have in the same place.
    private static func check(_ head: IdentifierText) -> [UInt8] {
        let digits = IdentifierText(hexadecimal: head.mixed)
        return (12..<16).map { digits[$0] }
    }
}
