/// The two places for firmware, of which one runs: an update goes to the other, so that there is always a way back.
struct FirmwarePartitions: Sendable, Codable, Equatable {
    /// What a partition holds.
    enum Content: Sendable, Codable, Equatable {
        case empty
        /// Being written, or cut off while it was.
        case incomplete
        /// Written, read back, and not yet proven.
        case untested(sha256: String)
        /// Has run and passed its self-test.
        case proven(sha256: String)
        /// Failed its self-test.
        case failed(sha256: String)
    }

    /// Of partition 0 and 1.
    private(set) var contents: [Content]
    /// The partition that runs.
    private(set) var active = 0
    var inactive: Int { 1 - active }

    /// - Parameter sha256: of the firmware that runs, in hexadecimal; empty when it is not known.
    init(sha256: String = "") { contents = [.proven(sha256: sha256), .empty] }

    mutating func beginWriting() { contents[inactive] = .incomplete }
    /// What can be read back is compared with what was downloaded. Returns whether it is the same.
    mutating func written(sha256: String, expected: String) -> Bool {
        guard sha256.lowercased() == expected.lowercased(), !expected.isEmpty else { return false }
        contents[inactive] = .untested(sha256: sha256)
        return true
    }
    /// The firmware in the inactive partition has run and passed its test: it is the one from now on.
    mutating func switchOver() {
        guard case .untested(let sha256) = contents[inactive] else { return }
        contents[inactive] = .proven(sha256: sha256)
        active = inactive
    }
    /// It failed its test: the one before goes on running.
    mutating func rollBack() {
        guard case .untested(let sha256) = contents[inactive] else { return }
        contents[inactive] = .failed(sha256: sha256)
    }
}
