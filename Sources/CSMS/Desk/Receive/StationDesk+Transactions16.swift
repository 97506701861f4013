internal import OCPP
internal import OCPPMessages

/// Transactions of OCPP 1.6 on their way to the books.
///
/// They are always answered: what cannot be right is left out or booked apart, since a charging station that is refused
/// only sends the same again, and drops it in the end.
/// - Source: OCPP 1.6, 4.8 to 4.10 and 5.2; its errata sheet 3.18; OCPP-J 1.6 errata sheet 3.1 and 3.7.
extension StationDesk {
    mutating func startTransaction(
        _ id: String, _ request: V16.StartTransactionRequest, lookUp: LookUp, _ turn: inout DeskTurn
    ) {
        let token = Core.IdToken(idTag: request.idTag)
        let start = TransactionStart(
            connector: Int32(clamping: request.connectorId), idTag: token.idToken, timestamp: request.timestamp,
            meterStartWh: Int64(request.meterStart))
        var known = ledger.id(of: start)
        if known == nil, case .found(let stored?, _) = lookUp { known = stored.transactionID }
        if known == nil, everyday.book.hasOlder, case .notAsked = lookUp {
            return wait(
                id, .v16(.startTransaction(request)), for: .findTransaction(.start(key: start.key)),
                &turn)
        }
        guard let transaction = known ?? ledger.nextID() else {
            if ledger.shallAsk() { turn.outputs.append(.needTransactionIDs) }
            return waitForIDs(id, request, &turn)
        }
        if ledger.shallAsk() { turn.outputs.append(.needTransactionIDs) }
        let event = Core.TransactionEventRequest(
            eventType: .started, timestamp: request.timestamp, triggerReason: .authorized, seqNo: 0, offline: false,
            transactionInfo: Core.Transaction(transactionId: transaction),
            evse: start.connector >= 1 ? Core.EVSE(id: start.connector) : nil, idToken: token,
            meterValue: Self.reading(request.meterStart, at: request.timestamp, .transactionBegin))
        // A new id has no transaction in the store; a known one that is not in memory has it with the answer.
        let asked: LookUp = known == nil ? .found(nil, transaction) : lookUp
        switch book(event, start: start, lookUp: asked, &turn) {
        case .done(let info):
            keepPayload("StartTransaction", event, &turn)
            remoteStarted(idTag: request.idTag, connector: request.connectorId, &turn)
            if let reservation = request.reservationId { reservationUsed(reservation, &turn) }
            turn.answer16(
                id,
                .startTransaction(
                    .init(
                        idTagInfo: info.map(V16.IdTagInfo.init) ?? V16.IdTagInfo(status: .invalid),
                        transactionId: Int(transaction.description) ?? 0)))
        case .needsStore:
            wait(
                id, .v16(.startTransaction(request)), for: .findTransaction(.id(transaction)), &turn)
        case .refused(let code): turn.refuse(id, code, "the start cannot be booked")
        }
    }

    /// A transaction that nobody knows, as one that began while its StartTransaction was lost and ends with id -1, is
    /// booked by what its end says.
    mutating func stopTransaction(
        _ id: String, _ request: V16.StopTransactionRequest, lookUp: LookUp, _ turn: inout DeskTurn
    ) {
        let number = IdentifierText("\(request.transactionId)") ?? IdentifierText()
        var transaction = number
        var lookUp = lookUp
        if !everyday.book.isOpen(number), !everyday.book.isRecent(number) {
            switch lookUp {
            case .notAsked where everyday.book.hasOlder && request.transactionId > 0:
                return wait(
                    id, .v16(.stopTransaction(request)), for: .findTransaction(.id(number)), &turn)
            case .notAsked: transaction = request.orphanID
            case .found(nil, number):
                transaction = request.orphanID
                lookUp = .notAsked
            case .found(_, let asked): transaction = asked
            }
        }
        let readings = EnergyReadings(request.transactionData)
        let end = Self.reading(request.meterStop, at: request.timestamp, .transactionEnd) ?? readings.end
        var begin = readings.begin
        // The end of a transaction that has ended: the same again, or of one whose start was taken for the earlier one's.
        let earlier = transaction == number ? earlierEnd(of: number, lookUp) : nil
        var isRepeated = earlier != nil
        if let earlier, let end, end.energyActiveImportRegisterWh > earlier {
            isRepeated = false
            transaction = request.orphanID
            lookUp = .found(nil, transaction)
            begin = Core.MeterValue(
                timestamp: request.timestamp, context: .transactionBegin, energyActiveImportRegisterWh: earlier)
        }
        let event = Core.TransactionEventRequest(
            eventType: .ended, timestamp: request.timestamp, triggerReason: .chargingStateChanged,
            seqNo: ledger.sequence(of: transaction, reading: nil) ?? 1, offline: false,
            transactionInfo: Core.Transaction(
                transactionId: transaction, stoppedReason: Words.stoppedReason(request.reason)),
            idToken: request.idTag.map { Core.IdToken(idTag: $0) },
            meterValue: end, meterValueAtBegin: begin)
        switch book(event, lookUp: lookUp, &turn) {
        case .done(let info):
            if !isRepeated { keepPayload("StopTransaction", event, &turn) }
            turn.answer16(
                id,
                .stopTransaction(.init(idTagInfo: request.idTag == nil ? nil : info.map(V16.IdTagInfo.init))))
        case .needsStore:
            wait(
                id, .v16(.stopTransaction(request)), for: .findTransaction(.id(transaction)), &turn)
        case .refused(let code): turn.refuse(id, code, "the end cannot be booked")
        }
    }

