import OCPP
import OCPPWire
import TestSupport
import Testing

/// A small generator for tests.
struct SplitMix {
    var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}

/// Two endpoints that call each other over a link that loses and doubles frames but keeps their order.
private struct EndpointPair {
    var ends: [RPCEndpoint]
    var now = Timestamp(microseconds: 0)
    var random: SplitMix
    /// Frames under way to each end, with their time of arrival.
    var wire: [[(at: Timestamp, bytes: [UInt8])]] = [[], []]
    /// Calls being answered by each end.
    var answering: [[(at: Timestamp, id: String)]] = [[], []]
    var made: [[String: Int]] = [[:], [:]]
    var handled: [[String: Int]] = [[:], [:]]
    var nextID = 0
    var problem: String?

    init(seed: UInt64, version: OCPPVersion) {
        random = SplitMix(seed: seed)
        var limits = RPCLimits()
        limits.callTimeoutMicroseconds = 5_000_000
        limits.queuedCallsMax = 4
        ends = [RPCEndpoint.Role.chargingStation, .csms].map {
            RPCEndpoint(version: version, role: $0, limits: limits)
        }
    }

    mutating func step(mayCall: Bool) {
        now = now.adding(microseconds: Int64(random.next() % 400_000))
        for end in 0...1 {
            if mayCall, random.unit() < 0.3 {
                nextID += 1
                made[end]["\(nextID)"] = 0
                hand(.call(id: "\(nextID)", action: "DataTransfer", payload: []), to: end)
            }
            while let first = wire[end].first, first.at <= now {
                wire[end].removeFirst()
                hand(.frame(first.bytes), to: end)
            }
            while let first = answering[end].first, first.at <= now {
                answering[end].removeFirst()
                let input: RPCEndpoint.Input =
                    random.unit() < 0.2
                    ? .error(id: first.id, code: .internalError, description: "", details: [])
                    : .result(id: first.id, payload: [])
                hand(input, to: end)
            }
            if ends[end].nextDeadline <= now { hand(.timer, to: end) }
        }
    }

    private mutating func hand(_ input: RPCEndpoint.Input, to end: Int) {
        let wasOutstanding = ends[end].hasOutstandingCall
        var outputs: [RPCEndpoint.Output] = []
        ends[end].handle(input, now: now, outputs: &outputs)
        var isOutstanding = wasOutstanding
        for output in outputs {
            switch output {
            case .transmit(let bytes):
                if bytes.starts(with: "[2".utf8) {
                    if isOutstanding { problem = "two CALLs outstanding" }
                    isOutstanding = true
                }
                transmit(bytes, from: end)
            case .call(let call):
                handled[end][call.id, default: 0] += 1
                answering[end].append((now.adding(microseconds: Int64(random.next() % 3_000_000)), call.id))
            case .result(let id, _, _), .timedOut(let id):
                isOutstanding = false
                made[end][id, default: 9] += 1
            case .callError(let error):
                isOutstanding = false
                made[end][error.id, default: 9] += 1
            case .refused(let id, _): made[end][id, default: 9] += 1
            case .send, .resultError, .malformed, .close: problem = "unexpected \(output)"
            }
        }
        if isOutstanding != ends[end].hasOutstandingCall { problem = "outstanding or not?" }
    }

    private mutating func transmit(_ bytes: [UInt8], from end: Int) {
        let copies = random.unit() < 0.15 ? 0 : random.unit() < 0.2 ? 2 : 1
        for _ in 0..<copies {
            let earliest = wire[1 - end].last?.at ?? now
            wire[1 - end].append((max(earliest, now.adding(microseconds: Int64(random.next() % 500_000))), bytes))
        }
    }
}

@Suite("RPC endpoint: both ends")
struct EndpointPairTests {
    @Test(
        "point 1: over a link that loses and doubles, no direction ever has two CALLs and each ends exactly once",
        arguments: OCPPVersion.allCases)
    func everyCallEndsOnce(version: OCPPVersion) {
        var ends = 0
        for seed in Soak.seeds(40) {
            var pair = EndpointPair(seed: seed, version: version)
            for _ in 0..<1000 { pair.step(mayCall: true) }
            for _ in 0..<600 { pair.step(mayCall: false) }
            #expect(pair.problem == nil, "seed \(seed)")
            for end in 0...1 {
                #expect(!pair.ends[end].hasOutstandingCall && pair.ends[end].queuedCallCount == 0, "seed \(seed)")
                let wrong = pair.made[end].filter { $0.value != 1 }
                #expect(wrong.isEmpty, "seed \(seed): \(wrong)")
                ends += pair.made[end].count
            }
        }
        #expect(ends > 10_000)
    }

    @Test("point 2: doubled frames are handled once, as long as the answer was no error")
    func handledOnce() {
        for seed in Soak.seeds(40) {
            var pair = EndpointPair(seed: seed, version: .v201)
            for _ in 0..<1000 { pair.step(mayCall: true) }
            let handled = pair.handled.flatMap(\.values)
            #expect(handled.allSatisfy { $0 <= 2 }, "seed \(seed)")
            let twice = handled.count { $0 == 2 }
            #expect(Double(twice) < 0.06 * Double(handled.count), "seed \(seed): \(twice) of \(handled.count)")
        }
    }
}
