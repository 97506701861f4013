public import OCPPMessages

/// What somebody who exchanges batteries does. OCPP 2.1.
public enum SwapEvent: Equatable, Sendable, Codable {
    /// A token is presented at the charging station, to begin an exchange.
    case tokenPresented(V2.IdToken)
    /// Batteries were put in; `offered` are unlocked in exchange. State of charge and health are percentages.
    case inserted([V2.BatteryData], offered: [V2.BatteryData])
    /// The batteries offered were taken out.
    case taken
}
