#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

let usage = """
    evtwin-bench phold PROCESSES EVENTS LOOKAHEAD SEED
    evtwin-bench windows PROCESSES EVENTS LOOKAHEAD SEED THREADS PENDING REMOTE
    evtwin-bench mmc CUSTOMERS LAMBDA MU SERVERS SEED
    """

func number(_ index: Int) -> Double {
    guard index < CommandLine.arguments.count, let value = Double(CommandLine.arguments[index]) else {
        print(usage)
        exit(2)
    }
    return value
}

switch CommandLine.arguments.dropFirst().first {
case "phold":
    Phold(processes: Int(number(2)), events: Int(number(3)), lookahead: number(4), seed: UInt64(number(5))).run()
case "windows":
    WindowedPhold(
        processes: Int(number(2)), events: Int(number(3)), lookahead: number(4), threads: Int(number(6)),
        pending: Int(number(7)), remote: number(8), seed: UInt64(number(5))
    ).run()
case "mmc":
    var model = MultiServer(
        customers: Int(number(2)), arrivalRate: number(3), serviceRate: number(4), servers: Int(number(5)),
        seed: UInt64(number(6)))
    model.run()
default:
    print(usage)
    exit(2)
}
