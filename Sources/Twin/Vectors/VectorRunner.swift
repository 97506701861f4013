import Foundation

/// What became of one vector file.
public struct VectorFileResult: Sendable {
    /// Name of the file inside the directory.
    public let name: String
    public var passed = 0
    /// One line for each failed case: case id, field, expected, found.
    public var failures: [String] = []
    /// Operations that this version does not know, and the number of their cases, by name.
    public var skipped: [(operation: String, cases: Int)] = []
    /// Why the file could not be read at all.
    public var error: String?

    /// Cases that failed.
    public var failed = 0
    public var skippedCases: Int { skipped.reduce(0) { $0 + $1.cases } }
    /// `name: N passed, N failed, N skipped (operations)`, or what is wrong with the file.
    public var line: String {
        if let error { return "\(name): \(error)" }
        var line = "\(name): \(passed) passed, \(failed) failed"
        if !skipped.isEmpty {
            line += ", \(skippedCases) skipped (\(skipped.map(\.operation).joined(separator: ", ")))"
        }
        return line
    }
}

/// Evaluates validation vectors through the models: one door for files of this project and from elsewhere.
public enum VectorRunner {
    /// Runs every `*.json` of a directory in the order of names.
    ///
    /// - Throws: ``VectorDirectoryError`` when the directory cannot be read or holds no such file.
    public static func run(directory: String) throws(VectorDirectoryError) -> [VectorFileResult] {
        let entries: [String]
        do {
            entries = try FileManager.default.contentsOfDirectory(atPath: directory)
        } catch {
            throw VectorDirectoryError(
                directory: directory, problem: "cannot be read", fix: "name a directory that holds vector files")
        }
        let names = entries.filter { $0.hasSuffix(".json") }.sorted()
        guard !names.isEmpty else {
            throw VectorDirectoryError(
                directory: directory, problem: "holds no .json file", fix: "name a directory that holds vector files")
        }
        return names.map { run(file: directory + "/" + $0, name: $0) }
    }

    /// `N passed, N failed`, with `, N skipped` when there were any; unreadable files count as failed.
    public static func summary(of results: [VectorFileResult]) -> String {
        let passed = results.reduce(0) { $0 + $1.passed }
        let failed = results.reduce(0) { $0 + $1.failed }
        let skipped = results.reduce(0) { $0 + $1.skippedCases }
        return "\(passed) passed, \(failed) failed" + (skipped > 0 ? ", \(skipped) skipped" : "")
    }

    private static func run(file path: String, name: String) -> VectorFileResult {
        var result = VectorFileResult(name: name)
        guard let data = FileManager.default.contents(atPath: path) else {
            return refuse(&result, "cannot be read")
        }
        let document: VectorValue
        do {
            document = try JSONDecoder().decode(VectorValue.self, from: data)
        } catch {
            return refuse(&result, "is not valid JSON")
        }
        guard case .object(let object) = document, case .list(let cases) = object["cases"] else {
            return refuse(&result, "has no list `cases`")
        }
        var rounding = PrintedDecimals()
        for case .object(let entry) in cases { rounding.note(entry["expected"] ?? .null, field: "expected") }
        var skipped: [String: Int] = [:]
        for (index, entry) in cases.enumerated() {
            run(
                entry, index: index, directory: (path as NSString).deletingLastPathComponent, rounding: rounding,
                &result,
                &skipped)
        }
        result.skipped = skipped.keys.sorted().map { (operation: $0, cases: skipped[$0] ?? 0) }
        return result
    }

    private static func refuse(_ result: inout VectorFileResult, _ problem: String) -> VectorFileResult {
        result.error = problem
        result.failed = 1
        return result
    }

    private static func run(
        _ entry: VectorValue, index: Int, directory: String, rounding: PrintedDecimals,
        _ result: inout VectorFileResult,
        _ skipped: inout [String: Int]
    ) {
        var name = "cases[\(index)]"
        guard case .object(let object) = entry else { return fail(name, ["expected an object"], &result) }
        if case .text(let id) = object["id"] { name = id }
        guard case .object(let inputs) = object["inputs"], case .text(let operation) = inputs["op"] else {
            return fail(name, ["has no inputs.op"], &result)
        }
        guard case .object(let expected) = object["expected"] else {
            return fail(name, ["has no object `expected`"], &result)
        }
        var limits: [String: Double] = [:]
        if case .object(let tol) = object["tol"] { limits = tol.compactMapValues(\.double) }
        do {
            guard let found = try evaluate(operation, VectorInputs(values: inputs, directory: directory)) else {
                skipped[operation, default: 0] += 1
                return
            }
            let complaints = VectorTolerance(limits, rounding: rounding).complaints(
                path: "expected", field: "expected", expected: .object(expected), found: .object(found))
            if complaints.isEmpty { result.passed += 1 } else { fail(name, complaints, &result) }
        } catch {
            fail(name, [error.description], &result)
        }
    }

    private static func fail(_ name: String, _ complaints: [String], _ result: inout VectorFileResult) {
        result.failed += 1
        let more = complaints.count > 3 ? " (and \(complaints.count - 3) more)" : ""
        result.failures.append("\(name): " + complaints.prefix(3).joined(separator: "; ") + more)
    }

    /// Result of an operation, `nil` when no group knows it.
    private static func evaluate(
        _ operation: String, _ inputs: VectorInputs
    ) throws(VectorError) -> [String: VectorValue]? {
        if let result = try TransformerVectors.evaluate(operation, inputs) { return result }
        if let result = try ChargeCurveVectors.evaluate(operation, inputs) { return result }
        if let result = try ChargerVectors.evaluate(operation, inputs) { return result }
        if let result = try QueueingVectors.evaluate(operation, inputs) { return result }
        if let result = try LoadManagementVectors.evaluate(operation, inputs) { return result }
        if let result = try CompositeVectors.evaluate(operation, inputs) { return result }
        return operation == "site_scenario" ? try SiteScenarioVectors.evaluate(inputs) : nil
    }
}

/// Why a directory of vectors was refused.
public struct VectorDirectoryError: Error, CustomStringConvertible {
    public let directory: String
    public let problem: String
    public let fix: String
    public var description: String { "\(directory): \(problem)\n  fix: \(fix)" }
}
