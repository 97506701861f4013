import ArgumentParser
import Foundation
import PKI

struct PKICommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pki", abstract: "Make keys and certificates for tests: CSMS, charging stations, firmware.",
        discussion: "Also makes an expired and a foreign certificate, to see them refused. Not for production.")

    @Argument(help: "Directory to write to.", completion: .directory)
    var directory: String

    @Option(help: "DNS name or address of the CSMS; may be given several times.")
    var host: [String] = []

    @Option(help: "Number of charging stations (station-1, station-2, …), or their identities with commas between.")
    var stations = "1"

    @Option(help: "Days for which the certificates are valid.")
    var days = 365

    @Flag(help: "Overwrite files that exist.")
    var force = false

    func run() throws {
        var options = TestPKI.Options()
        if !host.isEmpty { options.hosts = host }
        options.stations = TestPKI.Options.stations(text: stations)
        options.days = days
        do throws(PKIError) {
            let pki = try TestPKI(options, now: Int64(Date().timeIntervalSince1970))
            try pki.write(to: directory, force: force)
            Terminal.out(pki.listing)
        } catch {
            throw CommandFailure(code: .badInput, message: error.description)
        }
    }
}
