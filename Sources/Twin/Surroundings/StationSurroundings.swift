internal import Models
internal import OCPP
internal import OCPPMessages
internal import Sim

/// What a charging station is told of the world around it.
enum Occurrence: Sendable {
    case everyday(StationFirmware.Input)
    case event(StationEvent)
}

/// What happens around one station besides charging: an energy management system, the grid, the vendor, vehicles that
/// speak ISO 15118, drivers at the payment terminal, exchanges of batteries.
///
/// All of it is drawn from the station's own random streams, so that it is the same for the same world and seed, and
/// moves no draw of the plant's.
struct StationSurroundings: Sendable, Codable {
    /// What is to be done about a station.
    enum Happening: Sendable {
        case input(Occurrence)
        /// The vehicle at an EVSE of the station, from 0, tells by which schedule it will charge.
        case vehicleSchedules(evse: Int)
    }

    private let spec: SurroundingsSpec
    private let version: OCPPVersion
    private let limitW: Double
    private var limit: Episode?
    private var grid: Episode?
    private var vendor: Episode?
    private(set) var cabinet: SwapCabinet?
    private var fault = V2.GridEventFaultEnum.overVoltage
    private var messages = 0
    private var visitStream: RandomStream
    private var visits: [Visit?]
    private struct Plan: Sendable, Codable {
        enum Happening: Sendable, Codable {
            case event(StationEvent)
            case vehicleSchedules(evse: Int)
        }
        var at: SimTime
        var what: Happening
    }
    /// What is to come, soonest first.
    private var planned: [Plan] = []

    /// - Parameters:
    ///   - ratedW: of each EVSE of the station.
    ///   - stationW: of the station as a whole.
    init(
        _ spec: SurroundingsSpec, version: OCPPVersion, entity: UInt64, seed: UInt64, ratedW: [Double],
        stationW: Double
    ) {
        self.spec = spec
        self.version = version
        limitW = spec.externalLimitW ?? stationW / 2
        func stream(_ number: UInt64) -> RandomStream {
            RandomStream(seed: seed, purpose: StreamPurpose.surroundings | number << 8, entity: entity)
        }
        limit = Episode(
            perDay: spec.externalLimitsPerDay, lengthS: spec.externalLimitMinutes * 60, stream: stream(0))
        grid = Episode(perDay: spec.gridFaultsPerDay, lengthS: spec.gridFaultMinutes * 60, stream: stream(1))
        vendor = Episode(perDay: spec.vendorMessagesPerDay, stream: stream(2))
        cabinet = SwapCabinet(perDay: spec.batterySwapsPerDay, ratedW: ratedW, stream: stream(3), now: .zero)
        visitStream = stream(4)
        visits = ratedW.map { _ in nil }
    }

    /// Of each station of a site; none where nothing happens besides charging.
    static func all(
        _ spec: SurroundingsSpec, version: OCPPVersion, at site: SiteParameters
    ) -> ContiguousArray<StationSurroundings> {
        guard !spec.isQuiet else { return [] }
        return ContiguousArray(
            site.stations.map { station in
                StationSurroundings(
                    spec, version: version, entity: station.entity, seed: site.seed,
                    ratedW: station.evses.map { site.evses[$0].ratedW }, stationW: station.ratedW)
            })
    }

    /// What the stations of such a site are built with.
    static func features(_ spec: SurroundingsSpec) -> StationFeatures {
        var features = StationFeatures.standard
        if spec.gridFaultsPerDay > 0 { features.insert(.derControl) }
        if spec.batterySwapsPerDay > 0 { features.insert(.batterySwap) }
        if spec.terminalShare > 0 { features.insert(.paymentTerminal) }
        return features
    }

    var nextTime: SimTime {
        min(
            min(limit?.next ?? .distantFuture, grid?.next ?? .distantFuture, vendor?.next ?? .distantFuture),
            cabinet?.nextTime ?? .distantFuture, planned.first?.at ?? .distantFuture)
    }

