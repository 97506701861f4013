internal import Sim

/// `log(1 + x) / x`, smooth through 0; minus infinity's slope at -1 is the caller's to avoid.
///
/// Below 0.01 a series keeps every digit where the difference 1 + x - 1 would lose them.
@usableFromInline func log1pRatio(_ x: Double) -> Double {
    guard abs(x) < 0.01 else { return Math.log(1 + x) / x }
    return 1 - x * (1 / 2 - x * (1 / 3 - x * (1 / 4 - x * (1 / 5 - x * (1 / 6 - x * (1 / 7 - x / 8))))))
}

/// `(exp(z) - 1) / z`, smooth through 0.
@usableFromInline func expm1Ratio(_ z: Double) -> Double {
    guard abs(z) < 0.01 else { return (Math.exp(z) - 1) / z }
    return 1 + z * (1 / 2 + z * (1 / 6 + z * (1 / 24 + z * (1 / 120 + z * (1 / 720 + z / 5040)))))
}
