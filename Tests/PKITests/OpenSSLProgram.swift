import Foundation
import TestSupport

/// The `openssl` command line, an independent reader of what this project writes.
struct OpenSSLProgram {
    private static let path = ["/usr/bin/openssl", "/usr/local/bin/openssl", "/opt/homebrew/bin/openssl"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }
    static var isInstalled: Bool { path != nil }

    /// Exit status and everything printed.
    struct Result {
        let status: Int32
        let text: String
    }

    static func run(_ arguments: [String]) throws -> Result {
        let process = Process()
        process.executableURL = URL(filePath: path ?? "")
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Result(status: process.terminationStatus, text: String(decoding: data, as: UTF8.self))
    }
}

extension ScratchDirectory {
    /// Writes a file and gives its path.
    func file(_ name: String, _ bytes: [UInt8]) throws -> String {
        let url = URL(filePath: path).appending(path: name)
        try Data(bytes).write(to: url)
        return url.path
    }
    func file(_ name: String, _ text: String) throws -> String { try file(name, Array(text.utf8)) }
}
