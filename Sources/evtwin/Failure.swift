import Reports
import Telemetry
import Twin

/// How a command ends.
enum ExitCode: Int32 {
    case ok = 0
    case failed = 1
    case badInput = 2
}

/// An error that a person reads, with the exit code it leads to.
struct CommandFailure: Error {
    var code: ExitCode
    var message: String

    /// Runs `body` and turns the errors of the lower layers into failures with the right exit code.
    static func translating<T>(_ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let error as CommandFailure {
            throw error
        } catch let error as WorldErrors {
            throw CommandFailure(code: .badInput, message: error.description)
        } catch let error as RunError {
            throw CommandFailure(code: error.isBadInput ? .badInput : .failed, message: error.description)
        } catch let error as ImportError {
            throw CommandFailure(code: .badInput, message: error.description)
        } catch let error as VectorDirectoryError {
            throw CommandFailure(code: .badInput, message: error.description)
        } catch let error as ReportError {
            throw CommandFailure(code: error.isBadInput ? .badInput : .failed, message: error.description)
        } catch let error as TelemetryError {
            throw CommandFailure(code: error.isBadInput ? .badInput : .failed, message: error.description)
        } catch {
            let words = FileFailure.words(error)
            throw CommandFailure(
                code: .failed,
                message: words == FileFailure.unknown ? "evtwin failed: \(error)" : "evtwin failed: \(words)")
        }
    }
}
