/// A maximum with the interval it happened in; NaN until a value was seen.
struct Peak: Sendable {
    private(set) var value = Double.nan
    private(set) var sample = -1

    @inline(__always)
    mutating func see(_ candidate: Double, sample: Int) {
        if candidate > value || (value.isNaN && !candidate.isNaN) {
            value = candidate
            self.sample = sample
        }
    }
}

/// Sum and number of the values seen; NaN is left out.
struct Mean: Sendable {
    private(set) var sum = 0.0
    private(set) var count = 0

    @inline(__always)
    mutating func see(_ value: Double) {
        guard !value.isNaN else { return }
        sum += value
        count += 1
    }
    var value: Double { count == 0 ? .nan : sum / Double(count) }
}

/// What the series say of one site over the whole run.
struct SiteTotals: Sendable {
    /// Charging, W.
    var ev = Mean()
    var evPeak = Peak()
    /// Import of the whole site with its building, W.
    var site = Mean()
    var sitePeak = Peak()
    /// Intervals in which the site drew more than its rating.
    var samplesOverRating = 0
    /// Load of the transformer over its nameplate.
    var loading = TransformerLoading()
    /// Degrees Celsius.
    var hotSpot = Peak()
    var topOil = Peak()
    /// Hours of insulation life used; the count gives the intervals that were modelled.
    var ageing = Mean()
    /// Mean EVSEs with a vehicle, charging, out of service; mean drivers queueing.
    var occupied = Mean()
    var charging = Mean()
    var outOfService = Mean()
    /// At the connectors, W.
    var delivered = Mean()
    var waiting = Mean()
    var waitingPeak = Peak()
}
