import Sim
import TestSupport
import Testing

@testable import Models

/// Sites in the hands of a script: its lines say what happens, and what must then be so.
///
/// ```swift
/// var script = PlantScript(ScriptedSite().ac("a1"))
/// script.play("""
///     08:00 charges 20 kWh at 11 kW on a1 until 12:30
///     12:31 expect session a1: 20.0 kWh, unplugged 12:30, end battery_full
///     """)
/// ```
///
/// Without a CSMS's ``manual`` answer every token is accepted at once. Records and signals are expected once each, in
/// their order. The only thing here that knows the plant's interface is this type: scripts outlive it.
struct PlantScript {
    /// What becomes of a presented token.
    enum CSMS { case accepts, manual }

    var plants: [SitePlant]
    let sites: [ScriptedSite]
    private let csms: CSMS
    var now = SimTime.zero
    /// Rows and signals that no expectation has claimed yet.
    var unclaimed: [ScriptedSite.Claims]
    /// Messages to sites that are not in the script.
    var sent: [OutgoingMessage] = []
    var place: ScriptPlace
    /// Names of drivers, by what identifies them.
    var names: [UInt64: String] = [:]

    init(
        _ sites: ScriptedSite..., csms: CSMS = .accepts, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        self.sites = sites
        self.csms = csms
        plants = sites.map { SitePlant($0.parameters) }
        unclaimed = sites.map { _ in ScriptedSite.Claims() }
        place = ScriptPlace(sourceLocation)
    }

    /// Plays a script from where the one before has ended.
    mutating func play(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
        place = ScriptPlace(sourceLocation)
        for line in ScriptLine.lines(of: text) {
            let at = line.seconds == 0 ? now : SimTime.zero + .rounding(seconds: line.seconds)
            run(until: at)
            if line.words.first == "expect" { expect(line) } else { perform(line) }
            settle()
        }
    }

    /// Runs what is due up to and with `end`.
    private mutating func run(until end: SimTime) {
        while let next = plants.map(\.nextTime).min(), next <= end {
            now = next
            for p in plants.indices {
                while let (now, event) = plants[p].queue.pop(before: next + SimDuration(microseconds: 1)) {
                    plants[p].sample(upTo: now)
                    plants[p].handle(event, now: now)
                    settle()
                }
            }
        }
        now = max(now, end)
        for p in plants.indices { plants[p].sample(upTo: now) }
        settle()
    }

    /// Takes what the plants have to say: tokens are answered, messages delivered, rows and signals kept.
    private mutating func settle() {
        for p in plants.indices {
            var next = 0
            while next < plants[p].signals.count {
                let signal = plants[p].signals[next]
                if case .token = signal.kind, csms == .accepts {
                    plants[p].authorize(Int(signal.evse), accepted: true, now: now)
                }
                unclaimed[p].signals.append((now, signal))
                next += 1
            }
            plants[p].signals.removeAll()
            let records = plants[p].records
            unclaimed[p].sessions += records.sessions
            unclaimed[p].losses += records.losses
            unclaimed[p].outages += records.outages
            unclaimed[p].failedAttempts += records.failedAttempts
            unclaimed[p].alarms += records.alarms
            plants[p].records.removeAll()
            for message in plants[p].outgoing {
                if let receiver = plants.firstIndex(where: { $0.parameters.index == message.destination }) {
                    plants[receiver].accept(message.message, at: message.deliverAt)
                } else {
                    sent.append(message)
                }
            }
            plants[p].outgoing.removeAll()
        }
    }

    // MARK: names

    /// Site and EVSE of the outlet called `name`.
    func outlet(_ name: some StringProtocol) -> (site: Int, evse: Int)? {
        for p in sites.indices {
            if let e = sites[p].outlets.firstIndex(where: { $0 == name }) { return (p, e) }
        }
        return nil
    }

    /// A driver of the script: no drawn fate but the seconds that things take.
    mutating func driver(_ name: String, _ kind: Driver.Kind, vehicle: String, wantedWh: Double) -> Driver {
        let identity = UInt64(names.count + 1)
        names[identity] = name
        let vehicle = ScriptedSite.vehicles[vehicle] ?? 0
        let capacityWh = VehicleCatalogue.all[Int(vehicle)].usableWh
        return Driver(
            kind: kind, preference: .order, stream: RandomStream(seed: 1, purpose: 3, entity: identity),
            identity: identity, vehicle: vehicle, authorization: .rfid, hops: 0, row: 0, arrival: now,
            departure: .distantFuture, stayS: 0, awayS: 0, wantedWh: wantedWh, soc: 0.1,
            targetSoC: min(1, 0.1 + wantedWh * 0.9 / capacityWh), capacityWh: capacityWh, patienceS: 0)
    }
}

extension ScriptedSite {
    /// What the plant has written and said, in order, until a script expects it.
    struct Claims {
        var sessions: ContiguousArray<SessionRecord> = []
        var losses: ContiguousArray<LossRecord> = []
        var outages: ContiguousArray<OutageRecord> = []
        var failedAttempts: ContiguousArray<FailedAttemptRecord> = []
        var alarms: ContiguousArray<AlarmRecord> = []
        var signals: [(at: SimTime, signal: StationSignal)] = []
    }
}
