/// Loss constants of a converter module: `loss = Pn (a + b p + c p²)`, p = output over rated output.
///
/// - Source: domain reference 3.1; default is a silicon-carbide 30 kW module (estimate).
public struct ModuleLoss: BitwiseCopyable, Sendable, Codable {
    public var a: Double
    public var b: Double
    public var c: Double
    public init(a: Double, b: Double, c: Double) {
        self.a = a
        self.b = b
        self.c = c
    }
    public static let siliconCarbide30kW = ModuleLoss(a: 0.006, b: 0.018, c: 0.014)

    /// Loss in W of one module of `ratedW` delivering `outputW`.
    public func lossW(outputW: Double, ratedW: Double) -> Double {
        let p = outputW / ratedW
        return ratedW * (a + b * p + c * p * p)
    }

    /// Loss in W of `count` equal modules sharing `outputW` evenly.
    public func lossW(outputW: Double, ratedW: Double, count: Int) -> Double {
        Double(count) * lossW(outputW: outputW / Double(count), ratedW: ratedW)
    }

    /// Number of modules, of those installed, that delivers `outputW` with the least loss; 0 for no output.
    public func bestCount(outputW: Double, ratedW: Double, installed: Int) -> Int {
        guard outputW > 0, installed > 0 else { return 0 }
        let least = min(installed, max(1, Int((outputW / ratedW).rounded(.up))))
        var best = least
        for n in least...installed
        where lossW(outputW: outputW, ratedW: ratedW, count: n) < lossW(outputW: outputW, ratedW: ratedW, count: best) {
            best = n
        }
        return best
    }
}

/// Whole power modules handed to the outputs of a station that need them.
///
/// One module at a time goes to the output with unmet need and the lowest modules over weight; ties to the lowest
/// index. Buffers are kept, so that a steady state allocates nothing.
/// - Source: domain reference 3.1.
public struct ModuleMatrix: Sendable {
    /// Modules of each output after ``allocate(demandW:weights:moduleCount:moduleW:)``.
    public private(set) var modules: ContiguousArray<Int32> = []
    /// Power that each output can deliver, W: demand, or its modules' rating.
    public private(set) var powerW: ContiguousArray<Double> = []

    public init() {}

    /// Shares `moduleCount` modules of `moduleW` among outputs; empty `weights` are all 1.
    public mutating func allocate(
        demandW: ContiguousArray<Double>, weights: ContiguousArray<Double>, moduleCount: Int, moduleW: Double
    ) {
        modules.removeAll(keepingCapacity: true)
        powerW.removeAll(keepingCapacity: true)
        for _ in demandW { modules.append(0) }
        for _ in 0..<moduleCount {
            var chosen = -1
            var lowest = Double.infinity
            for i in demandW.indices where Double(modules[i]) * moduleW < demandW[i] {
                let ratio = Double(modules[i]) / (weights.isEmpty ? 1 : weights[i])
                if ratio < lowest {
                    lowest = ratio
                    chosen = i
                }
            }
            guard chosen >= 0 else { break }
            modules[chosen] += 1
        }
        for i in demandW.indices { powerW.append(min(demandW[i], Double(modules[i]) * moduleW)) }
    }
}
