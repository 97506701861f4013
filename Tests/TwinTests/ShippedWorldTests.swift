import Foundation
import Testing

@testable import Twin

@Suite("Shipped worlds by name")
struct ShippedWorldTests {
    /// An installation as the package makes it, with two worlds.
    private func installation() throws -> ScratchFiles {
        let scratch = try ScratchFiles()
        for folder in ["bin", "share/evtwin/worlds/data"] {
            try FileManager.default.createDirectory(
                atPath: scratch.directory + folder, withIntermediateDirectories: true)
        }
        for file in ["bin/evtwin", "share/evtwin/worlds/seattle.yaml", "share/evtwin/worlds/tiny.yaml"] {
            _ = try scratch.write(file, "")
        }
        return scratch
    }

    @Test("a name finds the world beside the installed program")
    func installed() throws {
        let scratch = try installation()
        defer { scratch.remove() }
        let directory = try #require(ShippedWorlds.directory(program: scratch.directory + "bin/evtwin"))
        #expect(ShippedWorlds.names(in: directory) == ["seattle", "tiny"])
        #expect(ShippedWorlds.choose("seattle", in: directory) == .shipped(directory + "/seattle.yaml"))
        #expect(ShippedWorlds.choose("seatle", in: directory) == .unknown(names: ["seattle", "tiny"]))
        #expect(ShippedWorlds.suggestion("seatle", among: ["seattle", "tiny"]) == "did you mean seattle?")
    }

    @Test("in a clone it finds worlds/ of the clone")
    func clone() throws {
        let program = ProjectFiles.root + ".build/x86_64-unknown-linux-gnu/release/evtwin"
        let directory = try #require(ShippedWorlds.directory(program: program))
        #expect(directory == ProjectFiles.root + "worlds")
        #expect(ShippedWorlds.choose("tiny", in: directory) == .shipped(ProjectFiles.root + "worlds/tiny.yaml"))
    }

    @Test("a file wins over a shipped world, and a path is never looked up")
    func files() throws {
        let scratch = try installation()
        defer { scratch.remove() }
        let directory = scratch.directory + "share/evtwin/worlds"
        #expect(ShippedWorlds.choose("Package.swift.none/tiny", in: directory) == .file("Package.swift.none/tiny"))
        #expect(ShippedWorlds.choose("tiny.yaml", in: directory) == .file("tiny.yaml"))
        let own = try scratch.write("mine", "name: mine\n")
        #expect(ShippedWorlds.choose(own, in: directory) == .file(own))
        #expect(ShippedWorlds.choose("tiny", in: nil) == .unknown(names: []))
    }
}
