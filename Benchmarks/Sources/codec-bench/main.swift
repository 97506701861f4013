internal import Foundation
internal import OCPP
internal import OCPPMessages

// Decoding and encoding of the messages that a CSMS reads most, beside Foundation's JSONDecoder and JSONEncoder.
// Rounds take turns (A B A B …), so that a busy machine slows down both sides; figures are medians of processor time.

let rounds = 9
let repetitions = 2000

/// Nanoseconds of processor time per call of `work`.
func cost(_ work: () throws -> Int) rethrows -> Double {
    var sum = 0
    let start = clock()
    for _ in 0..<repetitions { sum &+= try work() }
    let time = Double(clock() - start) / Double(CLOCKS_PER_SEC)
    precondition(sum > 0, "the result is used, so that the work is done")
    return time / Double(repetitions) * 1e9
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

func compare<Own: OCPPObject, Dated: Codable, Plain: Codable>(
    _ sample: Sample, _ version: OCPPVersion, _: Own.Type, _: Dated.Type, _: Plain.Type
) throws {
    let data = Data(sample.json)
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .iso8601
    let own = try Own(json: sample.json, version: version)
    let dated = try decoder.decode(Dated.self, from: data)
    let plain = try decoder.decode(Plain.self, from: data)
    var times = [[Double]](repeating: [], count: 6)
    for _ in 0..<rounds {
        times[0].append(try cost { withExtendedLifetime(try Own(json: sample.json, version: version)) { 1 } })
        times[1].append(try cost { withExtendedLifetime(try decoder.decode(Dated.self, from: data)) { 1 } })
        times[2].append(try cost { withExtendedLifetime(try decoder.decode(Plain.self, from: data)) { 1 } })
        times[3].append(cost { own.json(version: version).count })
        times[4].append(try cost { try encoder.encode(dated).count })
        times[5].append(try cost { try encoder.encode(plain).count })
    }
    let cost = times.map(median)
    func row(_ what: String, _ own: Double, _ dated: Double, _ plain: Double) {
        print(
            String(
                format: "%-24@ %-8@ %9.0f %10.0f %6.1fx %10.0f %6.1fx", sample.name as NSString, what as NSString, own,
                dated, dated / own, plain, plain / own))
    }
    row("decode", cost[0], cost[1], cost[2])
    row("encode", cost[3], cost[4], cost[5])
    row("both", cost[0] + cost[3], cost[1] + cost[4], cost[2] + cost[5])
}

print("nanoseconds a message             evtwin Foundation  ratio  (timestamps left as text)")
try compare(
    .meterValues16, .v16, V16.MeterValuesRequest.self, FoundationMeterValues16<Date>.self,
    FoundationMeterValues16<String>.self)
try compare(
    .meterValues2, .v201, V2.MeterValuesRequest.self, FoundationMeterValues2<Date>.self,
    FoundationMeterValues2<String>.self)
try compare(
    .transactionEvent, .v201, V2.TransactionEventRequest.self, FoundationTransactionEvent<Date>.self,
    FoundationTransactionEvent<String>.self)
