extension Int {
    /// A code or an index read from a column; -1 when it is not a whole number.
    init(code value: Double) { self = Int(exactly: value) ?? -1 }
}

extension Int64 {
    /// Microseconds read from a column; 0 when there are none or more than three thousand years of them.
    init(microseconds value: Double) { self = abs(value) < 1e17 ? Int64(value) : 0 }
}
