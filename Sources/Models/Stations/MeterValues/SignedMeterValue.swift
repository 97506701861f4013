public import OCPP
internal import OCPPMessages

/// A meter record in the Open Charge Metering Format: readings of a transaction in one text that a meter signs.
///
/// The text is `OCMF|{payload}|{signature}`; what is signed is the payload's bytes exactly as they stand between the
/// bars. Nothing here signs: ``payload`` is handed to whoever holds the meter's key, ``text(signature:)`` takes the
/// result. Timestamps are in UTC with three digits of milliseconds.
/// - Source: Open Charge Metering Format (SAFE e.V.), version 1.0: sections "Structure", "Payload" and "Signature".
public struct SignedMeterValue: Hashable, Sendable, Codable {
    /// Why a reading was taken (`TX`).
    public enum Occasion: String, Hashable, Sendable, Codable {
        case begin = "B"
        case charging = "C"
        case exception = "X"
        case end = "E"
        case endedLocally = "L"
        case endedRemotely = "R"
        case aborted = "A"
        case powerFailure = "P"
        case suspended = "S"
        case tariffChange = "T"
    }
    /// How trustworthy the clock is (last letter of `TM`).
    public enum ClockStatus: String, Hashable, Sendable, Codable {
        case unknown = "U"
        case informative = "I"
        case synchronised = "S"
        case relative = "R"
    }
    /// State of the meter (`ST`).
    public enum MeterStatus: String, Hashable, Sendable, Codable {
        case notPresent = "N"
        case good = "G"
        case timeout = "T"
        case disconnected = "D"
        case notFound = "R"
        case manipulated = "M"
        case exchanged = "X"
        case incompatible = "I"
        case outOfRange = "O"
        case substitute = "S"
        case otherError = "E"
        case readError = "F"
    }
    /// How sure the identity of the user is (`IL`).
    public enum IdentificationLevel: String, Hashable, Sendable, Codable {
        case none = "NONE"
        case hearsay = "HEARSAY"
        case trusted = "TRUSTED"
        case verified = "VERIFIED"
        case certified = "CERTIFIED"
        case secure = "SECURE"
    }

    /// One reading of the energy register.
    public struct Reading: Hashable, Sendable, Codable {
        public var time: Timestamp
        public var clock: ClockStatus
        public var occasion: Occasion
        /// Energy register, Wh, from 0; absolute and never rebased.
        public var energyWh: Double
        public var status: MeterStatus

        public init(
            time: Timestamp, clock: ClockStatus = .synchronised, occasion: Occasion, energyWh: Double,
            status: MeterStatus = .good
        ) {
            self.time = time
            self.clock = clock
            self.occasion = occasion
            self.energyWh = energyWh
            self.status = status
        }
    }

    /// Identification of the system that wrote the record (`GI`, `GS`, `GV`).
    public var gateway: String
    public var gatewaySerial: String
    public var gatewayVersion: String
    /// Number of the record (`PG`): `T` for transactions, counted for ever.
    public var pagination: Int
    /// The meter (`MV`, `MM`, `MS`, `MF`).
    public var meterVendor: String
    public var meterModel: String
    public var meterSerial: String
    public var meterFirmware: String
    /// Who charges (`IS`, `IL`, `IT`, `ID`); no identifier for an unassigned transaction.
    public var identificationLevel: IdentificationLevel
    /// Type of the identifier in OCMF's words, such as `ISO14443`, `ISO15693`, `EMAID`, `CENTRAL`, `LOCAL`, `NONE`.
    public var identificationType: String
    public var identification: String?
    /// Place (`CT` and `CI`): the EVSE's identifier.
    public var evseID: String
    /// What the meter measures (`RT`).
    public var isDirectCurrent: Bool
    /// In order of time: begin first, end last.
    public var readings: [Reading]

    /// OBIS code of the register: energy drawn from the grid in total, at the meter.
    static let energyRegister = "01-00:B0.08.00*FF"

