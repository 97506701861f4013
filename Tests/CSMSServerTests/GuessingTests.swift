import NIOCore
import OCPP
import Sockets
import Testing

@testable import CSMSServer

@Suite("Server: guessed passwords")
struct GuessingTests {
    private static let now = Timestamp(microseconds: 1_000_000_000)

    private static func network(_ number: Int) -> PeerNetwork {
        PeerNetwork(address: [10, UInt8(number >> 16 & 255), UInt8(number >> 8 & 255), UInt8(number & 255)])
    }

    @Test("wrong passwords of one network do not keep another out, and all of them together are bounded")
    func networks() {
        var limit = GuessLimit()
        let guesses = (0..<100).map { _ in limit.take(from: Self.network(1), now: Self.now) }
        #expect(guesses.count { $0 } == 5)
        let other = limit.take(from: Self.network(2), now: Self.now)
        #expect(other)
        let many = (3..<10_000).count { limit.take(from: Self.network($0), now: Self.now) }
        #expect(many > 10 && many <= 60)
        let later = limit.take(from: Self.network(20_000), now: Self.now.adding(seconds: 5))
        #expect(later)
    }

    @Test("the network that the right password came from last is never kept out by others")
    func trusted() {
        var limit = GuessLimit()
        limit.trust(Self.network(1))
        for number in 2..<1000 { _ = limit.take(from: Self.network(number), now: Self.now) }
        let stranger = limit.take(from: Self.network(1000), now: Self.now)
        let own = (0..<6).map { _ in limit.take(from: Self.network(1), now: Self.now) }
        #expect(!stranger)
        #expect(own == [true, true, true, true, true, false])
    }

    @Test("an IPv6 address counts by the part that is given to a peer, a mapped IPv4 address as what it is")
    func addresses() {
        let prefix: [UInt8] = [0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 1]
        let one = PeerNetwork(address: prefix + [0, 0, 0, 0, 0, 0, 0, 1])
        #expect(one == PeerNetwork(address: prefix + [9, 9, 9, 9, 9, 9, 9, 9]))
        #expect(one != PeerNetwork(address: [0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 2] + [0, 0, 0, 0, 0, 0, 0, 1]))
        let mapped: [UInt8] = Array(repeating: 0, count: 10) + [0xFF, 0xFF, 192, 0, 2, 1]
        #expect(PeerNetwork(address: mapped) == PeerNetwork(address: [192, 0, 2, 1]))
        #expect(PeerNetwork(try? .init(ipAddress: "192.0.2.1", port: 1)) == PeerNetwork(address: [192, 0, 2, 1]))
        #expect(PeerNetwork(try? .init(ipAddress: "2001:db8:0:1::7", port: 1)) == one)
    }

    @Test("somebody who guesses does not lock the charging station out, also when it has not been here before")
    func lockedOut() async throws {
        try await withServer(TestSettings { $0.profile = .basic }) { server in
            let password = "correct-horse-battery"
            _ = try await server.http("PUT", "/stations/G", body: #"{"password":"\#(password)"}"#)
            var refusals: [Int] = []
            for number in 0..<10 {
                do {
                    try await TestStation.connect(server, "G", password: [UInt8(number)], from: "127.0.0.2")
                } catch ConnectFailure.refused(let status, _) {
                    refusals.append(status)
                }
            }
            #expect(refusals.first == 401 && refusals.last == 429)
            let station = try await TestStation.connect(server, "G", password: Array(password.utf8), from: "127.0.0.3")
            await station.leave()
        }
    }
}