    /// Register at which a booked transaction ended, Wh; `nil` when it has not ended, or nobody knows it.
    private func earlierEnd(of id: IdentifierText, _ lookUp: LookUp) -> Double? {
        guard !everyday.book.isOpen(id) else { return nil }
        if case .found(let stored?, id) = lookUp, stored.state.hasEnded { return stored.record.meterStopWh }
        return everyday.book.recentEndWh(id)
    }

    /// Readings of a transaction, open or booked; where there is none of that id, of the connector.
    mutating func meterValues(
        _ id: String, _ request: V16.MeterValuesRequest, lookUp: LookUp, _ turn: inout DeskTurn
    ) {
        let readings = EnergyReadings(request.meterValue)
        let number = request.transactionId.flatMap { $0 > 0 ? IdentifierText("\($0)") : nil }
        var sequence: Int32?
        if let number {
            sequence = ledger.sequence(of: number, reading: request.fingerprint)
            switch lookUp {
            case .found(let stored?, _): sequence = sequence ?? stored.state.received.end
            case .found(nil, _): break
            case .notAsked where sequence == nil && (everyday.book.isRecent(number) || everyday.book.hasOlder):
                return wait(
                    id, .v16(.meterValues(request)), for: .findTransaction(.id(number)), &turn)
            case .notAsked: break
            }
        }
        if let number, let sequence {
            let instants = request.meterValue.map(\.timestamp)
            let event = Core.TransactionEventRequest(
                eventType: .updated, timestamp: readings.latest?.timestamp ?? instants.max() ?? turn.now,
                triggerReason: .meterValuePeriodic, seqNo: sequence, offline: false,
                transactionInfo: Core.Transaction(transactionId: number), meterValue: readings.latest)
            _ = book(event, lookUp: lookUp, &turn)
            turn.keep(
                .payload(
                    payload("MeterValues", number, sequence, .updated, Int32(clamping: request.connectorId), turn)))
        } else {
            noteIdleReading(evse: request.connectorId, readings, &turn)
            turn.keep(
                .payload(payload("MeterValues", nil, 0, nil, Int32(clamping: request.connectorId), turn)))
        }
        turn.answer16(id, .meterValues(.init()))
    }

    private func keepPayload(_ action: String, _ event: Core.TransactionEventRequest, _ turn: inout DeskTurn) {
        turn.keep(
            .payload(
                payload(
                    action, event.transactionInfo.transactionId, event.seqNo, event.eventType, event.evse?.id ?? 0,
                    turn)))
    }

    private func payload(
        _ action: String, _ transaction: IdentifierText?, _ sequence: Int32, _ kind: Core.TransactionEventKind?,
        _ evse: Int32, _ turn: DeskTurn
    ) -> KeptPayload {
        KeptPayload(
            action: action, transactionID: transaction, sequence: sequence, event: kind, evse: evse,
            receivedAt: turn.now)
    }

    /// `nil` for a register that cannot be one.
    private static func reading(
        _ registerWh: Int, at timestamp: Timestamp, _ context: Core.ReadingContext
    ) -> Core.MeterValue? {
        let value = Core.MeterValue(
            timestamp: timestamp, context: context, energyActiveImportRegisterWh: Double(registerWh))
        return value.isPlausible ? value : nil
    }
}

extension V16.MeterValuesRequest {
    /// Tells readings apart by their instants, values and kinds.
    fileprivate var fingerprint: UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func mix(_ byte: UInt64) { hash = (hash ^ byte) &* 0x100_0000_01B3 }
        for reading in meterValue {
            mix(UInt64(bitPattern: reading.timestamp.microseconds))
            for sample in reading.sampledValue {
                for byte in sample.value.utf8 { mix(UInt64(byte)) }
                mix(UInt64(sample.context?.rawValue ?? 255) << 8 | UInt64(sample.measurand?.rawValue ?? 255))
                mix(UInt64(sample.phase?.rawValue ?? 255) << 8 | UInt64(sample.location?.rawValue ?? 255))
            }
        }
        return hash
    }
}

extension V16.StopTransactionRequest {
    /// An id for a transaction that nobody knows, made of what the message says, so that its repetition is the same one.
    fileprivate var orphanID: IdentifierText {
        let text = "?\(transactionId)-\(timestamp.microseconds / 1_000_000)-\(meterStop)"
        return IdentifierText(text) ?? IdentifierText(foldingToken: text)
    }
}
