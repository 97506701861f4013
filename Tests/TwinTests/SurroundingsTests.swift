import OCPP
import OCPPMessages
import Sim
import Testing

@testable import Models
@testable import Twin

@Suite("Surroundings of stations")
struct SurroundingsTests {
    private func spec(_ change: (inout SurroundingsSpec) -> Void) -> SurroundingsSpec {
        var spec = SurroundingsSpec()
        change(&spec)
        return spec
    }

    private func around(
        _ spec: SurroundingsSpec, version: OCPPVersion = .v21, seed: UInt64 = 7, evses: Int = 2
    ) -> StationSurroundings {
        StationSurroundings(
            spec, version: version, entity: 99, seed: seed, ratedW: Array(repeating: 11_000, count: evses),
            stationW: 22_000)
    }

    /// Everything that happens within `days`, in order.
    private func events(_ around: inout StationSurroundings, days: Int64) -> [(at: SimTime, event: StationEvent)] {
        var found: [(SimTime, StationEvent)] = []
        while around.nextTime < .zero + .days(days) {
            let now = around.nextTime
            for case .input(.event(let event)) in around.run(now: now) { found.append((now, event)) }
        }
        return found
    }

    @Test("limits come as often as the world says, half of the station's output, and each is lifted after its time")
    func limits() {
        var around = around(spec { ($0.externalLimitsPerDay, $0.externalLimitMinutes) = (10, 30) })
        let events = events(&around, days: 400)
        let begun = events.filter { $0.event == .externalLimit(watts: 11_000) }
        let ended = events.filter { $0.event == .externalLimit(watts: nil) }
        #expect(begun.count + ended.count == events.count)
        #expect(zip(begun, ended).allSatisfy { $1.at - $0.at == .minutes(30) })
        // A gap of a tenth of a day and then half an hour: 400 / (0.1 + 1/48) renewals, give or take three deviations.
        let expected = 400 / (0.1 + 1.0 / 48)
        #expect(abs(Double(begun.count) - expected) < 3 * expected.squareRoot(), "\(begun.count) of \(expected)")
    }

    @Test("a fault of the grid ends as the one that began")
    func grid() {
        var around = around(spec { $0.gridFaultsPerDay = 20 })
        var open: V2.GridEventFaultEnum?
        var kinds: Set<V2.GridEventFaultEnum> = []
        for (_, event) in events(&around, days: 30) {
            guard case .gridFault(let fault, let ended) = event else { continue }
            #expect(ended == (open != nil))
            if ended { #expect(fault == open) }
            open = ended ? nil : fault
            kinds.insert(fault)
        }
        #expect(kinds == [.overVoltage, .underVoltage, .overFrequency, .underFrequency])
    }

    @Test("the same world and seed bring the same, another seed something else; what else happens moves nothing")
    func deterministic() {
        let limitsOnly = spec { $0.externalLimitsPerDay = 5 }
        let both = spec { ($0.externalLimitsPerDay, $0.vendorMessagesPerDay) = (5, 50) }
        func limits(_ spec: SurroundingsSpec, seed: UInt64) -> [SimTime] {
            var around = around(spec, seed: seed)
            return events(&around, days: 30).compactMap { at, event in
                if case .externalLimit = event { at } else { nil }
            }
        }
        #expect(limits(limitsOnly, seed: 1) == limits(limitsOnly, seed: 1))
        #expect(limits(limitsOnly, seed: 1) == limits(both, seed: 1))
        #expect(limits(limitsOnly, seed: 1) != limits(limitsOnly, seed: 2))
    }

    @Test("nothing in the world: nothing happens")
    func quiet() {
        #expect(SurroundingsSpec().isQuiet)
        #expect(around(SurroundingsSpec()).nextTime == .distantFuture)
    }

    @Test("batteries: one comes for one that goes, and none is given away that is not charged")
    func swap() {
        var around = around(spec { $0.batterySwapsPerDay = 400 }, evses: 4)
        var slots = Set(around.cabinet?.plugs().compactMap(Self.plugged) ?? [])
        #expect(slots == [1, 2, 3])
        var swaps = 0
        while around.nextTime < .zero + .days(20) {
            let now = around.nextTime
            for case .input(let input) in around.run(now: now) {
                if let slot = Self.plugged(input) { #expect(slots.insert(slot).inserted) }
                if case .everyday(.vehicleUnplugged(let slot, _)) = input { #expect(slots.remove(slot) != nil) }
                guard case .event(.batterySwap(let event)) = input else { continue }
                switch event {
                case .tokenPresented: around.swapOpened(now: now)
                case .inserted(let batteries, let offered):
                    #expect(batteries.count == 1 && batteries.allSatisfy { (5...30).contains($0.soC) })
                    #expect(offered.count == 1 && offered.allSatisfy { (80...100).contains($0.soC) })
                    #expect(offered.first?.evseId != batteries.first?.evseId)
                case .taken: swaps += 1
                }
            }
            #expect(slots.count <= 4)
        }
        #expect(swaps > 500)
    }

    private static func plugged(_ input: Occurrence) -> Int? {
        if case .everyday(.vehiclePlugged(let slot, _)) = input { slot } else { nil }
    }

    @Test(
        "a visit: needs, then a contract or a question about one; 1.6 hears of neither", arguments: OCPPVersion.allCases
    )
    func visit(version: OCPPVersion) {
        for wantsContract in [false, true] {
            var around = around(
                spec { ($0.iso15118Share, $0.contractShare) = (1, wantsContract ? 1 : 0) }, version: version)
            around.plugged(0, needs: V2.ChargingNeeds(requestedEnergyTransfer: .dc), now: .zero)
            let told = events(&around, days: 1).map(\.event)
            guard version.isV2 else {
                #expect(told.isEmpty)
                continue
            }
            #expect(told.count == 2)
            guard case .evChargingNeeds(evse: 0, _)? = told.first else {
                Issue.record("no needs: \(told)")
                continue
            }
            switch told.last {
            case .contractWanted(evse: 0, _, .install, let exi, _): #expect(wantsContract && exi.count == 800)
            case .chainStatusWanted(evse: 0, let questions): #expect(!wantsContract && questions.count == 1)
            default: Issue.record("neither: \(told)")
            }
        }
    }

    @Test("a driver at the terminal pays for what was delivered, after the transaction")
    func terminal() {
        var around = around(spec { ($0.terminalShare, $0.companyShare, $0.terminalPricePerKWh) = (1, 1, 0.5) })
        around.plugged(0, needs: nil, now: .zero)
        around.presented(WorldTokens.token(1), at: 0)
        around.transactionEnded(0, id: "tx", energyWh: 30_000, now: .zero + .minutes(20))
        let told = events(&around, days: 1).map(\.event)
        #expect(told.count == 2)
        guard case .companyReceiptWanted(let number, evse: 0)? = told.first,
            case .paymentSettled(let payment)? = told.last
        else {
            Issue.record("no payment: \(told)")
            return
        }
        #expect(number.count == 14 && number.hasPrefix("NL"))
        #expect(payment.amount == 15 && payment.transactionID == "tx" && payment.reference.hasPrefix("04EVTW"))
    }
}
