import ArgumentParser
import Twin

/// The command line: every subcommand is one file.
@main
struct Evtwin: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evtwin",
        abstract: "A deterministic digital twin of EV-charging networks: same world, same seed, same bytes.",
        discussion: """
            Exit codes: 0 ok, 1 failed, 2 bad input.
            Completions for your shell: evtwin --generate-completion-script bash|zsh|fish
            """,
        version: Version.text,
        subcommands: [
            RunCommand.self, ResumeCommand.self, ReportCommand.self, DigestCommand.self, WorldsCommand.self,
            CheckWorldCommand.self,
            ImportCommand.self, VectorsCommand.self, PKICommand.self, ConnectCommand.self, ServeCommand.self,
        ])

    static func main() {
        let usage = UsageMessage(
            arguments: Array(CommandLine.arguments.dropFirst()),
            subcommands: configuration.subcommands.compactMap { $0.configuration.commandName })
        if let problem = usage.unknownSubcommand {
            Terminal.error(problem)
            Terminal.leave(code: .badInput)
        }
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let error as CommandFailure {
            Terminal.error(error.message)
            Terminal.leave(code: error.code)
        } catch {
            // Usage errors are bad input; help and version are not errors.
            let code = exitCode(for: error)
            if code == .success { exit(withError: error) }
            Terminal.error(usage.text(fullMessage(for: error)))
            Terminal.leave(code: code == .validationFailure ? .badInput : .failed)
        }
    }
}
