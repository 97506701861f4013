internal import OCPP

extension JSONReader {
    /// An integral number within `limits`; `16.0` and `1.6e1` are integral too.
    @inline(never) public mutating func integer(
        min lower: Int = .min, max upper: Int = .max
    ) throws(SchemaViolation) -> Int {
        skipSpace()
        let at = position
        let number = try scanNumber()
        guard number.isIntegral else { throw violation(.typeConstraintViolation, at: at, "not an integer") }
        guard let value = number.integer, isStored || (lower <= value && value <= upper) else {
            throw violation(.propertyConstraintViolation, at: at, "out of range")
        }
        return value
    }

    /// A number within `limits`, correctly rounded.
    @inline(never) public mutating func number(
        min lower: Double = -.infinity, max upper: Double = .infinity
    ) throws(SchemaViolation) -> Double {
        skipSpace()
        let at = position
        let value = try double(scanNumber())
        guard value.isFinite, isStored || (lower <= value && value <= upper) else {
            throw violation(.propertyConstraintViolation, at: at, "out of range")
        }
        return value
    }

    /// A number that was an integer before 2.1.
    @inline(never) mutating func number(integralIn201: Bool) throws(SchemaViolation) -> Double {
        skipSpace()
        let at = position
        let value = try number()
        if version == .v201, value != value.rounded() {
            throw violation(.typeConstraintViolation, at: at, "not an integer")
        }
        return value
    }

    /// A number with at most one decimal.
    /// - Source: OCPP 1.6, `multipleOf: 0.1` of charging limits.
    @inline(never) mutating func number(tenths: Bool) throws(SchemaViolation) -> Double {
        skipSpace()
        let at = position
        let value = try number()
        if !isStored, abs(value * 10 - (value * 10).rounded()) > 1e-6 * max(1, abs(value)) {
            throw violation(.propertyConstraintViolation, at: at, "more than one decimal")
        }
        return value
    }

    /// `true` or `false`.
    @inline(never) public mutating func boolean() throws(SchemaViolation) -> Bool {
        skipSpace()
        switch next {
        case UInt8(ascii: "t"):
            try scanWord("true")
            return true
        case UInt8(ascii: "f"):
            try scanWord("false")
            return false
        default: throw wrongType("true or false")
        }
    }

    /// Reads the letters of `word`.
    mutating func scanWord(_ word: String) throws(SchemaViolation) {
        for byte in word.utf8 {
            guard next == byte else { throw notJSON("an unknown word") }
            position += 1
        }
    }

    // MARK: - Scanning

    /// A number as written: ± `digits` × 10^`exponent`.
    struct Decimal {
        let start: Int
        var end = 0
        var isNegative = false
        /// The significant digits, as long as they fit.
        var digits: UInt64 = 0
        /// Whether there were more digits than fit.
        var isCut = false
        var exponent = 0

        /// Whether the value has no fraction.
        var isIntegral: Bool { digits == 0 || exponent >= 0 }

        /// The value; `nil` when it does not fit.
        var integer: Int? {
            guard !isCut else { return nil }
            var magnitude = digits
            if magnitude > 0 {
                guard exponent < 20 else { return nil }
                for _ in 0..<exponent {
                    let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
                    if overflow { return nil }
                    magnitude = product
                }
            }
            if isNegative {
                return magnitude <= UInt64(Int.max) ? -Int(magnitude) : magnitude == 1 << 63 ? Int.min : nil
            }
            return Int(exactly: magnitude)
        }
    }

    /// Reads a number's text.
    mutating func scanNumber() throws(SchemaViolation) -> Decimal {
        var number = Decimal(start: position)
        if next == UInt8(ascii: "-") {
            number.isNegative = true
            position += 1
        } else if !isDigit(next) {
            throw wrongType("a number")
        }
        guard isDigit(next) else { throw notJSON("a number without digits") }
        if next == UInt8(ascii: "0") {
            position += 1
            if isDigit(next) { throw notJSON("a number with a leading zero") }
        } else {
            scanDigits(&number, isFraction: false)
        }
        if next == UInt8(ascii: ".") {
            position += 1
            guard isDigit(next) else { throw notJSON("a number without digits behind the point") }
            scanDigits(&number, isFraction: true)
        }
        if next | 0x20 == UInt8(ascii: "e") { try scanExponent(&number) }
        number.end = position
        guard number.end - number.start <= Self.numberLengthLimit else {
            throw violation(.propertyConstraintViolation, at: number.start, "a number of too many digits")
        }
        while number.exponent < 0, number.digits > 0, number.digits % 10 == 0, !number.isCut {
            number.digits /= 10
            number.exponent += 1
        }
        return number
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    private mutating func scanDigits(_ number: inout Decimal, isFraction: Bool) {
        while isDigit(next) {
            if number.digits < 1_000_000_000_000_000_000 {
                number.digits = number.digits * 10 + UInt64(next - UInt8(ascii: "0"))
                if isFraction { number.exponent -= 1 }
            } else {
                number.isCut = number.isCut || !(isFraction && next == UInt8(ascii: "0"))
                if !isFraction { number.exponent += 1 }
            }
            position += 1
        }
    }

    private mutating func scanExponent(_ number: inout Decimal) throws(SchemaViolation) {
        position += 1
        let isNegative = next == UInt8(ascii: "-")
        if isNegative || next == UInt8(ascii: "+") { position += 1 }
        guard isDigit(next) else { throw notJSON("an exponent without digits") }
        var value = 0
        while isDigit(next) {
            if value < 100_000 { value = value * 10 + Int(next - UInt8(ascii: "0")) }
            position += 1
        }
        number.exponent += isNegative ? -value : value
    }

    /// The nearest double; infinite beyond the largest.
    private func double(_ number: Decimal) -> Double {
        if number.digits < 1 << 53, !number.isCut, -22...22 ~= number.exponent {  // both exact, so one rounding
            let digits = Double(number.digits)
            let value =
                number.exponent < 0
                ? digits / Self.powersOfTen[-number.exponent] : digits * Self.powersOfTen[number.exponent]
            return number.isNegative ? -value : value
        }
        return Double(String(decoding: bytes[number.start..<number.end], as: UTF8.self)) ?? .infinity
    }

    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]
}
