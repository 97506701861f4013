import ArgumentParser
import Foundation
import LoadTest
import OCPP
import Twin

struct ConnectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connect", abstract: "Put the charging stations of a world on a real CSMS, over WebSockets.",
        discussion: """
            Every station is a client of its own, driven by its firmware; drivers, vehicles, meters and failures are those
            of the world, by the wall clock. The station id in the world is the identity in the URL.

            Example: evtwin connect ws://127.0.0.1:9000/ocpp --world worlds/tiny.yaml --ocpp 2.0.1 --speed 60
            """)

    @Argument(help: "The CSMS's endpoint, ws://… or wss://…; /IDENTITY is appended.")
    var url: String

    @Option(help: "World file (YAML), or the name of a shipped world.", completion: .file(extensions: ["yaml", "yml"]))
    var world: String

    @Option(help: "Version: 1.6, 2.0.1 or 2.1.")
    var ocpp = "2.0.1"

    @Option(help: "Security profile: 0 none, 1 password, 2 TLS and password, 3 TLS and client certificate.")
    var profile = 0

    @Option(help: "Password of every station, for profiles 1 and 2.")
    var password = ""

    @Option(help: "Roots that the CSMS's certificate must lead to (default: the system's).", completion: .file())
    var ca: String?

    @Option(help: "Folder of IDENTITY.pem and IDENTITY.key, for profile 3.", completion: .directory)
    var clientCerts: String?

    @Option(help: "Connect at most so many stations.")
    var stations: Int?

    @Option(help: "Simulated seconds a second, 0.01 to 1000.")
    var speed = 1.0

    @Option(help: "Hour of the world's first day at which the test begins.")
    var startHour = 8.0

    @Option(help: "End after so many seconds (default: on Ctrl-C).")
    var duration: Double?

    @Option(help: "Stations switched on a second.")
    var ramp = 200.0

    @Option(help: "Event loops (default: the machine's processors).")
    var threads: Int?

    @Option(help: "Seed of every random stream (default: the world's).")
    var seed: UInt64?

    @Option(help: "Text put before each identity.")
    var prefix = ""

    @Option(help: "Seconds between WebSocket pings; 0 for none. An answer has as long, 5 to 30 seconds.")
    var ping = 60

    @Flag(help: "Offer permessage-deflate.")
    var deflate = false

    @Option(help: "Cut the stations' power once, after so many seconds; they start anew together.")
    var powerCutAfter: Double?

    @Option(help: "Stations that the power cut is about (default: all).")
    var powerCutStations: Int?

    @Flag(help: "Print one JSON object as the last line.")
    var json = false

    @Option(name: .customLong("set"), help: "Change a world key, as in --set csms.heartbeat_interval_s=60.")
    var overrides: [String] = []

    func run() throws {
        guard let version = OCPPVersion(rawValue: "ocpp" + ocpp) else {
            throw CommandFailure(code: .badInput, message: "--ocpp \(ocpp): expected 1.6, 2.0.1 or 2.1")
        }
        if let stations, stations < 1 {
            throw CommandFailure(code: .badInput, message: "--stations \(stations): expected 1 or more")
        }
        let spec = try CommandFailure.translating {
            try WorldFile.load(path: try ShippedWorlds.path(world), overrides: try overrides.map(Override.parse))
        }
        let options = ConnectOptions(
            url: url, version: version, profile: profile, password: password, roots: ca,
            clientCertificates: clientCerts, stationsMax: stations, speed: speed, startHour: startHour,
            durationS: duration, rampPerS: ramp,
            threads: threads ?? ProcessInfo.processInfo.activeProcessorCount, seed: seed, prefix: prefix,
            pingIntervalS: ping, compresses: deflate, powerCutAfterS: powerCutAfter,
            powerCutStations: powerCutStations)
        let test: LoadTest
        do {
            test = try LoadTest(world: spec, options: options)
        } catch let error as LoadTestError {
            throw CommandFailure(code: .badInput, message: error.description)
        }
        Interrupt.watch()
        let isShown = Terminal.isInteractive && !json
        let summary = test.run(
            progress: { if isShown { Terminal.status(LoadReport.line($0)) } }, shouldStop: { Interrupt.wasAsked })
        if isShown { Terminal.status("") }
        test.shutdown()
        Terminal.out(
            json
                ? LoadReport.json(summary, stations: test.stationCount)
                : LoadReport.text(summary, stations: test.stationCount))
        if summary.measurements.connectsOpened == 0 {
            throw CommandFailure(code: .failed, message: "no station could connect; see the reasons above")
        }
    }
}
