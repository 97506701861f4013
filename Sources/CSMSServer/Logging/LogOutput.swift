internal import Foundation
internal import Logging
internal import OCPP

/// How log lines look.
public enum LogFormat: String, Sendable, CaseIterable {
    /// One line for people: time, level, message, key=value.
    case text
    /// One JSON object a line.
    case json
}

/// Writes log lines to standard error, each in one piece.
struct LineLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level
    private let label: String
    private let format: LogFormat
    private let write: @Sendable (String) -> Void

    init(
        label: String, level: Logger.Level, format: LogFormat,
        write: @escaping @Sendable (String) -> Void = LineLogHandler.toStandardError
    ) {
        self.label = label
        logLevel = level
        self.format = format
        self.write = write
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var all = metadata
        if let more = event.metadata { all.merge(more) { _, new in new } }
        let fields = all.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
        let now = WallClock.now.text
        switch format {
        case .text:
            let tail = fields.map { " \($0.0)=\(Self.plain($0.1))" }.joined()
            write("\(now) \(event.level.rawValue) \(Self.oneLine("\(event.message)"))\(tail)\n")
        case .json:
            let own = [
                ("time", "\(now)"), ("level", event.level.rawValue), ("logger", label), ("message", "\(event.message)"),
            ]
            let members = (own + fields).sorted { $0.0 < $1.0 }
            let pairs = members.map { "\(JSONString.quoted($0.0)):\(JSONString.quoted($0.1))" }
            write("{" + pairs.joined(separator: ",") + "}\n")
        }
    }

    private static func oneLine(_ text: String) -> String { text.replacing("\n", with: "\\n") }
    private static func plain(_ text: String) -> String {
        let isPlain = !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") }
        return isPlain ? text : JSONString.quoted(text)
    }

    static let toStandardError: @Sendable (String) -> Void = { line in
        FileHandle.standardError.write(Data(line.utf8))
    }
}

/// JSON text made by hand, where an encoder would be more than is needed.
enum JSONString {
    /// `text` as a JSON string with its quotes.
    static func quoted(_ text: some StringProtocol) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                if scalar.value < 0x20 || scalar.value == 0x7F {
                    let digits = String(scalar.value, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}

/// The machine's clock in the words of the protocol.
enum WallClock {
    static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }
}
