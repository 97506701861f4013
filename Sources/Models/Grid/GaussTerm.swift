internal import Sim

/// One exponential at the five Gauss-Legendre nodes of a sub-step, moved from sub-step to sub-step by multiplication.
struct GaussTerm {
    static let middleWeight = 0.568_888_888_888_888_9
    static let nearWeight = 0.478_628_670_499_366_5
    static let farWeight = 0.236_926_885_056_189_1

    private(set) var middle: Double
    private let near: Double
    private let nearInverse: Double
    private let far: Double
    private let farInverse: Double
    private let step: Double

    init(amplitude: Double, tau: Double, half: Double) {
        guard amplitude != 0 else {
            (middle, near, nearInverse, far, farInverse, step) = (0, 1, 1, 1, 1, 1)
            return
        }
        let decay = Math.exp(-half / tau)
        near = Math.exp(-0.538_469_310_105_683_1 * half / tau)
        far = Math.exp(-0.906_179_845_938_664 * half / tau)
        nearInverse = 1 / near
        farInverse = 1 / far
        step = decay * decay
        middle = amplitude * decay
    }

    var beforeNear: Double { middle * nearInverse }
    var afterNear: Double { middle * near }
    var beforeFar: Double { middle * farInverse }
    var afterFar: Double { middle * far }
    mutating func next() { middle *= step }
}
