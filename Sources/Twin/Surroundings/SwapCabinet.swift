internal import Models
internal import OCPP
internal import OCPPMessages
internal import Sim

/// A charging station whose EVSEs are slots: batteries charge there until somebody brings an empty one for a full one.
///
/// One slot stands empty for the battery that comes. A battery charges at the EVSE's rated power from any state in an
/// hour. The load of the slots is not part of the site's.
struct SwapCabinet: Sendable, Codable {
    private struct Battery: Sendable, Codable {
        var serial: Int
        /// 0 ... 1, at `at`.
        var soc: Double
        var health: Double
        var at: SimTime

        /// Within an hour from empty to full.
        func soc(_ now: SimTime) -> Double { min(1, soc + max(0, (now - at).seconds) / 3600) }
    }
    private enum Phase: Sendable, Codable {
        case idle
        /// Somebody is bringing a battery.
        case bringing(at: SimTime)
        /// The battery of a slot is being taken out.
        case taking(slot: Int, at: SimTime)
    }

    private var customers: Episode
    private var batteries: [Battery?]
    private var registersWh: [Double]
    private let capacityWh: [Double]
    private var phase = Phase.idle
    private var serials: Int
    private var nextReading: SimTime

    /// Seconds between two readings of the slots.
    private static let readingS = 300.0
    /// The station's least charge of a battery that it gives away, 0 ... 1: TargetSoc of BatterySwapCtrlr at delivery.
    private static let target = 0.8

    /// - Parameter ratedW: of each slot, at least two.
    init?(perDay: Double, ratedW: [Double], stream: RandomStream, now: SimTime) {
        guard ratedW.count >= 2, let customers = Episode(perDay: perDay, stream: stream) else { return nil }
        self.customers = customers
        capacityWh = ratedW  // an hour from empty to full
        registersWh = ratedW.map { _ in 0 }
        serials = ratedW.count
        nextReading = now
        batteries = ratedW.indices.map { slot in
            slot == 0 ? nil : Battery(serial: slot, soc: 1, health: 0.97, at: now)
        }
    }

    var nextTime: SimTime {
        switch phase {
        case .idle: min(customers.next, nextReading)
        case .bringing(let at), .taking(_, let at): min(customers.next, nextReading, at)
        }
    }

    /// What the station sees when it is switched on.
    func plugs() -> [Occurrence] {
        batteries.indices.filter { batteries[$0] != nil }.map { .everyday(.vehiclePlugged(evse: $0, connector: 0)) }
    }

    /// What happens at ``nextTime``.
    mutating func run(now: SimTime) -> [Occurrence] {
        var inputs: [Occurrence] = []
        if nextReading <= now {
            nextReading = now + .rounding(seconds: Self.readingS)
            inputs += readings(now)
        }
        switch phase {
        case .bringing(let at) where at <= now: inputs += bring(now)
        case .taking(let slot, let at) where at <= now: inputs += take(slot, now)
        default: break
        }
        if customers.next <= now {
            _ = customers.turn()
            let number = UInt32(customers.draw() * Double(WorldTokens.count))
            let token = WorldTokens.token(number)
            if case .idle = phase {
                inputs += readings(now)
                inputs.append(
                    .event(
                        .batterySwap(
                            .tokenPresented(
                                V2.IdToken(idToken: token.idToken.description, type: token.type.rawValue)))))
            }
        }
        return inputs
    }

    /// The station has opened a slot for a battery.
    mutating func opened(now: SimTime) { phase = .bringing(at: now + .rounding(seconds: 20 + 40 * customers.draw())) }
    /// The exchange is over.
    mutating func closed() { phase = .idle }

    func reading(_ slot: Int, now: SimTime) -> StationFirmware.Input {
        let soc = batteries[slot]?.soc(now)
        let charged = batteries[slot].map { ($0.soc(now) - $0.soc) * capacityWh[slot] } ?? 0
        return .meterReading(
            evse: slot, meterWh: registersWh[slot] + charged, powerW: soc.map { $0 < 1 ? capacityWh[slot] : 0 } ?? 0,
            stateOfCharge: soc)
    }

    private func readings(_ now: SimTime) -> [Occurrence] {
        batteries.indices.map { .everyday(reading($0, now: now)) }
    }

    /// Somebody puts a battery in, where one is charged to be had for it; else both stay away.
    private mutating func bring(_ now: SimTime) -> [Occurrence] {
        phase = .idle
        let fullest = batteries.indices.max { (batteries[$0]?.soc(now) ?? 0) < (batteries[$1]?.soc(now) ?? 0) }
        guard let fullest, let charge = batteries[fullest]?.soc(now), charge >= Self.target,
            let empty = batteries.firstIndex(where: { $0 == nil })
        else { return [] }
        serials += 1
        batteries[empty] = Battery(
            serial: serials, soc: 0.05 + 0.25 * customers.draw(), health: 0.8 + 0.19 * customers.draw(), at: now)
        phase = .taking(slot: fullest, at: now + .rounding(seconds: 10 + 30 * customers.draw()))
        return [
            .everyday(.vehiclePlugged(evse: empty, connector: 0)),
            .event(
                .batterySwap(
                    .inserted([empty].compactMap { facts($0, now) }, offered: [fullest].compactMap { facts($0, now) }))),
        ] + readings(now)
    }

    private mutating func take(_ slot: Int, _ now: SimTime) -> [Occurrence] {
        phase = .idle
        guard let battery = batteries[slot] else { return [] }
        registersWh[slot] += (battery.soc(now) - battery.soc) * capacityWh[slot]
        batteries[slot] = nil
        return [
            .event(.batterySwap(.taken)), .everyday(.vehicleUnplugged(evse: slot, meterWh: registersWh[slot])),
        ] + readings(now)
    }

    private func facts(_ slot: Int, _ now: SimTime) -> V2.BatteryData? {
        batteries[slot].map {
            V2.BatteryData(
                evseId: slot + 1, serialNumber: "EVTW-\($0.serial)", soC: ($0.soc(now) * 100).rounded(),
                soH: ($0.health * 100).rounded())
        }
    }
}
