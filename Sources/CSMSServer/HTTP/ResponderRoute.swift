internal import HTTPTypes
internal import Hummingbird
internal import OCPP
internal import PKI

/// `/ocsp`: answers OCSP requests over HTTP about the certificates of the authorities that the server holds.
/// - Source: RFC 6960 appendix A.1.
struct ResponderRoute: Sendable {
    let checks: CertificateChecks

    /// Longest request that is read, bytes of DER: sixteen certificates and a nonce take far less.
    static let requestMax = 8192

    /// The body is the request's DER.
    func post(_ request: Request) async throws -> Response {
        try await answer(try await APIJSON.bytes(of: request, limit: Self.requestMax))
    }

    /// The last part of the path is the request's DER in base64, percent-encoded.
    func get(_ text: String) async throws -> Response {
        guard text.utf8.count <= 2 * Self.requestMax, let bytes = ByteText.bytes(base64: text) else {
            return try await answer([])
        }
        return try await answer(bytes)
    }

    /// There is an answer to everything: what cannot be read is told so in the protocol's words.
    private func answer(_ request: [UInt8]) async throws -> Response {
        let response = try await checks.answer(request, at: WallClock.now.microseconds / 1_000_000)
        return Response(
            status: .ok, headers: [.contentType: "application/ocsp-response"],
            body: .init(byteBuffer: ByteBuffer(bytes: response)))
    }
}
