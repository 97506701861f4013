public import OCPPMessages

/// A payment at the charging station's terminal, settled or not. OCPP 2.1.
public struct Settlement: Equatable, Sendable, Codable {
    /// Of the payment service provider, which was the transaction's token; at most 255 characters.
    public var reference: String
    public var transactionID: String?
    public var status: V2.PaymentStatusEnum
    /// What the terminal would ask for by itself, taxes included, in the currency of TariffCostCtrlr; a cost that the
    /// CSMS or the charging station has reckoned takes its place.
    public var amount: Double
    public var detail: String?
    public var receiptID: String?
    public var receiptURL: String?

    public init(
        reference: String, transactionID: String?, status: V2.PaymentStatusEnum, amount: Double, detail: String? = nil,
        receiptID: String? = nil, receiptURL: String? = nil
    ) {
        self.reference = reference
        self.transactionID = transactionID
        self.status = status
        self.amount = amount
        self.detail = detail
        self.receiptID = receiptID
        self.receiptURL = receiptURL
    }
}
