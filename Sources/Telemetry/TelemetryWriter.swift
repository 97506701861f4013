#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Writes one telemetry file: static tables at once, series and rows as they come, attributes at the end.
///
/// Rows gather in column buffers until a chunk is full; chunks are compressed and written by a background thread. The
/// file is valid on disk at every moment and holds every chunk that was finished, whatever ends the process; a
/// checkpoint needs only the ``position()``. Used by one thread at a time.
public final class TelemetryWriter {
    private let path: String
    private let layout: TelemetryLayout
    let file: ChunkFile
    private let background: BackgroundWriter
    private var written: TelemetryPosition
    private var buffers: [RowBuffer]
    private var isFinished = false

    /// Creates the file; one that exists is replaced once the new one is complete and valid.
    /// - Throws: if the path cannot be written or another run is writing it.
    public init(path: String, layout: TelemetryLayout) throws(TelemetryError) {
        try DiskFile.checkFree(path)
        file = try TelemetryWriter.makeFile(path: path, layout: layout) { _ throws(HDF5Failure) in }
        self.path = path
        self.layout = layout
        written = TelemetryPosition(layout)
        buffers = layout.rows.map { RowBuffer(columns: $0.columns) }
        background = BackgroundWriter(file: file)
        background.start()
    }

    /// Goes on with a file where a checkpoint was taken; samples and rows written later are dropped.
    ///
    /// The file is written anew, chunk by chunk in the order of old, and replaces the old one when it is complete: a run
    /// that was resumed leaves the same bytes as one that never stopped, and a failure here leaves the old file.
    /// - Parameters:
    ///   - layout: of the same structure as before; attributes and static tables may differ.
    ///   - newPath: where the continued file goes, for a second future of the same past; nil replaces the old file.
    /// - Throws: if the file is missing, is being written, has another structure or lacks what the position remembers.
    public init(
        resuming path: String, at position: TelemetryPosition, layout: TelemetryLayout, into newPath: String? = nil
    ) throws(TelemetryError) {
        let target = newPath ?? path
        let old = try DiskFile(path: path, name: path, mayCreate: false)
        if target != path { try DiskFile.checkFree(target) }
        guard position.structure == layout.structure else {
            throw TelemetryError(
                path: path, problem: "the checkpoint was taken from a file of another structure",
                fix: "resume with the world and version that wrote the checkpoint")
        }
        file = try TelemetryWriter.makeFile(path: target, layout: layout, replacing: old) { file throws(HDF5Failure) in
            try HDF5.locked { () throws(HDF5Failure) in
                try ChunkCopier(layout: layout, source: path, target: file).copy(position)
            }
        }
        self.path = target
        self.layout = layout
        written = position
        written.pending = []
        buffers = []
        for (table, columns) in zip(layout.rows, position.pending) {
            buffers.append(RowBuffer(columns: table.columns, bytes: columns.map { Array($0) }))
        }
        background = BackgroundWriter(file: file)
        background.start()
    }

    deinit { background.stop() }

    /// Takes over a finished block of all entities and all variables of a series group.
    ///
    /// Blocks follow one another without gaps and are whole chunks of time, except the last of the run.
    /// - Parameters:
    ///   - group: index of the group in the layout.
    ///   - values: `[variable][time * entityCount + entity]`.
    /// - Throws: if an earlier write failed, in the background.
    public func append(
        series group: Int, firstSample: Int, sampleCount: Int, values: [[Float]]
    ) throws(TelemetryError) {
        let spec = layout.series[group]
        precondition(!isFinished, "nothing is appended to a finished file")
        precondition(firstSample == written.samples[group], "blocks of \(spec.name) follow one another")
        precondition(firstSample % layout.chunkSamples(of: spec) == 0, "only the last block of \(spec.name) is short")
        precondition(values.count == spec.variables.count, "a block of \(spec.name) has all variables")
        for block in values {
            precondition(block.count == sampleCount * spec.entityIDs.count, "a block of \(spec.name) has all entities")
        }
        guard sampleCount > 0 else { return }
        try submit(.series(group: group, firstSample: firstSample, sampleCount: sampleCount, values: values))
        written.samples[group] += sampleCount
        written.note(isSeries: true, index: group, length: sampleCount)
    }