    /// What is due at `now`, in order.
    mutating func run(now: SimTime) -> [Happening] {
        var happenings: [Happening] = []
        func add(_ event: StationEvent) { happenings.append(.input(.event(event))) }
        if let next = limit?.next, next <= now, let begins = limit?.turn() {
            add(.externalLimit(watts: begins ? limitW : nil))
        }
        if let next = grid?.next, next <= now, let begins = grid?.turn() {
            let faults: [V2.GridEventFaultEnum] = [.overVoltage, .underVoltage, .overFrequency, .underFrequency]
            if begins, let draw = grid?.draw() { fault = faults[min(3, Int(draw * 4))] }
            add(.gridFault(fault, ended: !begins))
        }
        if let next = vendor?.next, next <= now {
            _ = vendor?.turn()
            messages += 1
            add(.vendorMessage(vendorID: spec.vendorID, messageID: nil, data: JSONText(#"{"number":\#(messages)}"#)))
        }
        if let next = cabinet?.nextTime, next <= now, let inputs = cabinet?.run(now: now) {
            happenings += inputs.map { .input($0) }
        }
        while let first = planned.first, first.at <= now {
            planned.removeFirst()
            switch first.what {
            case .event(let event): add(event)
            case .vehicleSchedules(let evse): happenings.append(.vehicleSchedules(evse: evse))
            }
        }
        return happenings
    }

    private mutating func plan(_ what: Plan.Happening, at: SimTime) {
        planned.insert(Plan(at: at, what: what), at: planned.firstIndex { $0.at > at } ?? planned.count)
    }
    private mutating func plan(_ event: StationEvent, afterS: Double, now: SimTime) {
        plan(.event(event), at: now + .rounding(seconds: afterS))
    }

    // MARK: Visits

    /// A vehicle was plugged in; `needs` is what it would say of itself.
    mutating func plugged(_ evse: Int, needs: V2.ChargingNeeds?, now: SimTime) {
        let visit = Visit(spec, stream: &visitStream)
        visits[evse] = visit
        guard visit.speaksISO15118, version.isV2 else { return }
        if let needs { plan(.evChargingNeeds(evse: evse, needs), afterS: 2, now: now) }
        if visit.wantsContract {
            let chainsMax = version == .v21 ? 1 : nil
            plan(
                .contractWanted(
                    evse: evse, schemaVersion: "urn:iso:15118:2:2013:MsgDef", action: .install,
                    exi: visit.contractRequest, chainsMax: chainsMax), afterS: 4, now: now)
        } else {
            plan(.chainStatusWanted(evse: evse, [visit.contractStatus]), afterS: 4, now: now)
        }
    }

    mutating func presented(_ token: Core.IdToken, at evse: Int) { visits[evse]?.token = token.idToken.description }

    mutating func chargingStarted(_ evse: Int, now: SimTime) {
        guard let visit = visits[evse], version.isV2 else { return }
        if visit.speaksISO15118 { plan(.vehicleSchedules(evse: evse), at: now + .rounding(seconds: 10)) }
        if visit.wantsPriority { plan(.priorityCharging(evse: evse, activated: true), afterS: 20, now: now) }
    }

    /// The CSMS has a contract certificate for the vehicle: from now on it shows that one.
    mutating func contractDelivered(_ evse: Int, now: SimTime) {
        guard let visit = visits[evse] else { return }
        plan(.chainStatusWanted(evse: evse, [visit.contractStatus]), afterS: 2, now: now)
    }

    mutating func transactionEnded(_ evse: Int, id: String, energyWh: Double, now: SimTime) {
        guard let visit = visits[evse], visit.paysAtTerminal, !visit.token.isEmpty, version == .v21 else { return }
        if visit.wantsCompanyReceipt {
            plan(.companyReceiptWanted(vatNumber: visit.vatNumber, evse: evse), afterS: 1, now: now)
        }
        let payment = Settlement(
            reference: visit.token, transactionID: id, status: .settled,
            amount: energyWh / 1000 * spec.terminalPricePerKWh)
        plan(.paymentSettled(payment), afterS: 5, now: now)
    }

    // MARK: Exchange of batteries

    mutating func swapOpened(now: SimTime) { cabinet?.opened(now: now) }
    mutating func swapClosed() { cabinet?.closed() }
}
