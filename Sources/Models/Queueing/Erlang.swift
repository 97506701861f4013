/// Erlang's formulas: blocking without waiting, and waiting without limit.
public enum Erlang {
    /// Share of arrivals lost with `servers` and no waiting, at `offered` erlang. Recursion, O(servers).
    ///
    /// Insensitive to the law of service times: holds for M/G/c/c.
    public static func blocking(servers: Int, offered: Double) -> Double {
        var b = 1.0
        for n in 1...max(1, servers) { b = offered * b / (Double(n) + offered * b) }
        return b
    }

    /// Chance that an arrival waits (Erlang C); 1 when the load is not below the number of servers.
    public static func waiting(servers: Int, offered: Double) -> Double {
        let c = Double(servers)
        guard offered < c else { return 1 }
        let b = blocking(servers: servers, offered: offered)
        return c * b / (c - offered * (1 - b))
    }
}
