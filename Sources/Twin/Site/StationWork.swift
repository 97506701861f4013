internal import Models

/// Work that a charging station of a simulated run asks for: what of it there is in a simulation is done at once.
enum StationWork {
    static func result(of job: StationJob, station s: Int, plant: SitePlant) -> StationJobResult {
        switch job {
        case .unlock(let evse, _): plant.unlocked(s, evse: evse)
        case .deliverEXI, .deliverChainStatus, .deliverOCSP: .done
        default: .failed("no files, networks and keys in a simulated run")
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