    /// Takes over rows of a row table: one array per column, of equal length.
    /// - Throws: if an earlier write failed, in the background.
    public func append(rows table: Int, columns: [ColumnData]) throws(TelemetryError) {
        precondition(!isFinished, "nothing is appended to a finished file")
        buffers[table].append(columns, table: layout.rows[table].name)
        while let chunk = buffers[table].takeFullChunk() {
            try write(chunk, rowCount: FileBuilder.chunkRows, of: table)
        }
    }

    /// Waits until everything appended is on the disk, and returns what a checkpoint must remember.
    public func position() throws(TelemetryError) -> TelemetryPosition {
        precondition(!isFinished, "a finished file has no position to go on from")
        do throws(HDF5Failure) {
            try background.drain()
            try file.disk.synchronise()
        } catch {
            throw TelemetryWriter.explain(error, path: path, disk: file.disk)
        }
        var position = written
        position.pending = buffers.map { buffer in buffer.columns.map { Data($0) } }
        return position
    }

    /// Writes the last rows, sets attributes of `/meta` and closes the file.
    public func finish(attributes: [(String, AttributeValue)]) throws(TelemetryError) {
        precondition(!isFinished, "a file is finished once")
        for table in buffers.indices where buffers[table].rowCount > 0 {
            let rowCount = buffers[table].rowCount
            try write(buffers[table].takePaddedChunk(), rowCount: rowCount, of: table)
        }
        isFinished = true
        do throws(HDF5Failure) {
            try background.drain()
            background.stop()
            try file.finish(attributes: attributes)
        } catch {
            throw TelemetryWriter.explain(error, path: path, disk: file.disk)
        }
    }

    private func write(_ chunk: [[UInt8]], rowCount: Int, of table: Int) throws(TelemetryError) {
        try submit(.rows(table: table, firstRow: written.rows[table], rowCount: rowCount, columns: chunk))
        written.rows[table] += rowCount
        written.note(isSeries: false, index: table, length: rowCount)
    }

    private func submit(_ job: WriteJob) throws(TelemetryError) {
        do throws(HDF5Failure) {
            try background.submit(job)
        } catch {
            throw TelemetryWriter.explain(error, path: path, disk: file.disk)
        }
    }

    // MARK: Making and naming the file

    /// Makes a complete empty file beside `path`, lets `fill` put chunks into it, and gives it its name. The lock goes
    /// with it. `old` is the locked file at `path` that it replaces, if the caller holds that.
    private static func makeFile(
        path: String, layout: TelemetryLayout, replacing old: DiskFile? = nil,
        _ fill: (ChunkFile) throws(HDF5Failure) -> Void
    ) throws(TelemetryError) -> ChunkFile {
        let disk = try DiskFile(path: path + ".part", name: path, mayCreate: true)
        do throws(HDF5Failure) {
            try HDF5.locked { () throws(HDF5Failure) in try FileBuilder.build(layout, on: disk) }
            let file = try ChunkFile(layout, on: disk)
            try fill(file)
            if old?.path != path { try checkStillFree(path) }
            guard rename(disk.path, path) == 0 else {
                throw HDF5Failure(operation: "cannot give the new file its name", detail: DiskFile.words(errno))
            }
            return file
        } catch {
            unlink(disk.path)
            throw explain(error, path: path, disk: disk)
        }
    }

    private static func checkStillFree(_ path: String) throws(HDF5Failure) {
        do throws(TelemetryError) {
            try DiskFile.checkFree(path)
        } catch {
            throw HDF5Failure(operation: error.problem, detail: "")
        }
    }

    private static func explain(_ failure: HDF5Failure, path: String, disk: DiskFile) -> TelemetryError {
        switch disk.failure {
        case 0:
            return failure.telemetryError(path: path, fix: "check the disk; what was finished before is readable")
        case ENOSPC, EDQUOT:
            return TelemetryError(
                path: path, problem: "the disk is full (\(DiskFile.words(disk.failure)))",
                fix: "free some space or write to another disk; what was finished before is readable")
        case EFBIG:
            return TelemetryError(
                path: path, problem: "the file may not grow further (\(DiskFile.words(disk.failure)))",
                fix: "raise the limit (ulimit -f) or write to another disk; what was finished before is readable")
        default:
            return TelemetryError(
                path: path, problem: "cannot write (\(DiskFile.words(disk.failure)))",
                fix: "check the disk; what was finished before is readable")
        }
    }
}
