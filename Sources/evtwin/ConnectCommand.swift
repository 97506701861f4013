import ArgumentParser
import Foundation
import LoadTest
import OCPP
import Twin

struct ConnectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connect", abstract: "Connect the charging stations of a world to a real CSMS over WebSockets.",
        discussion: """
            Every station is a client of its own, driven by its firmware; drivers, vehicles, meters and failures are those
            of the world, by the wall clock. The station id in the world is the identity in the URL.

            Example: evtwin connect ws://127.0.0.1:9000/ocpp --world worlds/tiny.yaml --ocpp 2.0.1 --speed 60
            """)

    @Argument(help: "Endpoint of the CSMS, ws://… or wss://…; /IDENTITY is appended.")
    var url: String

    @Option(
        help: "Take the stations of this world file (YAML), or of the shipped world of this name.",
        completion: .file(extensions: ["yaml", "yml"]))
    var world: String

    @Option(help: "Speak this version of OCPP: 1.6, 2.0.1 or 2.1.")
    var ocpp = "2.0.1"

    @Option(help: "Use this security profile: 0 none, 1 password, 2 TLS and password, 3 TLS and client certificate.")
    var profile = 0

    @Option(help: "Give every station this password, for profiles 1 and 2 (default: none).")
    var password = ""

    @Option(
        help: "Trust the roots in this PEM file alone for the CSMS's certificate (default: the system's).",
        completion: .file())
    var ca: String?

    @Option(
        help: "Take IDENTITY.pem and IDENTITY.key from this directory, for profile 3 (default: none).",
        completion: .directory)
    var clientCerts: String?

    @Option(help: "Connect at most so many stations, from 1 (default: all of the world).")
    var stations: Int?

    @Option(help: "Simulate so many seconds a second, 0.01 to 1000.")
    var speed = 1.0

    @Option(help: "Begin at this hour after the world's start, 0 to 8760.")
    var startHour = 8.0

    @Option(help: "End after so many seconds, above 0 (default: on Ctrl-C).")
    var duration: Double?

    @Option(help: "Switch on so many stations a second, 0.001 to 1000000.")
    var ramp = 200.0

    @Option(help: "Use 1 to 256 event loops (default: the machine's processors).")
    var threads: Int?

    @Option(help: "Draw every random stream from this seed, a whole number from 0 (default: the world's).")
    var seed: UInt64?

    @Option(help: "Put this text before each identity (default: none).")
    var prefix = ""

    @Option(help: "Ping every so many seconds, 0 to 86400, 0 for never; the answer may take as long, 5 to 30 s.")
    var ping = 60

    @Flag(help: "Offer compression (permessage-deflate).")
    var deflate = false

    @Option(help: "Cut the stations' power once, after so many seconds (default: never); they start anew together.")
    var powerCutAfter: Double?

    @Option(help: "Cut the power of so many stations, from 1 (default: all).")
    var powerCutStations: Int?

    @Flag(help: "Print one JSON object as the last line.")
    var json = false

    @Option(
        name: .customLong("set"),
        help: "Change a world key, as in --set csms.heartbeat_interval_s=60; may be repeated (default: none).")
    var overrides: [String] = []

    func run() throws {
        guard let version = OCPPVersion(rawValue: "ocpp" + ocpp) else {
            throw CommandFailure(
                code: .badInput, message: "--ocpp \(ocpp): no version of OCPP\n  fix: write 1.6, 2.0.1 or 2.1")
        }
        let spec = try CommandFailure.translating {
            try WorldFile.load(path: try ShippedWorlds.path(world), overrides: try overrides.map(Override.parse))
        }
        for notice in spec.notices() { Terminal.error("warning: \(notice)") }
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
        if let failure = LoadReport.failure(summary, url: url) { throw CommandFailure(code: .failed, message: failure) }
    }
}
