/// Rows of one table that wait for their chunk to fill: the bytes of each column, little-endian.
struct RowBuffer {
    private(set) var columns: [[UInt8]]
    private let types: [ColumnType]

    init(columns specs: [ColumnSpec]) {
        types = specs.map(\.type)
        columns = specs.map { _ in [] }
    }

    /// Goes on with bytes that a checkpoint has kept.
    init(columns specs: [ColumnSpec], bytes: [[UInt8]]) {
        types = specs.map(\.type)
        columns = bytes
    }

    var rowCount: Int {
        guard let first = columns.first, let type = types.first else { return 0 }
        return first.count / type.byteCount
    }

    mutating func append(_ data: [ColumnData], table: String) {
        precondition(data.count == types.count, "rows of \(table) have all columns")
        let rowCount = data.first?.count ?? 0
        for (index, column) in data.enumerated() {
            precondition(column.type == types[index], "column \(index) of \(table) has the declared type")
            precondition(column.count == rowCount, "columns of \(table) have equal length")
            append(column, to: index)
        }
    }

    private mutating func append(_ column: ColumnData, to index: Int) {
        switch column {
        case .int64(let values): values.withUnsafeBytes { columns[index].append(contentsOf: $0) }
        case .int32(let values): values.withUnsafeBytes { columns[index].append(contentsOf: $0) }
        case .float64(let values): values.withUnsafeBytes { columns[index].append(contentsOf: $0) }
        case .float32(let values): values.withUnsafeBytes { columns[index].append(contentsOf: $0) }
        case .uint8(let values): columns[index].append(contentsOf: values)
        case .text: preconditionFailure("text occurs in static tables only")
        }
    }

    /// The oldest chunk of every column, if there are rows enough.
    mutating func takeFullChunk() -> [[UInt8]]? {
        guard rowCount >= FileBuilder.chunkRows else { return nil }
        var chunk: [[UInt8]] = []
        for index in columns.indices {
            let byteCount = FileBuilder.chunkRows * types[index].byteCount
            chunk.append(Array(columns[index].prefix(byteCount)))
            columns[index].removeFirst(byteCount)
        }
        return chunk
    }

    /// All remaining rows, padded to a whole chunk.
    mutating func takePaddedChunk() -> [[UInt8]] {
        var chunk: [[UInt8]] = []
        for index in columns.indices {
            let fill = types[index].fillBytes
            for _ in rowCount(of: index)..<FileBuilder.chunkRows { columns[index].append(contentsOf: fill) }
            chunk.append(columns[index])
        }
        for index in columns.indices { columns[index] = [] }
        return chunk
    }

    private func rowCount(of index: Int) -> Int { columns[index].count / types[index].byteCount }
}
