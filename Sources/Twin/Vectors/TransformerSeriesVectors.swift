import Foundation
import Models

/// Operations of the group `transformer` that go through a whole series of loads.
enum TransformerSeriesVectors {
    /// IEEE C57.91 clause 7: each load and ambient holds over the step that ends with it.
    static func ieee(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        let p = try inputs.object("params")
        let minutes = try inputs.positive("dt_min")
        let load = try inputs.notNegatives("K")
        let ambient = try inputs.numbers("theta_a")
        guard load.count == ambient.count, let firstLoad = load.first, let firstAmbient = ambient.first else {
            throw .missing("theta_a", "as many numbers as K")
        }
        let parameters = IEEEThermalParameters(
            topOilRiseK: try p.number("dTO_R"), hotSpotRiseK: try p.number("dH_R"), lossRatio: try p.number("R"),
            m: try p.number("m"), n: try p.positive("n"), oilMinutes: try p.positive("tau_TO_R"),
            windingMinutes: try p.positive("tau_w"))
        var thermal = TransformerThermal(
            ieee: parameters, ageing: try paper(inputs), rule: try rule(inputs), loadK: firstLoad,
            ambientC: firstAmbient)
        try start(&thermal, inputs, ambientC: firstAmbient)
        var rows: [VectorValue] = []
        for i in load.indices {
            if i > 0 { thermal.advance(seconds: 60 * minutes, loadK: load[i], ambientC: ambient[i]) }
            rows.append(TransformerVectors.row(Double(i) * minutes, thermal))
        }
        return [
            "rows": .list(rows), "aged_hours": .number(thermal.agedHours),
            "loss_of_life_pct": .number(
                InsulationAgeing.lossOfLifePercent(
                    agedHours: thermal.agedHours,
                    lifeH: try inputs.positive("insulation_life_h", or: InsulationAgeing.normalLifeH))),
        ]
    }

    /// IEC 60076-7 over a table of loads (A) and ambients, held beside the temperatures that the table gives.
    static func iecTable(_ inputs: VectorInputs) throws(VectorError) -> [String: VectorValue] {
        let rows = try table(inputs)
        guard let first = rows.first, rows.count > 1 else { throw .missing("table", "a table of two rows or more") }
        let rated = try inputs.positive("rated_A")
        let seconds = 60 * (try inputs.positive("dt_min"))
        let parameters = try TransformerVectors.parameters(inputs)
        let rule = try rule(inputs)
        var plain = TransformerThermal(
            iec: parameters, ageing: .plainPaper, rule: rule, loadK: first.loadA / rated, ambientC: first.ambientC)
        var upgraded = TransformerThermal(
            iec: parameters, ageing: .upgradedPaper, rule: rule, loadK: first.loadA / rated, ambientC: first.ambientC)
        try start(&plain, inputs, ambientC: first.ambientC)
        try start(&upgraded, inputs, ambientC: first.ambientC)
        var worst = (topOil: 0.0, hotSpot: 0.0)
        var highest = (topOil: plain.topOilC, hotSpot: plain.hotSpotC)
        for (i, row) in rows.enumerated() {
            if i > 0 {
                plain.advance(seconds: seconds, loadK: row.loadA / rated, ambientC: row.ambientC)
                upgraded.advance(seconds: seconds, loadK: row.loadA / rated, ambientC: row.ambientC)
            }
            worst.topOil = max(worst.topOil, abs(plain.topOilC - row.topOilC))
            worst.hotSpot = max(worst.hotSpot, abs(plain.hotSpotC - row.hotSpotC))
            highest.topOil = max(highest.topOil, plain.topOilC)
            highest.hotSpot = max(highest.hotSpot, plain.hotSpotC)
        }
        return [
            "steps": .integer(rows.count), "top_oil_error_max": .number(worst.topOil),
            "hot_spot_error_max": .number(worst.hotSpot), "max_top_oil": .number(highest.topOil),
            "max_hot_spot": .number(highest.hotSpot), "days_aged_normal": .number(plain.agedHours / 24),
            "days_aged_upgraded": .number(upgraded.agedHours / 24),
        ]
    }

    /// `start`: `settled` under the first load (when missing), `cold` at the ambient, or a top-oil temperature.
    private static func start(
        _ thermal: inout TransformerThermal, _ inputs: VectorInputs, ambientC: Double
    ) throws(VectorError) {
        if !inputs.has("start") { return }
        if case .text(let word) = inputs.values["start"] {
            if word == "settled" { return }
            guard word == "cold" else { throw .missing("start", "settled, cold or a temperature") }
            return thermal.set(topOilC: ambientC, gradient1K: 0, gradient2K: 0, ambientC: ambientC)
        }
        thermal.set(topOilC: try inputs.number("start"), gradient1K: 0, gradient2K: 0, ambientC: ambientC)
    }

    private static func paper(_ inputs: VectorInputs) throws(VectorError) -> InsulationAgeing {
        switch try inputs.text("paper", or: "upgraded") {
        case "upgraded": .upgradedPaper
        case "plain": .plainPaper
        default: throw .missing("paper", "upgraded or plain")
        }
    }

    private static func rule(_ inputs: VectorInputs) throws(VectorError) -> AgeingRule {
        guard let rule = AgeingRule(rawValue: try inputs.text("ageing_rule", or: AgeingRule.integral.rawValue)) else {
            throw .missing("ageing_rule", "integral or end_of_step")
        }
        return rule
    }

    private struct Row {
        var loadA, ambientC, topOilC, hotSpotC: Double
    }

    private static func table(_ inputs: VectorInputs) throws(VectorError) -> [Row] {
        let name = try inputs.text("table")
        guard let data = FileManager.default.contents(atPath: inputs.directory + "/" + name) else {
            throw VectorError(description: "inputs.table: \(name) cannot be read")
        }
        let lines = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
        let header = lines.first?.split(separator: ",").map(String.init) ?? []
        let columns = ["load_a", "ambient_c", "top_oil_c", "hot_spot_c"].compactMap(header.firstIndex(of:))
        guard columns.count == 4 else {
            throw VectorError(
                description: "inputs.table: \(name) needs columns load_a, ambient_c, top_oil_c and hot_spot_c")
        }
        var rows: [Row] = []
        for (number, line) in lines.enumerated().dropFirst() {
            let cells = line.split(separator: ",", omittingEmptySubsequences: false)
            let numbers = columns.compactMap { $0 < cells.count ? Double(cells[$0]) : nil }
            guard numbers.count == 4, numbers[0] >= 0 else {
                throw VectorError(description: "inputs.table: \(name), line \(number + 1): expected numbers")
            }
            rows.append(
                Row(loadA: numbers[0], ambientC: numbers[1], topOilC: numbers[2], hotSpotC: numbers[3]))
        }
        return rows
    }
}
