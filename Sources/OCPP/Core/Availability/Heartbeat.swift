extension Core {
    /// "I am here; what time is it?" Use case G02. The request has no fields.
    public struct HeartbeatRequest: Hashable, Sendable, BitwiseCopyable, Codable {
        @inlinable public init() {}
    }

    public struct HeartbeatResponse: Hashable, Sendable, BitwiseCopyable, Codable {
        /// The CSMS's clock.
        public var currentTime: Timestamp

        @inlinable public init(currentTime: Timestamp) { self.currentTime = currentTime }
    }
}
