internal import GRDB
internal import GRDBSQLite
internal import OCPP

/// A statement that is prepared once and run for every row of its kind.
///
/// Values go straight to SQLite's binding functions: GRDB's own arguments box every value, which would cost more than
/// the insert. A statement belongs to the writer's connection and is used on its thread alone.
struct PreparedStatement: ~Copyable {
    private let statement: Statement
    private let handle: OpaquePointer
    private var index: Int32 = 0

    /// - Throws: GRDB's `DatabaseError` for SQL that SQLite refuses.
    init(_ sql: String, in db: Database) throws {
        statement = try db.makeStatement(sql: sql)
        handle = statement.sqliteStatement
    }

    mutating func bind(_ value: Int64) {
        index += 1
        sqlite3_bind_int64(handle, index, value)
    }
    mutating func bind(_ value: Int64?) {
        guard let value else { return bindNull() }
        bind(value)
    }
    mutating func bind(_ value: Int) { bind(Int64(value)) }
    mutating func bind(_ value: Int32) { bind(Int64(value)) }
    mutating func bind(_ value: Bool) { bind(value ? 1 as Int64 : 0) }
    mutating func bind(_ value: Timestamp) { bind(value.microseconds) }
    mutating func bind(_ value: Timestamp?) { bind(value?.microseconds) }
    mutating func bind(_ value: Double?) {
        guard let value else { return bindNull() }
        index += 1
        sqlite3_bind_double(handle, index, value)
    }
    mutating func bind(_ value: String?) {
        guard var value else { return bindNull() }
        index += 1
        let position = index
        value.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { text in
                // An empty buffer may have no address, which SQLite would take for NULL.
                _ = sqlite3_bind_text(handle, position, text.baseAddress ?? Self.empty, Int32(text.count), Self.copied)
            }
        }
    }
    /// The bytes of `range` as a BLOB; SQLite copies them.
    mutating func bind(_ bytes: [UInt8], _ range: Range<Int>) {
        index += 1
        let position = index
        bytes.withUnsafeBytes { buffer in
            let slice = UnsafeRawBufferPointer(rebasing: buffer[range])
            _ = sqlite3_bind_blob(
                handle, position, slice.baseAddress ?? UnsafeRawPointer(Self.empty), Int32(slice.count), Self.copied)
        }
    }
    /// Bytes of a text that is valid UTF-8.
    mutating func bind(text bytes: [UInt8]) {
        index += 1
        let position = index
        bytes.withUnsafeBytes { buffer in
            let text = buffer.bindMemory(to: CChar.self)
            _ = sqlite3_bind_text(handle, position, text.baseAddress ?? Self.empty, Int32(text.count), Self.copied)
        }
    }
    mutating func bindNull() {
        index += 1
        sqlite3_bind_null(handle, index)
    }

    /// Runs the statement with the values bound since the last run.
    ///
    /// - Throws: GRDB's `DatabaseError` with SQLite's code and text.
    mutating func run() throws {
        index = 0
        let code = sqlite3_step(handle)
        guard code == SQLITE_DONE || code == SQLITE_ROW else {
            let connection = sqlite3_db_handle(handle)
            let message = sqlite3_errmsg(connection).map(String.init(cString:))
            let extended = sqlite3_extended_errcode(connection)
            sqlite3_reset(handle)
            throw DatabaseError(resultCode: ResultCode(rawValue: extended), message: message, sql: statement.sql)
        }
        sqlite3_reset(handle)
    }

    nonisolated(unsafe) private static let copied = unsafeBitCast(-1 as Int, to: sqlite3_destructor_type.self)
    nonisolated(unsafe) private static let empty: UnsafePointer<CChar> = {
        let memory = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
        memory.initialize(to: 0)
        return UnsafePointer(memory)
    }()
}
