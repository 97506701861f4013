import Foundation
import Testing

@testable import Twin

@Suite("Validation vectors")
struct VectorTests {
    private static let directory = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../reference/vectors").standardized.path

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
}
