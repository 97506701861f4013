extension Core {
    /// Why a reading was taken.
    public enum ReadingContext: String, WireEnumeration {
        case interruptionBegin = "Interruption.Begin"
        case interruptionEnd = "Interruption.End"
        case other = "Other"
        case sampleClock = "Sample.Clock"
        case samplePeriodic = "Sample.Periodic"
        case transactionBegin = "Transaction.Begin"
        case transactionEnd = "Transaction.End"
        case trigger = "Trigger"
    }

    /// One reading of an EVSE's meter: on the wire a `MeterValueType` with one `SampledValueType` per measurand.
    public struct MeterValue: Hashable, Sendable, BitwiseCopyable, Codable {
        public var timestamp: Timestamp
        /// The same for all measurands of the reading.
        public var context: ReadingContext
        /// `Energy.Active.Import.Register`, Wh: absolute and never falling, not counted from the transaction's start.
        public var energyActiveImportRegisterWh: Double
        /// `Power.Active.Import`, W.
        public var powerActiveImportW: Double?
        /// `SoC`, percent, 0 ... 100.
        public var socPercent: Double?

        @inlinable public init(
            timestamp: Timestamp, context: ReadingContext, energyActiveImportRegisterWh: Double,
            powerActiveImportW: Double? = nil, socPercent: Double? = nil
        ) {
            self.timestamp = timestamp
            self.context = context
            self.energyActiveImportRegisterWh = energyActiveImportRegisterWh
            self.powerActiveImportW = powerActiveImportW
            self.socPercent = socPercent
        }
    }

    /// A reading outside a transaction. Use case J01.
    public struct MeterValuesRequest: Hashable, Sendable, BitwiseCopyable, Codable {
        /// From 1; 0 is the charging station's main meter.
        public var evseId: Int32
        public var meterValue: MeterValue

        @inlinable public init(evseId: Int32, meterValue: MeterValue) {
            self.evseId = evseId
            self.meterValue = meterValue
        }
    }

    /// Receipt; has no fields.
    public struct MeterValuesResponse: Hashable, Sendable, BitwiseCopyable, Codable {
        @inlinable public init() {}
    }
}
