import TestSupport
import Testing
import Twin

@testable import LoadTest

@Suite("Options of a load test")
struct ConnectOptionsTests {
    private static func complaints(
        _ url: String = "ws://127.0.0.1:9000", _ change: (inout ConnectOptions) -> Void
    ) -> [String] {
        var options = ConnectOptions(url: url)
        change(&options)
        return options.complaints(worldHours: 24)
    }

    @Test("numbers that are none, or beyond what makes sense, are complained of with the option's name")
    func numbers() {
        let cases: [(String, (inout ConnectOptions) -> Void)] = [
            ("--duration", { $0.durationS = .nan }), ("--duration", { $0.durationS = .infinity }),
            ("--duration", { $0.durationS = 0 }), ("--speed", { $0.speed = .nan }), ("--ramp", { $0.rampPerS = .nan }),
            ("--ramp", { $0.rampPerS = 1e300 }), ("--start-hour", { $0.startHour = 24 }),
            ("--start-hour", { $0.startHour = .nan }), ("--power-cut-after", { $0.powerCutAfterS = .nan }),
            ("--power-cut-stations", { $0.powerCutStations = -1 }), ("--ping", { $0.pingIntervalS = -1 }),
            ("--threads", { $0.threads = 0 }),
        ]
        for (option, change) in cases {
            let found = Self.complaints { change(&$0) }
            #expect(found.count == 1 && found[0].hasPrefix(option), "\(option): \(found)")
        }
        #expect(Self.complaints { $0.startHour = 23.9 } == [])
        #expect(ConnectOptions(url: "ws://a", startHour: 99).complaints(worldHours: 168) == [])
    }

    @Test("a password with control characters is complained of, without being shown")
    func password() {
        let found = Self.complaints {
            $0.profile = 1
            $0.password = "secret\nsecret-secret"
        }
        #expect(found.count == 1 && found[0].hasPrefix("--password") && !found[0].contains("secret"))
    }

    @Test("client certificates that are missing are told of before anything is connected")
    func clientCertificates() throws {
        let world = try WorldFile.load(path: Repository.path("worlds/tiny.yaml"), overrides: [])
        let directory = try ScratchDirectory()
        func problem(_ folder: String) -> String? {
            let options = ConnectOptions(
                url: "wss://localhost:1", profile: 3, clientCertificates: folder, durationS: 1, threads: 1)
            do {
                _ = try LoadTest(world: world, options: options)
                return nil
            } catch {
                return "\(error)"
            }
        }
        #expect(problem("/nope")?.contains("--client-certs /nope: no such folder") == true)
        let text = problem(directory.path) ?? ""
        #expect(text.contains("stations have no certificate there") && text.contains(".pem"), "\(text)")
    }
}
