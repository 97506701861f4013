import Foundation
import Testing

@testable import Twin

@Suite("Validation vectors")
struct VectorTests {
    private static let directory = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../reference/vectors").standardized.path

    /// Runs the runner on files of the given texts.
    private func results(of files: [String: String]) throws -> [VectorFileResult] {
        let directory = FileManager.default.temporaryDirectory.appending(path: "vectors-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        for (name, text) in files { try Data(text.utf8).write(to: directory.appending(path: name)) }
        return try VectorRunner.run(directory: directory.path)
    }

    private func erlang(_ blocking: String, tol: String = #"{"rel": 1e-6}"#) -> String {
        """
        {"cases": [{"id": "b", "inputs": {"op": "erlang_b", "servers": 2, "offered_erlang": 1},
          "expected": {"blocking": \(blocking)}, "tol": \(tol)}]}
        """
    }

    @Test("every case of every group this version covers is met")
    func allPass() throws {
        let results = try VectorRunner.run(directory: Self.directory)
        #expect(results.count >= 6)
        for result in results {
            #expect(result.error == nil, "\(result.line)")
            #expect(result.failures.isEmpty, "\(result.name): \(result.failures.joined(separator: "\n"))")
            #expect(result.skipped.isEmpty, "\(result.line)")
            #expect(result.passed > 0)
        }
    }

    @Test("a wrong expectation fails and is named with what was found")
    func wrongValue() throws {
        let result = try #require(try results(of: ["q.json": erlang("0.2001")]).first)
        #expect(result.failed == 1 && result.failures[0].hasPrefix("b: expected.blocking: expected 0.2001, found 0.2"))
        let right = try results(of: ["q.json": erlang("0.2")])
        #expect(VectorRunner.summary(of: right) == "1 passed, 0 failed")
    }

    @Test("operations of later versions are skipped by name and counted")
    func unknownOperation() throws {
        let text = #"{"cases": [{"id": "x", "inputs": {"op": "warp"}, "expected": {}}]}"#
        let found = try results(of: ["a.json": text, "b.json": erlang("0.2")])
        #expect(found[0].line == "a.json: 0 passed, 0 failed, 1 skipped (warp)")
        #expect(VectorRunner.summary(of: found) == "1 passed, 0 failed, 1 skipped")
    }

    @Test(
        "files that are no vectors are refused with the reason",
        arguments: [
            ("{", "is not valid JSON"), ("[1, 2]", "has no list `cases`"), (#"{"cases": 3}"#, "has no list `cases`"),
        ])
    func malformed(text: String, reason: String) throws {
        let result = try #require(try results(of: ["bad.json": text]).first)
        #expect(result.line == "bad.json: \(reason)" && result.failed == 1)
    }

    @Test("a missing or mistyped input fails the case and names the key")
    func missingInput() throws {
        let text = """
            {"cases": [{"id": "m", "inputs": {"op": "erlang_b", "servers": "two"}, "expected": {"blocking": 1}},
                       {"id": "v", "inputs": {"op": "time_to_soc", "vehicle": "ufo"}, "expected": {"minutes": 1}}]}
            """
        let result = try #require(try results(of: ["m.json": text]).first)
        #expect(result.failures[0] == "m: inputs.servers: expected a number")
        #expect(result.failures[1] == "v: inputs.vehicle: \"ufo\" is not in the catalogue")
    }

    @Test(
        "senseless inputs fail the case instead of the program",
        arguments: [
            #""op": "waterfill", "capacity": 5, "items": [{"id": "a", "w": 0, "min": 0, "max": 1}]"#,
            #""op": "progressive_filling", "resources": {"r": 1}, "items": [{"id": "a", "w": 1, "min": 0, "max": -1}]"#,
            #""op": "optimal_module_count", "P_kW": 5, "module_kW": 0, "installed": 2, "a": 0, "b": 0, "c": 0"#,
            #""op": "module_matrix", "modules": -3, "module_kW": 30, "demand_kW": [1], "weights": null"#,
            #""op": "nhpp_next_arrival", "hourly_rate": [1], "t_h": -4, "exp1_draw": 1"#,
            #""op": "mmck", "lambda_per_min": 1, "mean_service_min": 1, "servers": 0, "capacity": 0"#,
            #""op": "size_transformer", "n": 1, "kW": 5, "efficiency": 0, "pf": 1"#,
            #""op": "site_scenario", "site_limit_kW": 1, "tick_s": 0, "horizon_min": 1e300, "sessions": []"#,
            #""op": "derate_factor", "table": [], "ambient_C": 3"#,
            #""op": "time_to_soc", "vehicle": "vw_id3_58_2020", "soc0": 0.2, "soc1": 1.4, "limit_kW": null"#,
        ])
    func senseless(inputs: String) throws {
        let text = #"{"cases": [{"id": "s", "inputs": {"# + inputs + #"}, "expected": {"minutes": 1, "x": 2}}]}"#
        let result = try #require(try results(of: ["s.json": text]).first)
        #expect(result.failed == 1 && result.passed == 0)
    }

    @Test("a directory without vectors is refused with what to do")
    func noDirectory() {
        #expect(throws: VectorDirectoryError.self) { try VectorRunner.run(directory: "/does/not/exist") }
    }

    @Test("tolerances follow their keys: absolute, relative, by field and by family")
    func tolerances() {
        func off(_ field: String, _ want: Double, _ got: Double, _ tol: [String: Double]) -> Bool {
            !VectorTolerance(tol, rounding: PrintedDecimals()).complaints(
                path: "expected", field: field, expected: .number(want), found: .number(got)
            ).isEmpty
        }
        #expect(!off("x", 100, 100.5, ["rel": 0.01]) && off("x", 100, 102, ["rel": 0.01]))
        #expect(!off("x", 100, 102, ["rel": 0.01, "abs": 3]))
        #expect(!off("top_oil_end", 60, 60.04, ["temp_K": 0.05]) && off("end_min", 60, 60.04, ["temp_K": 0.05]))
        #expect(!off("soc_end", 0.8, 0.800_05, ["soc": 1e-4]) && off("soc_end", 0.8, 0.801, ["soc": 1e-4]))
        #expect(!off("site_energy_kWh", 100, 100.005, ["energy_rel": 1e-4]))
        #expect(off("site_energy_kWh", 100, 100.5, ["energy_rel": 1e-4]))
        #expect(off("count", 3, 3.1, [:]))
    }
}
