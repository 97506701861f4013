internal import OCPP
internal import OCPPMessages

/// Messages outside the standard: which vendors' are known, and how they are answered.
/// - Source: OCPP 2.0.1 part 2, use case P01.
struct VendorData: ControllerBlock {
    /// A vendor's extension.
    struct Vendor: Sendable, Codable, Equatable {
        /// Reversed domain name.
        var id: String
        /// Messages understood; with none, the vendor's messages go without an id.
        var messages: [Message] = []
    }
    struct Message: Sendable, Codable, Equatable {
        var id: String
        /// Data of the answer.
        var answer: JSONText?
    }

    let vendors: [Vendor]

    init(vendors: [Vendor] = []) { self.vendors = vendors }

    /// Names for the device model, where each vendor's extension can be switched off.
    var vendorIDs: [String] { vendors.map(\.id) }

    mutating func notice(_ event: StationEvent, context: inout ControllerContext) {
        guard case .vendorMessage(let vendorID, let messageID, let data) = event else { return }
        context.send(.dataTransfer(V2.DataTransferRequest(vendorId: vendorID, messageId: messageID, data: data)))
    }

    func dataTransfer(
        _ request: V2.DataTransferRequest, context: inout ControllerContext
    ) -> V2.DataTransferResponse {
        guard let vendor = vendors.first(where: { VariableCatalogue.isSame($0.id, request.vendorId) }) else {
            return V2.DataTransferResponse(status: .unknownVendorId)
        }
        let isEnabled = context.value(
            component: "CustomizationCtrlr", variable: "CustomImplementationEnabled", instance: vendor.id)
        guard isEnabled != "false" else {
            return V2.DataTransferResponse(status: .rejected, statusInfo: V2.StatusInfo(reasonCode: "NotEnabled"))
        }
        guard let messageID = request.messageId else {
            return V2.DataTransferResponse(status: vendor.messages.isEmpty ? .accepted : .unknownMessageId)
        }
        guard let message = vendor.messages.first(where: { VariableCatalogue.isSame($0.id, messageID) }) else {
            return V2.DataTransferResponse(status: .unknownMessageId)
        }
        return V2.DataTransferResponse(status: .accepted, data: message.answer)
    }
}
