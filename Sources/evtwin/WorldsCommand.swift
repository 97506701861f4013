import ArgumentParser
import Foundation
import Twin

struct WorldsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worlds", abstract: "List the shipped worlds: name and file.",
        discussion: """
            `evtwin run NAME` runs one. To change one, write a world that extends its file:
              extends: /usr/share/evtwin/worlds/seattle.yaml
            """)

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        guard let directory = ShippedWorlds.directory() else {
            throw CommandFailure(
                code: .failed,
                message: "no shipped worlds beside \(ShippedWorlds.programPath())\n"
                    + "  fix: keep share/evtwin beside the program's folder bin, as the package has it")
        }
        let names = ShippedWorlds.names(in: directory)
        guard !json else {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let files = Dictionary(uniqueKeysWithValues: names.map { ($0, "\(directory)/\($0).yaml") })
            Terminal.out(String(decoding: try encoder.encode(files), as: UTF8.self))
            return
        }
        let width = (names.map(\.count).max() ?? 0) + 2
        for name in names {
            Terminal.out("\(name.padding(toLength: width, withPad: " ", startingAt: 0))\(directory)/\(name).yaml")
        }
    }
}

extension ShippedWorlds {
    /// The file that a world argument stands for.
    static func path(_ argument: String) throws -> String {
        switch choose(argument) {
        case .file(let path), .shipped(let path): return path
        case .unknown(let names):
            let place = names.isEmpty ? "no file of that name" : "neither a file nor a shipped world"
            let fix = names.isEmpty ? "write the path of a world file" : suggestion(argument, among: names)
            throw CommandFailure(code: .badInput, message: "\(argument): \(place)\n  fix: \(fix)")
        }
    }
}
