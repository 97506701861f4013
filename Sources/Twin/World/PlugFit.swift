import Models

extension ConnectorType {
    /// Whether a vehicle with this inlet can use the plug, with the adapters drivers carry.
    func fits(_ inlet: ConnectorType) -> Bool {
        switch (self, inlet) {
        case (.type1, .nacs), (.ccs1, .nacs), (.nacs, .type1), (.nacs, .ccs1): true
        default: self == inlet
        }
    }
}
