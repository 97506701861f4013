import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Standard streams and signals of the process.
enum Terminal {
    /// Progress is shown to people only.
    static var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }

    static func error(_ text: String) { write(text + "\n", to: STDERR_FILENO) }
    static func out(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }
    /// Text that the next one overwrites: one line, cut to the terminal's width.
    static func status(_ text: String) {
        write("\r\u{1B}[2K" + String(text.prefix(max(1, width - 1))), to: STDERR_FILENO)
    }

    static func leave(code: ExitCode) -> Never { exit(code.rawValue) }

    /// Columns of the terminal, 80 where it does not say.
    static var width: Int {
        var size = winsize()
        return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    }

    private static func write(_ text: String, to file: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard written > 0 else { return }
            bytes = bytes.dropFirst(written)
        }
    }
}

/// Ctrl-C and SIGTERM ask the run to end cleanly; a second one ends the process at once.
enum Interrupt {
    private static let isAsked = Atomic<Bool>(false)

    static var wasAsked: Bool { isAsked.load(ordering: .relaxed) }

    static func watch() {
        for number in [SIGINT, SIGTERM] {
            signal(number) { number in
                if Interrupt.isAsked.exchange(true, ordering: .relaxed) {
                    signal(number, SIG_DFL)
                    raise(number)
                }
            }
        }
    }
}
