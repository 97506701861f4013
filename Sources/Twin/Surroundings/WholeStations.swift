internal import Models
internal import OCPP
internal import OCPPMessages
internal import OCPPWire
internal import Sim

/// Stations with a whole controller each, to which more happens than charging.
protocol WholeStations: SiteStations {
    /// Of each station; none where nothing happens besides charging.
    var surroundings: ContiguousArray<StationSurroundings> { get set }
    /// Something around a station, as an input.
    mutating func input(_ occurrence: Occurrence, station: Int) -> StationInput<Input>
    func timestamp(_ time: SimTime) -> Timestamp
    func rating(of station: Int, evse: Int) -> EVSERating
    /// Number of the schedule that the CSMS has offered the vehicle at an EVSE; `nil` for none.
    func offeredSchedule(of station: Int, evse: Int) -> Int?
}

extension WholeStations {
    /// When something happens next; `distantFuture` for nothing.
    var nextOccurrence: SimTime {
        var next = SimTime.distantFuture
        for s in surroundings.indices { next = min(next, surroundings[s].nextTime) }
        return next
    }

    /// Hands what is due around all stations to them.
    mutating func occur(now: SimTime, plant: SitePlant, inbox: inout Inbox) {
        for s in surroundings.indices where surroundings[s].nextTime <= now {
            for happening in surroundings[s].run(now: now) {
                switch happening {
                case .input(let occurrence): inbox.append(input(occurrence, station: s))
                case .vehicleSchedules(let local): tellSchedule(s, local, now: now, plant: plant, inbox: &inbox)
                }
            }
        }
    }

    /// A signal of the plant, as far as it means something around the station.
    mutating func notice(
        _ kind: StationSignal.Kind, station s: Int, evse local: Int, now: SimTime, plant: SitePlant
    ) {
        guard !surroundings.isEmpty else { return }
        switch kind {
        case .plugged: surroundings[s].plugged(local, needs: needs(s, local, plant), now: now)
        case .token(let number): surroundings[s].presented(WorldTokens.token(number), at: local)
        case .energyStarted: surroundings[s].chargingStarted(local, now: now)
        default: break
        }
    }

    /// What the vehicle at an EVSE would say that it needs.
    private func needs(_ s: Int, _ local: Int, _ plant: SitePlant) -> V2.ChargingNeeds? {
        plant.vehicle(at: plant.parameters.stations[s].evses.lowerBound + local).map { vehicle in
            Visit.needs(
                of: vehicle, at: rating(of: s, evse: local),
                departure: vehicle.departure == .distantFuture ? nil : timestamp(vehicle.departure).wholeMilliseconds)
        }
    }

    /// The vehicle will charge as much as it is given until it has what it wants.
    private mutating func tellSchedule(
        _ s: Int, _ local: Int, now: SimTime, plant: SitePlant, inbox: inout Inbox
    ) {
        let e = plant.parameters.stations[s].evses.lowerBound + local
        guard plant.evses[e].phase == .charging, let vehicle = plant.vehicle(at: e) else { return }
        let limitW = min(limitW(s, evse: local, now: now), vehicle.powerMaxW).rounded()
        guard limitW > 0 else { return }
        let schedule = V2.ChargingSchedule(
            id: 1, chargingRateUnit: .w,
            chargingSchedulePeriod: [V2.ChargingSchedulePeriod(startPeriod: 0, limit: limitW)],
            startSchedule: timestamp(now).wholeMilliseconds,
            duration: Int((vehicle.energyWh / limitW * 3600).rounded(.up)))
        let selected = offeredSchedule(of: s, evse: local)
        let event = StationEvent.evScheduled(evse: local, schedule, selected: selected)
        inbox.append(input(.event(event), station: s))
    }
}

extension StationEnd.Input {
    init(_ occurrence: Occurrence) {
        switch occurrence {
        case .everyday(let input): self = .everyday(input)
        case .event(let event): self = .event(event)
        }
    }
}
