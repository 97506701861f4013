extension Core {
    /// Asks whether a token may charge. Use cases C01 to C16.
    public struct AuthorizeRequest: Hashable, Sendable, BitwiseCopyable, Codable {
        public var idToken: IdToken

        @inlinable public init(idToken: IdToken) { self.idToken = idToken }
    }

    public struct AuthorizeResponse: Hashable, Sendable, BitwiseCopyable, Codable {
        public var idTokenInfo: IdTokenInfo

        @inlinable public init(idTokenInfo: IdTokenInfo) { self.idTokenInfo = idTokenInfo }
    }
}
