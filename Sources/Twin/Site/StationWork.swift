internal import Models
internal import Sim

/// Work that a charging station of a simulated run has begun: transfers and installations take their time.
struct StationWork: Sendable, Codable {
    /// Index within the site.
    var station: Int
    /// Names the job to the charging station.
    var job: Int
    var result: StationJobResult
    /// Whether it fails without a connection at its end.
    var needsLink: Bool

    /// How long a job takes, and what comes of it.
    ///
    /// There are no files, networks and keys in a simulated run: an image is as long as 40 MB are at 2 Mbit/s, and told from
    /// others by its job; what needs a key fails.
    /// - Returns: `nil` for what the plant answers at once.
    init?(_ job: StationJob, id: Int, station: Int) {
        self.station = station
        self.job = id
        switch job {
        case .download:
            result = .downloaded(sha256: Self.sum(id), bytes: 40_000_000)
            needsLink = true
        case .install(let download, _):
            result = .written(sha256: Self.sum(download))
            needsLink = false
        case .upload, .publish:
            result = .done
            needsLink = true
        default: return nil
        }
    }

    static func duration(of job: StationJob) -> SimDuration {
        switch job {
        case .download, .publish: .seconds(160)
        case .install: .seconds(120)
        default: .seconds(20)
        }
    }

    /// Stands for the SHA-256 of the image that a job has fetched.
    private static func sum(_ download: Int) -> String {
        let digits = String(UInt(bitPattern: download), radix: 16)
        return String(repeating: "0", count: max(0, 64 - digits.count)) + digits
    }

    /// What comes at once of a job that takes no time.
    static func result(of job: StationJob, station s: Int, plant: SitePlant) -> StationJobResult {
        switch job {
        case .unlock(let evse, _): plant.unlocked(s, evse: evse)
        case .unpublish, .deliverEXI, .deliverChainStatus, .deliverOCSP: .done
        default: .failed("no keys and certificates in a simulated run")
        }
    }
}

extension SitePlant {
    /// What comes of unlocking EVSE `evse` of station `s`: a vehicle that charges holds its plug.
    func unlocked(_ s: Int, evse: Int) -> StationJobResult {
        let e = parameters.stations[s].evses.lowerBound + evse
        return evses[e].phase == .charging ? .failed("the vehicle holds the plug") : .done
    }
}
