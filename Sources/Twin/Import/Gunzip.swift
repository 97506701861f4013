import CDeflate
import Foundation

/// Reads a file, unpacking it when it is gzip.
enum PackedFile {
    /// No register is larger than this when unpacked; a guard against damaged length fields.
    static let bytesMax = 1 << 30

    static func bytes(path: String) throws(ImportError) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ImportError(file: path, problem: "cannot be read", fix: "check the name and the permissions")
        }
        let packed = [UInt8](data)
        guard packed.starts(with: [0x1F, 0x8B]) else { return packed }
        guard packed.count >= 18 else {
            throw ImportError(file: path, problem: "is a gzip file cut short", fix: "fetch it again")
        }
        // The last four bytes hold the unpacked size modulo 2^32, little-endian.
        let size = packed.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        guard size <= bytesMax, let decompressor = libdeflate_alloc_decompressor() else {
            throw ImportError(
                file: path, problem: "unpacks to \(size) bytes", fix: "unpack it with gunzip and check it")
        }
        defer { libdeflate_free_decompressor(decompressor) }
        var unpacked = [UInt8](repeating: 0, count: size)
        var written = 0
        let result = libdeflate_gzip_decompress(decompressor, packed, packed.count, &unpacked, size, &written)
        guard result == LIBDEFLATE_SUCCESS, written == size else {
            throw ImportError(file: path, problem: "is a damaged gzip file", fix: "fetch it again")
        }
        return unpacked
    }
}
