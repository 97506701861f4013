import OCPP
import OCPPMessages
import Testing

@testable import Models

@Suite("Battery swap")
struct BatterySwapTests {
    private func bench(charged: Bool = true) -> StationBench {
        var bench = StationBench(features: [.batterySwap])
        bench.context.evses[0].isPlugged = true
        bench.context.evses[0].stateOfCharge = charged ? 0.9 : 0.5
        return bench
    }
    private func battery(_ evse: Int) -> V2.BatteryData {
        V2.BatteryData(evseId: evse, serialNumber: "B\(evse)", soC: 50, soH: 95)
    }
    private func events(_ bench: inout StationBench) -> [V2.BatterySwapRequest] {
        #expect(!bench.context.sends.contains { !$0.isPersistent })
        return bench.sent().compactMap { if case .batterySwap(let event) = $0 { event } else { nil } }
    }

    @Test("a swap asked for by the CSMS runs in and out under its request id, also over a restart")
    func swap() throws {
        var bench = bench()
        var block = BatterySwap()
        let request = V2.RequestBatterySwapRequest(idToken: StationBench.token, requestId: 77)
        #expect(block.requestBatterySwap(request, context: &bench.context).status == .accepted)
        #expect(block.requestBatterySwap(request, context: &bench.context).status == .rejected)
        #expect(block.inserted([battery(2)], offered: [battery(1)], context: &bench.context))
        block = try StationBench.stored(block)
        block.taken(context: &bench.context)
        let told = events(&bench)
        #expect(told.map(\.eventType) == [.batteryIn, .batteryOut])
        #expect(told.map(\.requestId) == [77, 77])
        #expect(told.map { $0.batteryData.map(\.evseId) } == [[2], [1]])
        #expect(block.swap == nil)
        block.taken(context: &bench.context)
        #expect(!block.inserted([battery(2)], offered: [], context: &bench.context))
        #expect(bench.sent().isEmpty)
    }

    @Test("at the reader the CSMS is asked first, one driver at a time, and only with its consent a slot opens")
    func atTheReader() throws {
        for status in [V2.AuthorizationStatusEnum.accepted, .blocked] {
            var bench = bench()
            var block = BatterySwap()
            for _ in 0..<2 {
                block.notice(.batterySwap(.tokenPresented(StationBench.token)), context: &bench.context)
            }
            let asked = bench.sent()
            #expect(asked == [.authorize(V2.AuthorizeRequest(idToken: StationBench.token))])
            #expect(bench.directed().isEmpty && block.swap == nil)
            let answer = V2.AuthorizeResponse(idTokenInfo: V2.IdTokenInfo(status: status))
            block.answered(try #require(asked.first), with: .response(.authorize(answer)), context: &bench.context)
            #expect((block.swap != nil) == (status == .accepted))
            #expect(bench.directed() == (status == .accepted ? [.swapOpened] : []))
            bench.wait(120)
            block.timerDue(context: &bench.context)
            #expect(bench.directed() == (status == .accepted ? [.swapClosed] : []))
        }
        var offline = bench()
        offline.context.isOnline = false
        var block = BatterySwap()
        block.notice(.batterySwap(.tokenPresented(StationBench.token)), context: &offline.context)
        #expect(offline.sent().isEmpty)
    }

    @Test("nobody comes: the swap ends silently before batteries went in, with a timeout event after")
    func timeouts() {
        var bench = bench()
        var block = BatterySwap()
        #expect(block.authorized(StationBench.token, context: &bench.context))
        bench.wait(120)
        #expect(block.nextDeadline == bench.context.now)
        block.timerDue(context: &bench.context)
        #expect(block.swap == nil)
        #expect(events(&bench).isEmpty)
        #expect(block.authorized(StationBench.token, context: &bench.context))
        #expect(block.inserted([battery(2)], offered: [battery(1)], context: &bench.context))
        bench.wait(120)
        block.timerDue(context: &bench.context)
        #expect(events(&bench).map(\.eventType) == [.batteryIn, .batteryOutTimeout])
    }

    @Test("without a charged battery, or without slots, there is no swap")
    func refusals() {
        var empty = bench(charged: false)
        var block = BatterySwap()
        let request = V2.RequestBatterySwapRequest(idToken: StationBench.token, requestId: .min)
        #expect(
            block.requestBatterySwap(request, context: &empty.context).statusInfo?.reasonCode == "NoBatteryAvailable")
        var plain = StationBench()
        #expect(block.requestBatterySwap(request, context: &plain.context).status == .rejected)
        #expect(!block.authorized(StationBench.token, context: &plain.context))
    }
}
