import Foundation
import TestSupport
import Testing

@Suite("Tidy: repeatability")
struct DeterminismTests {
    /// What breaks repeatability, and what to use.
    static let banned: [(pattern: String, instead: String)] = [
        (#"\bDate\(\)"#, "the time that is passed in"), (#"\bUUID\(\)"#, "an identity made from the seed"),
        (#"\bContinuousClock\b"#, "SimTime"), (#"\bSuspendingClock\b"#, "SimTime"),
        (#"\.random\(in"#, "a RandomStream named by its purpose"), (#"\.shuffled\(\)"#, "a RandomStream"),
        (#"\.randomElement\(\)"#, "a RandomStream"), (#"\bSystemRandomNumberGenerator\b"#, "a RandomStream"),
        (#"\bhashValue\b"#, "a stable hash"), (#"\bHasher\(\)"#, "a stable hash"),
        (#"^\s*(internal |public )?import Foundation"#, "the standard library"),
        (#"\basync\b|\bawait\b"#, "a plain call: nothing waits between two events"),
    ]

    @Test(
        "Sim, Models, CSMS and OCPP use nothing that differs from run to run",
        arguments: ["Sim", "Models", "CSMS", "OCPP", "OCPPMessages", "OCPPWire"])
    func noBannedNames(target: String) throws {
        for file in Repository.swiftFiles(under: "Sources/\(target)") {
            let lines = try String(contentsOf: file, encoding: .utf8).split(
                separator: "\n", omittingEmptySubsequences: false)
            for (number, line) in lines.enumerated() where !line.drop(while: { $0 == " " }).hasPrefix("//") {
                for (pattern, instead) in Self.banned where line.range(of: pattern, options: .regularExpression) != nil
                {
                    Issue.record("\(file.path):\(number + 1): \(pattern) breaks determinism; use \(instead)")
                }
            }
        }
    }

    @Test(
        "transcendental functions come from Sim.Math alone",
        arguments: ["Models", "CSMS", "OCPP", "OCPPMessages", "OCPPWire", "Twin"])
    func oneDoorToMath(target: String) throws {
        for file in Repository.swiftFiles(under: "Sources/\(target)") {
            let lines = try String(contentsOf: file, encoding: .utf8).split(
                separator: "\n", omittingEmptySubsequences: false)
            for (number, line) in lines.enumerated() where !line.drop(while: { $0 == " " }).hasPrefix("//") {
                let found = line.range(
                    of: #"(?<![\w.])(exp|log|pow|sin|cos|tan|log1p|expm1)\("#, options: .regularExpression)
                if let found, !line[..<found.lowerBound].hasSuffix("func ") {
                    Issue.record(
                        "\(file.path):\(number + 1): may differ between C libraries; use Math.\(line[found])…)")
                }
            }
        }
    }
}
