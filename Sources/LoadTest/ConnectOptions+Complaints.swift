extension ConnectOptions {
    /// Seconds in which a ping is to be answered: the interval, 5 at least and 30 at most.
    var pongTimeoutS: Int { min(30, max(5, pingIntervalS)) }

    /// What is wrong with the options, with what to do; empty when nothing is.
    /// - Parameter worldHours: length of the world.
    public func complaints(worldHours: Double) -> [String] {
        var found = securityComplaints
        if !(0.01...1000).contains(speed) { found.append("--speed \(speed): expected 0.01 ... 1000") }
        if !(0...8760).contains(startHour) {
            found.append("--start-hour \(startHour): expected 0 ... 8760")
        } else if startHour >= worldHours {
            found.append(
                "--start-hour \(startHour): the world has \(worldHours) hours; begin before that, or give it more with --set days=N"
            )
        }
        if !(0.001...1_000_000).contains(rampPerS) {
            found.append("--ramp \(rampPerS): expected 0.001 ... 1000000 stations a second")
        }
        if let durationS, !(durationS > 0 && durationS.isFinite) {
            found.append("--duration \(durationS): expected more than 0 seconds; leave it out to run until Ctrl-C")
        }
        if let powerCutAfterS, !(powerCutAfterS >= 0 && powerCutAfterS.isFinite) {
            found.append("--power-cut-after \(powerCutAfterS): expected 0 seconds or more")
        }
        if let powerCutStations, powerCutStations < 1 {
            found.append("--power-cut-stations \(powerCutStations): expected 1 or more")
        }
        if let stationsMax, stationsMax < 1 { found.append("--stations \(stationsMax): expected 1 or more") }
        if !(0...86_400).contains(pingIntervalS) { found.append("--ping \(pingIntervalS): expected 0 ... 86400") }
        if !(1...256).contains(threads) { found.append("--threads \(threads): expected 1 ... 256") }
        return found
    }

    private var securityComplaints: [String] {
        var found: [String] = []
        let isSecure = url.hasPrefix("wss:")
        if !(0...3).contains(profile) { found.append("--profile \(profile): expected 0, 1, 2 or 3") }
        if profile >= 2, !isSecure { found.append("--profile \(profile) needs TLS: write the URL with wss://") }
        if profile == 1, isSecure { found.append("--profile 1 is without TLS: use --profile 2 with wss://") }
        if profile == 1 || profile == 2, password.isEmpty {
            found.append("--profile \(profile) needs the stations' password: --password TEXT")
        }
        if password.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            found.append("--password: a control character is in it, which no password has; write printable characters")
        }
        if profile == 3, clientCertificates == nil {
            found.append("--profile 3 needs client certificates: --client-certs DIR (made by \"evtwin pki\")")
        }
        return found
    }
}
