internal import Foundation
internal import Models
internal import Sockets

/// Client certificates by station: `<identity>.pem` and `<identity>.key` in one folder, as `evtwin pki` writes them.
final class ClientIdentities: Sendable {
    private let folder: String

    /// - Throws: ``LoadTestError`` where the folder or a file for one of the stations is missing.
    init(folder: String, stations: [String]) throws(LoadTestError) {
        self.folder = folder
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
            throw LoadTestError(
                "--client-certs \(folder): no such folder", fix: "make one with evtwin pki (its folder stations)")
        }
        let without = stations.filter { station in
            ["pem", "key"].contains { !FileManager.default.isReadableFile(atPath: "\(folder)/\(station).\($0)") }
        }
        guard let first = without.first else { return }
        throw LoadTestError(
            "--client-certs \(folder): \(without.count) of \(stations.count) stations have no certificate there, the "
                + "first is \(first)",
            fix: "put \(first).pem and \(first).key into it, as evtwin pki --stations makes them")
    }

    /// Made anew for every connection: a station dials seldom, and thousands of contexts would be kept for nothing.
    /// - Parameter renewed: signed by the CSMS since, in place of the files.
    func tls(for identity: String, _ renewed: StationCredential?, roots: String?) throws -> ClientTLS {
        let chain: PEMSource =
            renewed.map { .bytes(Array($0.chain.utf8)) } ?? .file("\(folder)/\(identity).pem")
        let key: PEMSource = renewed.map { .bytes(Array($0.key.utf8)) } ?? .file("\(folder)/\(identity).key")
        let certificate = try TLSIdentity(certificateChain: chain, privateKey: key)
        return try ClientTLS(roots: roots.map { .pem(.file($0)) } ?? .system, identity: certificate)
    }
}
