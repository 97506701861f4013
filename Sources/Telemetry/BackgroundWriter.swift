#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A finished piece of telemetry on its way to the file.
enum WriteJob: Sendable {
    case series(group: Int, firstSample: Int, sampleCount: Int, values: [[Float]])
    /// Whole chunks of all columns, padded; `rowCount` rows of them count.
    case rows(table: Int, firstRow: Int, rowCount: Int, columns: [[UInt8]])

    var byteCount: Int {
        switch self {
        case .series(_, _, _, let values): values.reduce(0) { $0 + $1.count * 4 }
        case .rows(_, _, _, let columns): columns.reduce(0) { $0 + $1.count }
        }
    }
}

/// A thread that compresses and writes jobs in the order in which they come, from a bounded queue.
final class BackgroundWriter: @unchecked Sendable {
    /// Bytes that may wait before ``submit(_:)`` blocks; a single larger job passes when the queue is empty.
    private static let queueBytes = 64 << 20

    // `file` belongs to the thread while jobs are pending, and to the caller after `drain`. The rest is guarded by
    // the monitor.
    private let file: ChunkFile
    private let monitor = Monitor()
    private var jobs: [WriteJob] = []
    private var waitingBytes = 0
    private var isBusy = false
    private var isStopping = false
    private var failure: HDF5Failure?
    private var thread = pthread_t?.none

    init(file: ChunkFile) {
        self.file = file
    }

    /// Starts the thread; it lives until ``stop()``.
    func start() {
        let context = Unmanaged.passRetained(self).toOpaque()
        var started = pthread_t?.none
        #if canImport(Glibc)
        var identifier = pthread_t()
        let status = pthread_create(
            &identifier, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<BackgroundWriter>.fromOpaque(context).takeRetainedValue().work()
                return nil
            }, context)
        started = identifier
        #else
        let status = pthread_create(
            &started, nil,
            { context in
                Unmanaged<BackgroundWriter>.fromOpaque(context).takeRetainedValue().work()
                return nil
            }, context)
        #endif
        precondition(status == 0, "the system gives one more thread: \(DiskFile.words(status))")
        thread = started
    }

    /// Hands a job over; blocks while the queue is full.
    func submit(_ job: WriteJob) throws(HDF5Failure) {
        let bytes = job.byteCount
        try monitor.locked { () throws(HDF5Failure) in
            while failure == nil && waitingBytes > 0 && waitingBytes + bytes > BackgroundWriter.queueBytes {
                monitor.wait()
            }
            if let failure { throw failure }
            jobs.append(job)
            waitingBytes += bytes
            monitor.announce()
        }
    }

    /// Blocks until everything submitted is in the file.
    func drain() throws(HDF5Failure) {
        try monitor.locked { () throws(HDF5Failure) in
            while failure == nil && (isBusy || !jobs.isEmpty) { monitor.wait() }
            if let failure { throw failure }
        }
    }

    /// Lets the thread write what waits, ends it and takes the file back.
    func stop() {
        guard let thread else { return }
        monitor.locked {
            isStopping = true
            monitor.announce()
        }
        pthread_join(thread, nil)
        self.thread = nil
    }

    private func work() {
        while let batch = next() {
            for job in batch {
                do throws(HDF5Failure) {
                    try write(job)
                    monitor.locked {
                        waitingBytes -= job.byteCount
                        monitor.announce()
                    }
                } catch {
                    fail(error)
                    return
                }
            }
        }
    }

    private func next() -> [WriteJob]? {
        monitor.locked {
            isBusy = false
            monitor.announce()
            while jobs.isEmpty && !isStopping { monitor.wait() }
            guard !jobs.isEmpty else { return nil }
            isBusy = true
            defer { jobs = [] }
            return jobs
        }
    }

    private func write(_ job: WriteJob) throws(HDF5Failure) {
        switch job {
        case .series(let group, let firstSample, let sampleCount, let values):
            try file.append(series: group, firstSample: firstSample, sampleCount: sampleCount, values: values)
        case .rows(let table, let firstRow, let rowCount, let columns):
            try file.append(rows: table, firstRow: firstRow, rowCount: rowCount, columns: columns)
        }
    }

    private func fail(_ error: HDF5Failure) {
        monitor.locked {
            failure = error
            jobs = []
            isBusy = false
            monitor.announce()
        }
    }
}
