/// What the writer has done.
struct WriterFigures: Sendable {
    /// Entries per committed transaction.
    var batchSizes = Histogram(first: 1, buckets: 13)
    /// Seconds per transaction.
    var commitTimes = Histogram(first: 0.0001, buckets: 16)
    var entries: UInt64 = 0
    var errors: UInt64 = 0
}
