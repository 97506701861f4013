import Logging
import OCPP
import Synchronization
import TestSupport
import Testing

@testable import CSMSServer

@Suite("Server: pieces")
struct PieceTests {
    @Test("a wheel calls every owner once, at the first tick not before its deadline")
    func wheel() {
        let start = Timestamp(microseconds: 1_000_000_000)
        var wheel = TimerWheel<Int>(now: start)
        var deadlines: [Int: Timestamp] = [:]
        var state: UInt64 = 7
        for owner in 0..<2000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let deadline = start.adding(microseconds: Int64(state >> 33) % 400_000_000)
            deadlines[owner] = deadline
            wheel.insert(owner, at: deadline)
        }
        var now = start
        var called: Set<Int> = []
        while wheel.count > 0 {
            now = now.adding(microseconds: TimerWheel<Int>.tickMicroseconds)
            var due: [Int] = []
            wheel.advance(to: now, due: &due)
            for owner in due {
                #expect(called.insert(owner).inserted)
                if let deadline = deadlines[owner] {
                    #expect(now >= deadline)
                    #expect(now.microseconds - deadline.microseconds <= 2 * TimerWheel<Int>.tickMicroseconds)
                }
            }
        }
        #expect(called.count == 2000)
    }

    @Test("a wheel that was not turned for long calls everybody at once")
    func lateWheel() {
        let start = Timestamp(microseconds: 0)
        var wheel = TimerWheel<Int>(now: start)
        for owner in 0..<100 { wheel.insert(owner, at: start.adding(seconds: Int64(owner * 7))) }
        wheel.insert(1000, at: .distantFuture)
        var due: [Int] = []
        wheel.advance(to: start.adding(seconds: 100_000), due: &due)
        #expect(due.sorted() == Array(0..<100))
    }

    @Test("a bucket of tokens lets a burst through and then its rate")
    func bucket() {
        let start = Timestamp(microseconds: 0)
        var bucket = TokenBucket(rate: 2, burst: 3, now: start)
        let taken = (0..<5).map { _ in bucket.take(now: start) }
        #expect(taken == [true, true, true, false, false])
        #expect(bucket.retryAfterS == 1)
        let later = bucket.take(now: start.adding(microseconds: 500_000))
        let tooSoon = bucket.take(now: start.adding(microseconds: 600_000))
        #expect(later && !tooSoon)
    }

    @Test(
        "text of a peer's making cannot forge a log line",
        arguments: [
            ("plain", "plain"), ("a\nb", "a\\u{a}b"), ("\u{1B}[2J", "\\u{1b}[2J"), ("é", "\\u{e9}"), ("\\", "\\\\"),
        ])
    func escaping(text: String, expected: String) {
        #expect(LogText.escaped(text) == expected)
        #expect(LogText.escaped(String(repeating: "x", count: 10_000)).utf8.count < 130)
    }

    @Test("log lines are one line each, as text and as JSON")
    func logLines() {
        let sink = Sink()
        for format in LogFormat.allCases {
            var logger = Logger(label: "test") { label in
                LineLogHandler(label: label, level: .info, format: format) { sink.add($0) }
            }
            logger[metadataKey: "a"] = "1"
            logger.info("two\nlines", metadata: ["b": "x \"y\""])
            logger.debug("too quiet")
        }
        let written = sink.all
        #expect(written.count == 2)
        #expect(written.allSatisfy { $0.hasSuffix("\n") && $0.filter { $0 == "\n" }.count == 1 })
        #expect(written[0].contains(#"info two\nlines a=1 b="x \"y\"""#))
        // Keys are sorted, those of the line itself among the fields.
        let sorted = #"{"a":"1","b":"x \"y\"","level":"info","logger":"test","message":"two\nlines","time":"2"#
        #expect(written[1].hasPrefix(sorted))
    }

    private final class Sink: Sendable {
        private let lines = Mutex<[String]>([])
        func add(_ line: String) { lines.withLock { $0.append(line) } }
        var all: [String] { lines.withLock { $0 } }
    }

    @Test("histograms count every value once")
    func histogram() {
        var histogram = Histogram(first: 1, buckets: 3)
        for value in [0.5, 1, 1.5, 3, 100] { histogram.add(value) }
        #expect(histogram.counts == [2, 1, 1, 1])
        #expect(histogram.ends == [1, 2, 4])
        #expect(histogram.count == 5)
        #expect(histogram.sum == 106)
    }

    @Test("an address whose host nobody knows is named with what to write", arguments: [true, false])
    func unknownHost(isStations: Bool) async throws {
        let directory = try ScratchDirectory()
        let error = await #expect(throws: ServerError.self) {
            try await TestServer.start(database: directory.path + "/a.sqlite") { settings in
                let nowhere = ListenAddress(host: "no.such.host.invalid", port: 0)
                if isStations { settings.listen = nowhere } else { settings.http = nowhere }
            }
        }
        #expect(error?.place == "\(isStations ? "--listen" : "--http") no.such.host.invalid:0")
        #expect(error?.problem == "the host cannot be found")
    }

    @Test("a ping is to be answered within its interval, five seconds at least and thirty at most")
    func pongTime() {
        var settings = ServerSettings(database: "x")
        for (interval, time) in [(1, 5), (5, 5), (20, 20), (60, 30), (0, 5)] {
            settings.pingIntervalS = interval
            #expect(settings.pongTimeoutS == time)
        }
    }

    @Test("addresses are read with and without brackets")
    func addresses() {
        #expect(ListenAddress("127.0.0.1:9000") == ListenAddress(host: "127.0.0.1", port: 9000))
        #expect(ListenAddress("[::1]:0") == ListenAddress(host: "::1", port: 0))
        #expect(ListenAddress("[::1]:0")?.description == "[::1]:0")
        for bad in ["127.0.0.1", ":9000", "::1:9000", "host:70000", "host:x"] {
            #expect(ListenAddress(bad) == nil, "\(bad)")
        }
    }
}
