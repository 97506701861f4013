import Sockets

/// Programs to measure the sockets with: an echo server, and clients that hold connections open.
///
///     sockets-bench echo PORT THREADS [CHAIN.pem KEY.pem]     echoes text; TLS where a certificate is named
///     sockets-bench refuse PORT THREADS [CHAIN.pem KEY.pem]   answers every handshake with 503
///     sockets-bench hold PORT COUNT [ROOTS.pem]               opens COUNT connections, says how long it took, holds them
let arguments = Array(CommandLine.arguments.dropFirst())

func number(_ index: Int) -> Int? { index < arguments.count ? Int(arguments[index]) : nil }

func text(_ index: Int) -> String? { index < arguments.count ? arguments[index] : nil }

if let command = text(0), let port = number(1), let count = number(2), count > 0 {
    switch command {
    case "echo": try await runEcho(port: port, threads: count, chain: text(3), key: text(4))
    case "refuse": try await runEcho(port: port, threads: count, chain: text(3), key: text(4), refuses: true)
    case "hold": try await runHold(port: port, count: count, roots: text(3))
    default: print("unknown command \(command)")
    }
} else {
    print("usage: sockets-bench echo PORT THREADS [CHAIN.pem KEY.pem] | refuse … | hold PORT COUNT [ROOTS.pem]")
}
