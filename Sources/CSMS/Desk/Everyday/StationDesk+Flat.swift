public import OCPP

extension StationDesk {
    /// Handles an everyday message in its flat form, as simulated runs carry it, and answers it.
    ///
    /// The books are the same as for messages of a wire. What is to be kept comes as ``Effect``s, and no store is asked:
    /// what is not in memory is new.
    ///
    /// - Parameters:
    ///   - station: what the effects call the charging station.
    ///   - now: the CSMS's clock; must not run backwards.
    ///   - directory: the network's tokens.
    ///   - effects: what is to be kept is appended here.
    public mutating func handle(
        _ call: StationCall, from station: Int, now: Timestamp, directory: TokenDirectory, effects: inout [Effect]
    ) -> CSMSAnswer {
        if case .bootNotification = call.request { decideBoot(wireVersion) }
        return everyday.handle(call, from: station, now: now, directory: directory, effects: &effects)
    }
}
