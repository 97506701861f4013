import ArgumentParser
import Twin

struct CheckWorldCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-world", abstract: "Check world files and list everything that is wrong with them.")

    @Argument(help: "World files (YAML), or names of shipped worlds.", completion: .file(extensions: ["yaml", "yml"]))
    var worlds: [String]

    @Option(
        name: .customLong("set"),
        help: "Change a world key before checking, as in --set days=3; may be repeated (default: none).")
    var overrides: [String] = []

    func run() throws {
        try CommandFailure.translating {
            let pairs = try overrides.map(Override.parse)
            var failures: [String] = []
            for world in try worlds.map(ShippedWorlds.path) {
                do throws(WorldErrors) {
                    let spec = try WorldFile.load(path: world, overrides: pairs)
                    let stations = spec.sites.reduce(0) { $0 + $1.stations.count }
                    let evses = spec.sites.reduce(0) { $0 + $1.evseCount }
                    Terminal.out(
                        "\(world): ok, \(spec.sites.count) sites, \(stations) charging stations, \(evses) EVSEs")
                    for notice in spec.notices() { Terminal.error("\(world): warning: \(notice)") }
                } catch {
                    failures.append(error.description)
                }
            }
            if !failures.isEmpty { throw CommandFailure(code: .badInput, message: failures.joined(separator: "\n")) }
        }
    }
}
