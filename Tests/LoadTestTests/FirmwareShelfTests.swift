import NIOCore
import NIOPosix
import Testing

@testable import LoadTest

@Suite("Firmware that stations offer")
struct FirmwareShelfTests {
    @Test("an image can be fetched as long as one station offers it")
    func offered() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let shelf = FirmwareShelf()
        let image = Array("firmware\n".utf8) + [0, 255]
        let url = try await shelf.offer(image, md5: "ab", of: "A", on: loop).get()
        #expect(try await shelf.offer(image, md5: "ab", of: "B", on: loop).get() == url)
        let transfer = HTTPTransfer(eventLoop: loop)
        #expect(try await transfer.get(url).get() == image)
        shelf.withdraw(md5: "ab", of: "A")
        #expect(try await transfer.get(url).get() == image)
        shelf.withdraw(md5: "ab", of: "B")
        await #expect(throws: HTTPTransfer.Failure.self) { try await transfer.get(url).get() }
        await #expect(throws: HTTPTransfer.Failure.self) { try await transfer.get(url + "/../..").get() }
        try await group.shutdownGracefully()
    }
}
