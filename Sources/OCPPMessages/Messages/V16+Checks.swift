internal import OCPP

extension JSONReader {
    /// Makes sure that each of a request's meter values has a sample, which StopTransaction's need not.
    func requireSamples(_ values: [V16.MeterValue]) throws(SchemaViolation) {
        guard !isStored, let bare = values.firstIndex(where: { $0.sampledValue.isEmpty }) else { return }
        throw SchemaViolation(
            code: .occurrenceConstraintViolation, path: "meterValue[\(bare)].sampledValue",
            problem: "fewer than 1 items")
    }
}
