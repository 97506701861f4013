internal import Logging
internal import Synchronization

/// What a scrape of `/metrics` shows.
enum ServerMetrics {
    static func text(of hub: Hub) async -> String {
        var text = MetricsText()
        let figures = await hub.figures()
        connections(figures, of: hub, into: &text)
        messages(figures, into: &text)
        writer(hub.writer, into: &text)
        return text.text
    }

    private static func connections(_ figures: LoopFigures, of hub: Hub, into text: inout MetricsText) {
        text.family("evtwin_stations", .gauge, "Charging stations known.")
        text.sample("evtwin_stations", Double(hub.registry.count))
        text.family("evtwin_connections", .gauge, "Open connections of charging stations.")
        text.sample("evtwin_connections", Double(figures.opened) - Double(figures.closed))
        text.family("evtwin_connections_opened_total", .counter, "Connections that were let in.")
        text.sample("evtwin_connections_opened_total", figures.opened)
        text.family(
            "evtwin_connections_replaced_total", .counter, "Connections that a newer one of the same identity replaced."
        )
        text.sample("evtwin_connections_replaced_total", figures.replaced)
        text.family("evtwin_connections_refused_total", .counter, "Connections that were turned away, by reason.")
        for reason in LoopFigures.Refusal.allCases {
            text.sample(
                "evtwin_connections_refused_total", figures.refusals[reason.rawValue], [("reason", "\(reason)")])
        }
        text.family(
            "evtwin_reads_paused_total", .counter, "Times that a connection was not read, to let the database catch up."
        )
        text.sample("evtwin_reads_paused_total", figures.pausedReads)
    }

    private static func messages(_ figures: LoopFigures, into text: inout MetricsText) {
        text.family("evtwin_messages_total", .counter, "Messages of charging stations, by action and outcome.")
        for (family, action, outcome, count) in figures.messageCounts {
            text.sample(
                "evtwin_messages_total", count, [("family", family), ("action", action), ("outcome", "\(outcome)")])
        }
        text.family("evtwin_messages_unknown_total", .counter, "Messages of an action that the version does not know.")
        text.sample("evtwin_messages_unknown_total", figures.unknownActions)
        text.family(
            "evtwin_messages_invalid_total", .counter, "Messages refused as they break the schema of their action.")
        text.sample("evtwin_messages_invalid_total", figures.invalidMessages)
        text.family(
            "evtwin_messages_tolerated_total", .counter,
            "Messages of transactions that were taken though they break it.")
        text.sample("evtwin_messages_tolerated_total", figures.toleratedMessages)
        text.family("evtwin_frames_malformed_total", .counter, "Frames that are no messages.")
        text.sample("evtwin_frames_malformed_total", figures.malformedFrames)
        text.family("evtwin_calls_total", .counter, "Calls to charging stations, by outcome.")
        text.sample("evtwin_calls_total", figures.callsSent, [("outcome", "sent")])
        text.sample("evtwin_calls_total", figures.callsRefused, [("outcome", "refused")])
        text.sample("evtwin_calls_total", figures.callsTimedOut, [("outcome", "timedOut")])
        text.family(
            "evtwin_message_seconds", .histogram,
            "From a message's arrival to its answer, one in \(LoopFigures.sampling) messages.")
        text.histogram("evtwin_message_seconds", figures.latencies)
    }

    private static func writer(_ writer: StoreWriter, into text: inout MetricsText) {
        let figures = writer.figures.withLock { $0 }
        text.family("evtwin_store_queue_entries", .gauge, "Entries that wait for the database.")
        text.sample("evtwin_store_queue_entries", Double(writer.depth))
        text.family("evtwin_store_entries_total", .counter, "Entries committed.")
        text.sample("evtwin_store_entries_total", figures.entries)
        text.family("evtwin_store_batch_entries", .histogram, "Entries per transaction of the database.")
        text.histogram("evtwin_store_batch_entries", figures.batchSizes)
        text.family("evtwin_store_commit_seconds", .histogram, "Time per transaction of the database.")
        text.histogram("evtwin_store_commit_seconds", figures.commitTimes)
        text.family("evtwin_store_errors_total", .counter, "Transactions of the database that failed.")
        text.sample("evtwin_store_errors_total", figures.errors)
        text.family("evtwin_store_healthy", .gauge, "1 when the database can be written, else 0.")
        text.sample("evtwin_store_healthy", writer.problem == nil ? 1.0 : 0.0)
    }
}
