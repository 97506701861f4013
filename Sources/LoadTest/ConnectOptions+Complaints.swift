extension ConnectOptions {
    /// Seconds in which a ping is to be answered: the interval, 5 at least and 30 at most.
    var pongTimeoutS: Int { min(30, max(5, pingIntervalS)) }

    /// What is wrong with the options, with what to do; empty when nothing is.
    /// - Parameter worldHours: length of the world.
    public func complaints(worldHours: Double) -> [String] {
        var found = securityComplaints
        func add(_ option: String, _ value: some CustomStringConvertible, _ problem: String, fix: String) {
            found.append("\(option) \(value): \(problem)\n  fix: \(fix)")
        }
        func range(_ option: String, _ value: some CustomStringConvertible, _ range: String, isIn: Bool) {
            if !isIn { add(option, value, "out of range", fix: "write \(range)") }
        }
        range("--speed", speed, "0.01 to 1000 simulated seconds a second", isIn: (0.01...1000).contains(speed))
        if !(0...8760).contains(startHour) {
            range("--start-hour", startHour, "an hour from 0 to 8760", isIn: false)
        } else if startHour >= worldHours {
            add(
                "--start-hour", startHour, "the world has \(worldHours) hours",
                fix: "begin before that, or give it more with --set days=N")
        }
        range("--ramp", rampPerS, "0.001 to 1000000 stations a second", isIn: (0.001...1_000_000).contains(rampPerS))
        if let durationS, !(durationS > 0 && durationS.isFinite) {
            add(
                "--duration", durationS, "not a time", fix: "write seconds above 0, or leave it out to run until Ctrl-C"
            )
        }
        if let powerCutAfterS, !(powerCutAfterS >= 0 && powerCutAfterS.isFinite) {
            add("--power-cut-after", powerCutAfterS, "not a time", fix: "write seconds, 0 or more")
        }
        if let powerCutStations {
            range("--power-cut-stations", powerCutStations, "1 or more", isIn: powerCutStations >= 1)
        }
        if let stationsMax { range("--stations", stationsMax, "1 or more", isIn: stationsMax >= 1) }
        range("--ping", pingIntervalS, "0 to 86400 seconds", isIn: (0...86_400).contains(pingIntervalS))
        range("--threads", threads, "1 to 256", isIn: (1...256).contains(threads))
        return found
    }

    private var securityComplaints: [String] {
        var found: [String] = []
        let isSecure = url.hasPrefix("wss:")
        if !(0...3).contains(profile) { found.append("--profile \(profile): not a profile\n  fix: write 0, 1, 2 or 3") }
        if profile >= 2, !isSecure {
            found.append("--profile \(profile): needs TLS, and \(url) has none\n  fix: write the URL with wss://")
        }
        if profile == 1, isSecure {
            found.append("--profile 1: is without TLS, and \(url) has it\n  fix: use --profile 2 with wss://")
        }
        if profile == 1 || profile == 2, password.isEmpty {
            found.append("--profile \(profile): needs the stations' password\n  fix: add --password TEXT")
        }
        if password.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            found.append(
                "--password: a control character is in it, which no password has\n  fix: write printable characters")
        }
        if profile == 3, clientCertificates == nil {
            found.append(
                "--profile 3: needs client certificates\n  fix: add --client-certs DIR, as evtwin pki makes it (pki/stations)"
            )
        }
        return found
    }
}
