import Testing

@testable import Sockets

@Suite("Sockets: wheel, addresses, limits")
struct LoopTests {
    @Test("every deadline comes once, not before its tick and in order, also several turns away")
    func wheel() {
        var wheel = TimerWheel(buckets: 16)
        let ticks: [Int64] = [1, 5, 5, 16, 17, 40, 100, 1000]
        for (slot, tick) in ticks.enumerated() {
            wheel.add(TimerWheel.Entry(slot: Int32(slot), generation: 0, tick: tick))
        }
        var came: [Int64] = []
        var now: Int64 = 0
        while now < 1100 {
            now += now % 7 + 1
            var due: [TimerWheel.Entry] = []
            wheel.advance(to: now, due: &due) { _ in true }
            for entry in due {
                #expect(entry.tick == ticks[Int(entry.slot)])
                #expect(entry.tick <= now)
            }
            came += due.map(\.tick)
        }
        #expect(came == ticks)
        #expect(wheel.count == 0)
    }

    @Test("a long halt does not lose deadlines")
    func wheelAfterHalt() {
        var wheel = TimerWheel(buckets: 8)
        for slot in 0..<100 { wheel.add(TimerWheel.Entry(slot: Int32(slot), generation: 0, tick: Int64(slot))) }
        var due: [TimerWheel.Entry] = []
        wheel.advance(to: 5000, due: &due) { _ in true }
        #expect(due.count == 100)
    }

    @Test("entries that nobody wants any more are dropped when their bucket comes round, due or not")
    func wheelDropsDisowned() {
        var wheel = TimerWheel(buckets: 8)
        for slot in 0..<1000 { wheel.add(TimerWheel.Entry(slot: Int32(slot), generation: 0, tick: 1_000_000)) }
        var due: [TimerWheel.Entry] = []
        wheel.advance(to: 8, due: &due) { $0.slot == 7 }
        #expect(due.isEmpty)
        #expect(wheel.count == 1)
    }

    @Test("loopback addresses are many, different and never a network's first or last")
    func addresses() {
        let spread = LoopbackAddresses(connectionsEach: 1)
        var seen: Set<String> = []
        for index in stride(from: 0, to: LoopbackAddresses.count, by: 997) {
            let address = spread.address(of: index)
            let parts = address.split(separator: ".").compactMap { Int($0) }
            #expect(parts.count == 4 && parts[0] == 127 && parts.allSatisfy { 0...255 ~= $0 })
            #expect(parts[1] >= 1 && 1...254 ~= parts[3])
            #expect(seen.insert(address).inserted)
        }
        #expect(LoopbackAddresses(connectionsEach: 100).address(of: 99) == "127.1.0.1")
        #expect(LoopbackAddresses(connectionsEach: 100).address(of: 100) == "127.1.0.2")
        #expect(spread.address(of: LoopbackAddresses.count) == spread.address(of: 0))
    }

    @Test("a file limit beyond the hard one is refused with what to do")
    func fileLimit() throws {
        try FileLimit.raise(to: 64)
        #expect(FileLimit.current >= 64)
        let error = #expect(throws: FileLimit.TooLow.self) { try FileLimit.raise(to: Int.max) }
        #expect(error?.description.contains("ulimit -Hn") == true)
    }
}

@Suite("Sockets: a TLS client's hello")
struct ClientHelloTests {
    /// A hello with these suites, signature schemes and versions.
    func hello(suites: [UInt16], schemes: [UInt16]?, versions: [UInt16] = []) -> [UInt8] {
        func counted(_ content: [UInt8], _ lengthBytes: Int) -> [UInt8] {
            (0..<lengthBytes).reversed().map { UInt8(content.count >> (8 * $0) & 0xff) } + content
        }
        func numbers(_ all: [UInt16]) -> [UInt8] { all.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] } }
        var extensions: [UInt8] = [0, 23] + counted([], 2)
        if let schemes { extensions += [0, 13] + counted(counted(numbers(schemes), 2), 2) }
        if !versions.isEmpty { extensions += [0, 43] + counted(counted(numbers(versions), 1), 2) }
        let body =
            [3, 3] + [UInt8](repeating: 7, count: 32) + counted([1, 2, 3], 1) + counted(numbers(suites), 2)
            + counted([0], 1) + counted(extensions, 2)
        return [1] + counted(body, 3)
    }

    func records(_ message: [UInt8], size: Int) -> [UInt8] {
        stride(from: 0, to: message.count, by: size).flatMap { start in
            let part = message[start..<min(message.count, start + size)]
            return [22, 3, 1, UInt8(part.count >> 8), UInt8(part.count & 0xff)] + part
        }
    }

    @Test("point 11: a client that can check ECDSA gets that certificate, another the RSA one")
    func chooses() {
        let cases: [([UInt16], [UInt16]?, [UInt16], Bool)] = [
            ([0xc02b, 0xc02f], [0x0403, 0x0401], [], true), ([0xc02f], [0x0403, 0x0401], [], false),
            ([0xc02b], [0x0401], [], false), ([0xc02b], nil, [], false),
            ([0x1301], [0x0403], [0x0304], true), ([0x1301], [0x0804], [0x0304], false),
            ([0x1301, 0xc02f], [0x0403, 0x0804], [0x0304, 0x0303], true),
        ]
        for (suites, schemes, versions, takesECDSA) in cases {
            let message = hello(suites: suites, schemes: schemes, versions: versions)
            for size in [1, 50, 16_000] {
                #expect(
                    ClientHello.read(records(message, size: size)) == .complete(ClientHello(takesECDSA: takesECDSA)))
            }
        }
    }

    @Test("every beginning of a hello is incomplete, and nothing else is taken for one")
    func beginnings() {
        let whole = records(hello(suites: [0xc02b], schemes: [0x0403]), size: 40)
        for count in 0..<whole.count { #expect(ClientHello.read(Array(whole[..<count])) == .incomplete, "\(count)") }
        #expect(ClientHello.read(bytes("GET / HTTP/1.1\r\n\r\n")) == .unreadable)
        #expect(ClientHello.read([22, 3, 1, 0, 4, 2, 0, 0, 0]) == .unreadable)
        #expect(ClientHello.read([22, 3, 1, 0, 0]) == .unreadable)
        #expect(ClientHello.read([22, 3, 1, 0, 4, 1, 0xff, 0xff, 0xff]) == .unreadable)
        #expect(ClientHello.read([22, 3, 1, 0, 6, 1, 0, 0, 2, 3, 3]) == .unreadable)
    }

    @Test("no bytes make the reader trap")
    func noise() {
        let whole = records(hello(suites: [0xc02b], schemes: [0x0403], versions: [0x0304]), size: 60)
        for index in whole.indices {
            for value: UInt8 in [0, 1, 0x7f, 0xff] {
                var changed = whole
                changed[index] = value
                _ = ClientHello.read(changed)
            }
        }
    }
}
