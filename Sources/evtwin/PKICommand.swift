import ArgumentParser
import Foundation
import PKI

struct PKICommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pki", abstract: "Make test keys and certificates: CSMS, charging stations, firmware.",
        discussion: "Also makes an expired and a foreign certificate, to see them refused. Not for production.")

    @Argument(help: "Directory to write to.", completion: .directory)
    var directory: String

    @Option(
        help:
            "Make the CSMS's certificate for this DNS name or address; may be repeated (default: localhost, 127.0.0.1, ::1)."
    )
    var host: [String] = []

    @Option(
        help:
            "Make certificates for so many charging stations (station-1, …), or for these identities, with commas between."
    )
    var stations = "1"

    @Option(help: "Make certificates valid for so many days, 1 to 36500.")
    var days = 365

    @Flag(help: "Replace files that exist.")
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
            throw CommandFailure(
                code: .badInput, message: "evtwin pki: \(error.description)\n  fix: \(Self.fix(error))")
        }
    }

    /// What to do about an operation that failed.
    private static func fix(_ error: PKIError) -> String {
        if error.reason.hasSuffix("exists") { return "give another directory, or overwrite the files with --force" }
        if error.reason.contains("host") { return "write --host NAME or --host ADDRESS, once for each" }
        if error.reason.contains("days") { return "write --days N, from 1 to 36500" }
        if error.reason.contains("identity") || error.reason.contains("station") {
            return "write --stations N, or --stations ID,ID,… of letters, digits, - _ . (at most 48), each once"
        }
        return "name a directory that you may write to, in one that exists"
    }
}
