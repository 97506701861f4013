internal import OCPPMessages

/// Connectors as OCPP 1.6 counts them: through all EVSEs, from 1.
struct V16Connectors: Sendable {
    let counts: [Int]

    /// EVSE and connector of a 1.6 connector; `nil` for one that is not there, 0 included.
    func evse(_ connectorID: Int) -> V2.EVSE? {
        var rest = connectorID - 1
        guard rest >= 0 else { return nil }
        for (index, count) in counts.enumerated() {
            if rest < count { return V2.EVSE(id: index + 1, connectorId: rest + 1) }
            rest -= count
        }
        return nil
    }
}
