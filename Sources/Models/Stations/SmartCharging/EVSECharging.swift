public import OCPP

/// What the computation of limits has to know of an EVSE.
public struct EVSECharging: Hashable, Sendable, Codable {
    public var supply: EVSESupply
    /// Most the hardware can deliver, W over all phases; infinite when nothing is known.
    public var maximumW: Double
    /// What may be drawn while no profile of the EVSE leads, in the unit of ``unlimitedUnit``; `nil` for the maximum.
    public var unlimited: Double?
    public var unlimitedUnit: RateUnit = .watts
    /// The transaction that runs, with the instant at which charging started (power path closed); `nil` when idle.
    public var transaction: Transaction?
    /// 0 ... 1, as far as known.
    public var stateOfCharge: Double?
    /// 2.1: whether priority charging is active for the transaction.
    public var isPriority = false

    /// The part of a transaction that matters for charging profiles.
    public struct Transaction: Hashable, Sendable, Codable {
        public var id: String
        public var chargingStart: Timestamp

        public init(id: String, chargingStart: Timestamp) {
            self.id = id
            self.chargingStart = chargingStart
        }
    }

    public init(
        supply: EVSESupply, maximumW: Double, unlimited: Double? = nil, unlimitedUnit: RateUnit = .watts,
        transaction: Transaction? = nil, stateOfCharge: Double? = nil, isPriority: Bool = false
    ) {
        self.supply = supply
        self.maximumW = maximumW
        self.unlimited = unlimited
        self.unlimitedUnit = unlimitedUnit
        self.transaction = transaction
        self.stateOfCharge = stateOfCharge
        self.isPriority = isPriority
    }
}
