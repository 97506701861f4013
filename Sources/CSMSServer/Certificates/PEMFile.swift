internal import Foundation
internal import PKI

/// PEM files that the operator names.
enum PEMFile {
    /// Longest file that is read, bytes.
    private static let lengthMax = 1 << 20

    /// - Throws: ``ServerError`` when the file cannot be read.
    static func text(_ path: String, _ option: String) throws(ServerError) -> String {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8), text.utf8.count <= lengthMax else {
            throw ServerError(place: "\(option) \(path)", problem: "the file cannot be read", fix: "name a PEM file")
        }
        return text
    }

    /// The certificates of a file, at least one.
    ///
    /// - Throws: ``ServerError`` when the file cannot be read or holds none.
    static func certificates(_ path: String, _ option: String) throws(ServerError) -> [Certificate] {
        let text = try text(path, option)
        do {
            let certificates = try Certificate.chain(pem: text)
            guard !certificates.isEmpty else {
                throw PKIError("read a certificate", reason: "the file holds none")
            }
            return certificates
        } catch {
            throw ServerError(
                place: "\(option) \(path)", problem: "\(error)", fix: "name a PEM file with certificates")
        }
    }
}
