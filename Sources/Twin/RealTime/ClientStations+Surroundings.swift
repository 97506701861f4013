internal import Models
internal import OCPP
internal import OCPPMessages
internal import Sim

// What happens at the stations besides charging.
extension ClientStations {
    /// Hands what is due around a station to it.
    mutating func happen(_ s: Int, now: SimTime, plant: SitePlant, inbox: inout Inbox) {
        for happening in surroundings[s].run(now: now) {
            switch happening {
            case .input(let input): inbox.append(StationInput(station: s, input: input))
            case .vehicleSchedules(let local): tellSchedule(s, local, now: now, plant: plant, inbox: &inbox)
            }
        }
    }

    /// What the vehicle at an EVSE would say that it needs.
    func needs(_ s: Int, _ local: Int, _ plant: SitePlant) -> V2.ChargingNeeds? {
        plant.vehicle(at: plant.parameters.stations[s].evses.lowerBound + local).map { vehicle in
            Visit.needs(
                of: vehicle, at: clients[s].controller.rating(evse: local),
                departure: vehicle.departure == .distantFuture
                    ? nil : clock.timestamp(vehicle.departure).wholeMilliseconds)
        }
    }

    /// The vehicle will charge as much as it is given until it has what it wants.
    private mutating func tellSchedule(
        _ s: Int, _ local: Int, now: SimTime, plant: SitePlant, inbox: inout Inbox
    ) {
        let e = plant.parameters.stations[s].evses.lowerBound + local
        guard plant.evses[e].phase == .charging, let vehicle = plant.vehicle(at: e) else { return }
        let time = clock.timestamp(now)
        let limitW = min(limitW(s, evse: local, now: now), vehicle.powerMaxW).rounded()
        guard limitW > 0 else { return }
        let schedule = V2.ChargingSchedule(
            id: 1, chargingRateUnit: .w,
            chargingSchedulePeriod: [V2.ChargingSchedulePeriod(startPeriod: 0, limit: limitW)],
            startSchedule: time.wholeMilliseconds,
            duration: Int((vehicle.energyWh / limitW * 3600).rounded(.up)))
        let selected = clients[s].controller.offeredSchedule(evse: local)
        inbox.append(
            StationInput(station: s, input: .event(.evScheduled(evse: local, schedule, selected: selected))))
    }
}
