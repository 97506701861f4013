import Foundation

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Why a file could not be written or read, in the operating system's words instead of Foundation's.
public enum FileFailure {
    /// Where nothing more is known.
    public static let unknown = "the system refuses"

    /// A few words in lower case, ``unknown`` where nothing more is known.
    public static func words(_ error: any Error) -> String {
        var current: (any Error)? = error
        while let failure = current {
            if let failure = failure as? POSIXError { return words(errno: failure.code.rawValue) }
            let general = failure as NSError
            if general.domain == NSPOSIXErrorDomain { return words(errno: Int32(general.code)) }
            let underlying = general.userInfo[NSUnderlyingErrorKey] as? any Error
            if underlying == nil, let words = words(cocoa: general) { return words }
            current = underlying
        }
        return unknown
    }

    /// The system's words for an error number, in lower case.
    public static func words(errno code: Int32) -> String { DiskFile.words(code).lowercased() }

    private static func words(cocoa error: NSError) -> String? {
        guard error.domain == NSCocoaErrorDomain else { return nil }
        return switch CocoaError.Code(rawValue: error.code) {
        case .fileNoSuchFile, .fileReadNoSuchFile: "no such file or directory"
        case .fileWriteNoPermission, .fileReadNoPermission: "permission denied"
        case .fileWriteOutOfSpace: "no space left on device"
        case .fileWriteFileExists: "a file is in the way"
        case .fileWriteVolumeReadOnly: "read-only file system"
        case .fileWriteInvalidFileName, .fileReadInvalidFileName: "no name for a file"
        default: nil
        }
    }
}
