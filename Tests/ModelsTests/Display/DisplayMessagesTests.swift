import OCPP
import OCPPMessages
import Testing

@testable import Models

@Suite("Display messages")
struct DisplayMessagesTests {
    private func message(
        _ id: Int, _ priority: V2.MessagePriorityEnum = .normalCycle, _ text: String = "Hello",
        format: V2.MessageFormatEnum = .utf8, state: V2.MessageStateEnum? = nil, start: Timestamp? = nil,
        end: Timestamp? = nil, transaction: String? = nil, language: String? = nil, evse: Int? = nil
    ) -> V2.MessageInfo {
        V2.MessageInfo(
            id: id, priority: priority, message: V2.MessageContent(format: format, content: text, language: language),
            display: evse.map { V2.Component(name: "Display", evse: V2.EVSE(id: $0)) }, state: state,
            startDateTime: start, endDateTime: end, transactionId: transaction)
    }
    private func set(
        _ message: V2.MessageInfo, _ block: inout DisplayMessages, _ bench: inout StationBench
    )
        -> V2.DisplayMessageStatusEnum
    {
        block.setDisplayMessage(V2.SetDisplayMessageRequest(message: message), context: &bench.context).status
    }

    @Test("what the display cannot show is refused with the reason")
    func refusals() {
        var bench = StationBench()
        var block = DisplayMessages()
        #expect(set(message(1, format: .html), &block, &bench) == .notSupportedMessageFormat)
        #expect(set(message(1, state: .discharging), &block, &bench) == .notSupportedState)
        #expect(set(message(1, transaction: "tx-9"), &block, &bench) == .unknownTransaction)
        #expect(set(message(1, language: "tlh"), &block, &bench) == .languageNotSupported)
        #expect(set(message(1, language: "de-AT"), &block, &bench) == .accepted)
        #expect(set(message(2, evse: .max), &block, &bench) == .rejected)
        #expect(set(message(2, end: StationBench.start), &block, &bench) == .rejected)
        #expect(
            bench.context.set("InFront", component: "DisplayMessageCtrlr", variable: "SupportedPriorities") == .rejected
        )
        bench.context.deviceModel.preset("DisplayMessageCtrlr", "SupportedPriorities", to: "NormalCycle")
        #expect(set(message(2, .inFront), &block, &bench) == .notSupportedPriority)
        #expect(bench.context.set("false", component: "DisplayMessageCtrlr", variable: "Enabled") == .accepted)
        #expect(set(message(2), &block, &bench) == .rejected)
    }

    @Test("the one always in front hides all, those in front hide the others, and a newer first one replaces the older")
    func priorities() {
        var bench = StationBench()
        var block = DisplayMessages()
        func shown() -> [Int] { block.displayed(now: bench.context.now, evses: bench.context.evses).map(\.id) }
        for (id, priority) in [(3, V2.MessagePriorityEnum.normalCycle), (1, .normalCycle)] {
            #expect(set(message(id, priority), &block, &bench) == .accepted)
        }
        #expect(shown() == [1, 3])
        #expect(set(message(5, .inFront), &block, &bench) == .accepted)
        #expect(shown() == [5])
        #expect(set(message(7, .alwaysFront), &block, &bench) == .accepted)
        #expect(set(message(6, .alwaysFront), &block, &bench) == .accepted)
        #expect(shown() == [6])
        #expect(block.messages.map(\.id) == [1, 3, 5, 6])
        #expect(bench.context.deviceModel.int("DisplayMessageCtrlr", "DisplayMessages") == 4)
        #expect(set(message(3, .normalCycle, "Another text"), &block, &bench) == .accepted)
        #expect(block.messages.count == 4)
    }

    @Test("messages come and go with time, state and transaction")
    func conditions() throws {
        var bench = StationBench()
        var block = DisplayMessages()
        let start = StationBench.start.adding(seconds: 60)
        let end = StationBench.start.adding(seconds: 120)
        #expect(set(message(1, start: start, end: end), &block, &bench) == .accepted)
        #expect(set(message(2, state: .charging), &block, &bench) == .accepted)
        bench.charge(1, transactionID: "tx-2")
        #expect(set(message(3, transaction: "tx-2"), &block, &bench) == .accepted)
        func shown(_ evse: Int? = nil) -> [Int] {
            block.displayed(now: bench.context.now, evse: evse, evses: bench.context.evses).map(\.id)
        }
        #expect(shown() == [2, 3])
        #expect(shown(0) == [])
        #expect(block.nextDeadline == start)
        _ = bench.directed()
        bench.context.now = start
        block.timerDue(context: &bench.context)
        #expect(bench.directed() == [.displayChanged])
        #expect(shown() == [1, 2, 3])
        block = try StationBench.stored(block)
        #expect(block.nextDeadline == end)
        bench.context.now = end
        block.timerDue(context: &bench.context)
        #expect(shown() == [2, 3])
        block.notice(.transactionEnded(evse: 1, transactionID: "tx-2", .local), context: &bench.context)
        #expect(block.messages.map(\.id) == [2])
        #expect(block.nextDeadline == .distantFuture)
    }

    @Test("point 43: messages asked for come in parts, and what is not there is unknown")
    func getAndClear() {
        var bench = StationBench()
        var block = DisplayMessages()
        for id in 0..<60 {
            let expected: V2.DisplayMessageStatusEnum = id < DisplayMessages.messagesMax ? .accepted : .rejected
            #expect(set(message(id, state: id % 2 == 0 ? .idle : nil), &block, &bench) == expected)
        }
        func get(
            _ ids: [Int]?, _ state: V2.MessageStateEnum? = nil
        ) -> (V2.GetDisplayMessagesStatusEnum, [V2.NotifyDisplayMessagesRequest]) {
            let answer = block.getDisplayMessages(
                V2.GetDisplayMessagesRequest(requestId: 4, id: ids, state: state), context: &bench.context)
            return (
                answer.status,
                bench.sent().compactMap { if case .notifyDisplayMessages(let part) = $0 { part } else { nil } }
            )
        }
        let all = get(nil)
        #expect(all.1.flatMap { $0.messageInfo ?? [] }.map(\.id) == Array(0..<50))
        #expect(all.1.map { $0.tbc ?? false } == [true, true, true, true, false])
        #expect(get([2, 4, .min, .max]).1.flatMap { $0.messageInfo ?? [] }.map(\.id) == [2, 4])
        #expect(get(nil, .idle).1.flatMap { $0.messageInfo ?? [] }.count == 25)
        #expect(get([99]) == (.unknown, []))
        func clear(_ id: Int) -> V2.ClearMessageStatusEnum {
            block.clearDisplayMessage(V2.ClearDisplayMessageRequest(id: id), context: &bench.context).status
        }
        #expect(clear(2) == .accepted)
        #expect(clear(2) == .unknown)
        #expect(clear(.min) == .unknown)
    }
}
