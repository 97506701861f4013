internal import OCPP
internal import OCPPMessages

/// Values of periodic monitors sent as a stream instead of one NotifyEvent each. OCPP 2.1.
/// - Source: OCPP 2.1 part 2, use cases N11 to N15.
struct EventStreams: Sendable, Codable {
    /// Values that wait in a stream, at most; the oldest go first.
    static let valuesMax = 256
    /// Values in one message, at most.
    static let batchMax = 64

    struct Stream: Sendable, Codable, Equatable {
        let id: Int
        let monitor: Int
        var params: V2.PeriodicEventStreamParams
        /// The CSMS has agreed.
        var isOpen = false
        var values: [Value] = []
        var due = Timestamp.distantFuture

        /// What the parameters say, within reason.
        var intervalS: Int { min(max(params.interval ?? 60, 1), 86_400) }
        var batch: Int { min(max(params.values ?? EventStreams.batchMax, 1), EventStreams.batchMax) }
    }
    struct Value: Sendable, Codable, Equatable {
        var at: Timestamp
        var text: String
    }

    private(set) var streams: [Stream] = []

    var nextDeadline: Timestamp { streams.map(\.due).min() ?? .distantFuture }
    var count: Int { streams.count }

    /// Asks the CSMS for a stream of a monitor's values.
    mutating func open(monitor: Int, params: V2.PeriodicEventStreamParams, context: inout ControllerContext) {
        close(monitor: monitor, context: &context)
        let stream = Stream(id: context.nextID(), monitor: monitor, params: params)
        streams.append(stream)
        Self.ask(for: stream, context: &context)
    }

    private static func ask(for stream: Stream, context: inout ControllerContext) {
        context.send(
            .openPeriodicEventStream(
                V2.OpenPeriodicEventStreamRequest(
                    constantStreamData: V2.ConstantStreamData(
                        id: stream.id, params: stream.params, variableMonitoringId: stream.monitor))))
    }

    /// The CSMS has agreed or not; without a stream its monitor reports by NotifyEvent.
    mutating func answered(_ stream: Int, accepted: Bool, now: Timestamp) {
        guard let index = streams.firstIndex(where: { $0.id == stream }) else { return }
        if accepted {
            streams[index].isOpen = true
            streams[index].due = now.after(seconds: streams[index].intervalS)
        } else {
            streams.remove(at: index)
        }
    }

    /// The monitor is gone: the CSMS is told that nothing more comes.
    mutating func close(monitor: Int, context: inout ControllerContext) {
        guard let index = streams.firstIndex(where: { $0.monitor == monitor }) else { return }
        let stream = streams.remove(at: index)
        if stream.isOpen {
            context.send(.closePeriodicEventStream(V2.ClosePeriodicEventStreamRequest(id: stream.id)))
        }
    }

    /// Puts a value into the monitor's stream. Returns `false` when there is none that is open.
    mutating func append(_ text: String, monitor: Int, context: inout ControllerContext) -> Bool {
        guard let index = streams.firstIndex(where: { $0.monitor == monitor && $0.isOpen }) else { return false }
        if streams[index].values.count >= Self.valuesMax { streams[index].values.removeFirst() }
        streams[index].values.append(Value(at: context.now.wholeMilliseconds, text: text))
        if streams[index].values.count >= streams[index].batch, context.isOnline { sendBatch(index, &context) }
        return true
    }

    mutating func timerDue(context: inout ControllerContext) {
        for index in streams.indices where streams[index].due <= context.now {
            streams[index].due = context.now.after(seconds: streams[index].intervalS)
            if context.isOnline, !streams[index].values.isEmpty { sendBatch(index, &context) }
        }
    }

    private mutating func sendBatch(_ index: Int, _ context: inout ControllerContext) {
        let batch = streams[index].values.prefix(Self.batchMax)
        guard let base = batch.first?.at else { return }
        streams[index].values.removeFirst(batch.count)
        streams[index].due = context.now.after(seconds: streams[index].intervalS)
        context.send(
            .notifyPeriodicEventStream(
                V2.NotifyPeriodicEventStreamRequest(
                    data: batch.map {
                        V2.StreamDataElement(t: ValueRules.sixPlaces($0.at.seconds(since: base)), v: $0.text)
                    }, id: streams[index].id, pending: streams[index].values.count, basetime: base)))
    }

    /// A restart ends all streams; they are asked for anew once the charging station is registered.
    mutating func restarted() {
        for index in streams.indices {
            streams[index].isOpen = false
            streams[index].due = .distantFuture
            streams[index].values = []
        }
    }
    mutating func reopen(context: inout ControllerContext) {
        for stream in streams where !stream.isOpen { Self.ask(for: stream, context: &context) }
    }

    // MARK: N13, N14

    mutating func adjust(
        _ request: V2.AdjustPeriodicEventStreamRequest, now: Timestamp
    ) -> V2.AdjustPeriodicEventStreamResponse {
        guard let index = streams.firstIndex(where: { $0.id == request.id }) else {
            return V2.AdjustPeriodicEventStreamResponse(
                status: .rejected, statusInfo: V2.StatusInfo(reasonCode: "NotFound"))
        }
        streams[index].params = request.params
        if streams[index].isOpen { streams[index].due = now.after(seconds: streams[index].intervalS) }
        return V2.AdjustPeriodicEventStreamResponse(status: .accepted)
    }

    var described: V2.GetPeriodicEventStreamResponse {
        let open = streams.filter(\.isOpen).map {
            V2.ConstantStreamData(id: $0.id, params: $0.params, variableMonitoringId: $0.monitor)
        }
        return V2.GetPeriodicEventStreamResponse(constantStreamData: open.isEmpty ? nil : open)
    }
}
