/// Intervals in which a transformer carried more than its nameplate, and more than the loading guide allows.
struct TransformerLoading: Sendable {
    /// Greatest load over nameplate that the guide allows for distribution transformers.
    /// - Source: IEC 60076-7, current limits: normal cyclic, long-time emergency, short-time emergency loading.
    static let normalCyclic = 1.5
    static let longEmergency = 1.8
    static let shortEmergency = 2.0
    /// Series are `Float`: a hair above is not above.
    private static let hair = 1 + 1e-6

    /// Greatest interval mean, load over nameplate; NaN without a transformer.
    private(set) var greatest = Double.nan
    private(set) var samplesOverNameplate = 0
    private(set) var samplesOverNormalCyclic = 0
    private(set) var samplesOverLongEmergency = 0

    @inline(__always)
    mutating func see(_ load: Double) {
        guard !load.isNaN else { return }
        if !(greatest >= load) { greatest = load }
        if load > Self.hair { samplesOverNameplate += 1 }
        if load > Self.normalCyclic * Self.hair { samplesOverNormalCyclic += 1 }
        if load > Self.longEmergency * Self.hair { samplesOverLongEmergency += 1 }
    }

    /// The loading that the greatest load belongs to, in the guide's words.
    var loadingClass: String {
        greatest.isNaN
            ? ""
            : greatest <= Self.hair
                ? "within nameplate"
                : greatest <= Self.normalCyclic * Self.hair
                    ? "normal cyclic loading"
                    : greatest <= Self.longEmergency * Self.hair
                        ? "long-time emergency loading"
                        : greatest <= Self.shortEmergency * Self.hair
                            ? "short-time emergency loading" : "beyond every limit of the guide"
    }
}