    public init(
        gateway: String, gatewaySerial: String, gatewayVersion: String, pagination: Int, meterVendor: String,
        meterModel: String, meterSerial: String, meterFirmware: String,
        identificationLevel: IdentificationLevel = .trusted, identificationType: String, identification: String?,
        evseID: String, isDirectCurrent: Bool, readings: [Reading]
    ) {
        self.gateway = gateway
        self.gatewaySerial = gatewaySerial
        self.gatewayVersion = gatewayVersion
        self.pagination = pagination
        self.meterVendor = meterVendor
        self.meterModel = meterModel
        self.meterSerial = meterSerial
        self.meterFirmware = meterFirmware
        self.identificationLevel = identificationLevel
        self.identificationType = identificationType
        self.identification = identification
        self.evseID = evseID
        self.isDirectCurrent = isDirectCurrent
        self.readings = readings
    }

    /// The JSON text between the bars: what has to be signed, byte for byte.
    public var payload: String {
        var json = OCMFObject()
        json.text("FV", "1.0")
        json.text("GI", gateway)
        json.text("GS", gatewaySerial)
        json.text("GV", gatewayVersion)
        json.text("PG", "T\(pagination)")
        json.text("MV", meterVendor)
        json.text("MM", meterModel)
        json.text("MS", meterSerial)
        json.text("MF", meterFirmware)
        json.raw("IS", identification == nil ? "false" : "true")
        json.text("IL", identificationLevel.rawValue)
        json.raw("IF", "[]")
        json.text("IT", identification == nil ? "NONE" : identificationType)
        if let identification { json.text("ID", identification) }
        json.text("CT", "EVSEID")
        json.text("CI", evseID)
        json.raw("RD", "[" + readings.map { text(of: $0) }.joined(separator: ",") + "]")
        return json.text
    }

    /// The whole record.
    /// - Parameter signature: ECDSA with secp256r1 over SHA-256 of ``payload``'s UTF-8, DER form.
    public func text(signature: [UInt8]) -> String {
        var json = OCMFObject()
        json.text("SA", Self.signingMethod)
        json.text("SE", "hex")
        json.text("SD", Self.hex(signature))
        return "OCMF|\(payload)|\(json.text)"
    }

    /// The signature algorithm's name, in records and in OCPP's `signingMethod`.
    public static let signingMethod = "ECDSA-secp256r1-SHA256"
    /// The record's name in OCPP's `encodingMethod`.
    public static let encodingMethod = "OCMF"

    private func text(of reading: Reading) -> String {
        var json = OCMFObject()
        json.text("TM", Self.time(reading.time) + " " + reading.clock.rawValue)
        json.text("TX", reading.occasion.rawValue)
        json.raw("RV", Self.decimal(reading.energyWh / 1000))
        json.text("RI", Self.energyRegister)
        json.text("RU", "kWh")
        json.text("RT", isDirectCurrent ? "DC" : "AC")
        json.text("EF", "")
        json.text("ST", reading.status.rawValue)
        return json.text
    }

    /// `2025-01-06T17:03:09,250+0000`: OCMF wants a comma and an offset.
    private static func time(_ time: Timestamp) -> String {
        let text = time.wholeMilliseconds.text.dropLast()
        let isWhole = !text.contains(".")
        return text.map { $0 == "." ? "," : String($0) }.joined() + (isWhole ? ",000" : "") + "+0000"
    }

    /// kWh with the meter's three decimals, from 0 to a billion.
    private static func decimal(_ kWh: Double) -> String {
        let wattHours = kWh.isFinite ? Int((min(max(kWh, 0), 1e9) * 1000).rounded()) : 0
        let rest = String(wattHours % 1000)
        return "\(wattHours / 1000)." + String(repeating: "0", count: 3 - rest.utf8.count) + rest
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true) }.joined()
    }
}

/// A JSON object in the making, its members in the order in which they are added.
private struct OCMFObject {
    private var members: [String] = []

    var text: String { "{" + members.joined(separator: ",") + "}" }

    /// A bar inside a text is escaped, since bars part the sections of the record.
    mutating func text(_ name: String, _ value: String) {
        let json = JSONText(string: value).text
        raw(name, json.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\u007C"))
    }
    mutating func raw(_ name: String, _ json: String) { members.append("\"\(name)\":\(json)") }
}
