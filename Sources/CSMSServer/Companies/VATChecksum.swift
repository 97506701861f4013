/// Check digits of VAT numbers, for countries whose rule is simple and the same for all their numbers.
///
/// A wrong digit or two neighbours swapped are found; whether the number has been given to anybody is not known from it.
enum VATChecksum {
    /// Whether the check digit is right; true for countries without a rule here.
    ///
    /// - Parameter own: what follows the prefix, in its country's form.
    static func isRight(_ own: [UInt8], _ country: String) -> Bool {
        let digits = own.compactMap { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? Int(byte) - 48 : nil
        }
        switch country {
        case "AT": return digits.count == 8 && (10 - (luhn(digits.dropLast()) + 4) % 10) % 10 == digits[7]
        case "BE": return digits.count == 10 && 97 - number(digits.prefix(8)) % 97 == number(digits.suffix(2))
        case "DE", "HR": return isoEndsRight(digits)
        case "DK": return sum(digits, [2, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0
        case "EE": return sum(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 == 0
        case "EL": return sum(digits, [256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10 == digits.last
        case "FI": return sum(digits, [7, 9, 10, 5, 8, 4, 2, 1]) % 11 == 0
        case "FR": return french(own, digits)
        case "HU": return sum(digits, [9, 7, 3, 1, 9, 7, 3, 1]) % 10 == 0
        case "IT": return digits.count == 11 && (10 - luhn(digits.dropLast()) % 10) % 10 == digits[10]
        case "LU": return digits.count == 8 && number(digits.prefix(6)) % 89 == number(digits.suffix(2))
        case "MT": return sum(digits, [3, 4, 6, 7, 8, 9, 10, 1]) % 37 == 0
        case "PL": return sum(digits, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == digits.last
        case "PT":
            let rest = 11 - sum(digits, [9, 8, 7, 6, 5, 4, 3, 2]) % 11
            return (rest > 9 ? 0 : rest) == digits.last
        case "SE": return digits.count == 12 && (10 - luhn([0] + digits.prefix(9)) % 10) % 10 == digits[9]
        case "SI":
            let rest = 11 - sum(digits, [8, 7, 6, 5, 4, 3, 2]) % 11
            return rest != 11 && (rest == 10 ? 0 : rest) == digits.last
        default: return true
        }
    }

    /// Sum with every second digit doubled, the second one first, and digits of products added up.
    private static func luhn(_ digits: some Collection<Int>) -> Int {
        digits.enumerated().reduce(0) { sum, item in
            let product = item.offset.isMultiple(of: 2) ? item.element : 2 * item.element
            return sum + product / 10 + product % 10
        }
    }

    /// Digits times weights; places beyond the shorter of both do not count.
    private static func sum(_ digits: [Int], _ weights: [Int]) -> Int {
        zip(digits, weights).reduce(0) { $0 + $1.0 * $1.1 }
    }

    private static func number(_ digits: some Collection<Int>) -> Int { digits.reduce(0) { $0 * 10 + $1 } }

    /// ISO/IEC 7064, MOD 11,10.
    private static func isoEndsRight(_ digits: [Int]) -> Bool {
        var product = 10
        for digit in digits.dropLast() {
            let sum = (digit + product) % 10
            product = 2 * (sum == 0 ? 10 : sum) % 11
        }
        return (11 - product) % 10 == digits.last
    }

    /// The two digits before a SIREN number are its remainder; with letters there, another rule holds that is not checked.
    private static func french(_ own: [UInt8], _ digits: [Int]) -> Bool {
        guard digits.count == own.count else { return true }
        return (12 + 3 * (number(digits.suffix(9)) % 97)) % 97 == number(digits.prefix(2))
    }
}
