internal import Sim

/// What a driver does after attempts that failed.
enum AttemptRules {
    /// Attempts of one visit, after which the driver gives up.
    /// - Source: domain.md section 5.3 (retried up to 3 times).
    static let most: UInt8 = 3
    /// Chance that the driver plugs in again at the same port after its first failure. Estimate.
    static let samePortShare = 0.5
}

extension SitePlant {
    /// Why a start that is through its sequence fails, nil when current flows. Attempts at one port are not independent: its
    /// hidden condition lasts.
    mutating func startFailure(_ e: Int) -> AttemptFailure? {
        switch condition(e) {
        case .dead: return .deadPort
        case .flaky:
            let success = parameters.failures?.conditions?.flakySuccess ?? 1
            if unitForDriver(at: e) >= success { return .flakyPort }
        case .good: break
        }
        return unitForDriver(at: e) < parameters.incidents.startFailure ? .startSequence : nil
    }

    /// No energy flowed. The driver unplugs after a while, then tries again here or elsewhere, or gives up.
    mutating func attemptFails(_ e: Int, _ failure: AttemptFailure, now: SimTime) {
        guard var driver = evses[e].driver else { return }
        driver.attempts += 1
        evses[e].driver = driver
        records.failedAttempts.append(
            FailedAttemptRecord(time: now, evse: UInt16(e), number: driver.attempts, failure: failure))
        totals.failedAttempts += 1
        digest.mix(UInt64(e) << 16 | UInt64(failure.rawValue) << 8 | UInt64(driver.attempts))
        evses[e].phase = .finished
        evses[e].hasFailedToStart = true
        if failure == .authorization || failure == .payment {
            evses[e].end = .authorizationFailed
            evses[e].generation &+= 1
            queue.schedule(.departure(evse: UInt16(e), generation: evses[e].generation), at: now + .seconds(30))
            return
        }
        evses[e].end = .fault
        signal(e, .startFailed)
        giveUp(e, now: now)
        considerCall(e, by: driver, now: now)
    }

    /// Plugs in again at the same port: after the first failure there, in half of all cases.
    mutating func retriesHere(_ e: Int) -> Bool {
        guard evses[e].hasFailedToStart, evses[e].end == .fault, evses[e].isOperative, let driver = evses[e].driver,
            driver.kind != .replayed, driver.attempts == 1
        else { return false }
        return unitForDriver(at: e) < AttemptRules.samePortShare
    }

    /// After leaving an EVSE that did not start: the best other one that is free, while attempts are left.
    mutating func tryElsewhere(_ driver: Driver, from e: Int, now: SimTime) {
        guard driver.kind != .replayed else { return lose(driver, .outOfService, now: now) }
        guard driver.attempts < AttemptRules.most else {
            raise(.startFailed, Double(driver.attempts), station: stationOf(e), now: now)
            return leave(driver, .chargingFailed, now: now)
        }
        var best: Int?
        var bestW = -1.0
        var isAnyOperative = false
        for other in evses.indices where other != e && evses[other].isOperative && fits(driver, evse: other) {
            isAnyOperative = true
            guard evses[other].phase == .free, !evses[other].isShut else { continue }
            let watts = promisedPowerW(other)
            if watts > bestW {
                best = other
                bestW = watts
            }
        }
        if let best { return occupy(best, with: driver, now: now) }
        leave(driver, isAnyOperative || evses[e].isOperative ? .chargingFailed : .outOfService, now: now)
    }
}
