/// Reports under way: which of their numbered parts have come.
///
/// What the parts say is kept part by part; here is only whether all of them came. Parts may come twice and in any order.
struct Reports: Sendable, Codable {
    enum Kind: String, Sendable, Codable {
        case variables, monitors, customerInformation, displayMessages, chargingProfiles, derControls
    }
    enum State {
        case open, complete
        /// The last part is here, others are not; they may still come.
        case lacksParts
    }
    private struct Text: Sendable, Codable {
        var number: Int32
        var text: String
    }
    private struct Report: Sendable, Codable {
        var kind: Kind
        var requestID: Int
        var received = SequenceWindow()
        var last: Int32?
        /// Texts of NotifyCustomerInformation by their number.
        var texts: [Text] = []
        var textLength = 0
    }

    /// Reports under way at once; the oldest gives way.
    static let reportsMax = 8
    /// Characters of customer information kept of one report; more is cut.
    static let textMax = 65_536
    /// Parts of it that are kept.
    static let partsMax = 256

    private var underWay: [Report] = []

    /// Notes a part; numbers out of range are no parts.
    mutating func take(_ kind: Kind, requestID: Int, seqNo: Int, isLast: Bool) -> State {
        guard let number = Int32(exactly: seqNo), (0...TransactionBook.sequenceMax).contains(number) else {
            return .open
        }
        let index = index(of: kind, requestID)
        underWay[index].received.insert(number)
        if isLast { underWay[index].last = number }
        guard let last = underWay[index].last else { return .open }
        guard underWay[index].received.count == last + 1 else { return .lacksParts }
        underWay.remove(at: index)
        return .complete
    }

    /// Adds a part of a text; all parts so far, in order.
    mutating func append(_ text: String, requestID: Int, seqNo: Int) -> String {
        let index = index(of: .customerInformation, requestID)
        if let number = Int32(exactly: seqNo), !underWay[index].texts.contains(where: { $0.number == number }),
            underWay[index].textLength + text.count <= Self.textMax, underWay[index].texts.count < Self.partsMax
        {
            underWay[index].textLength += text.count
            underWay[index].texts.append(Text(number: number, text: text))
        }
        return underWay[index].texts.sorted { $0.number < $1.number }.map(\.text).joined()
    }

    private mutating func index(of kind: Kind, _ requestID: Int) -> Int {
        if let index = underWay.firstIndex(where: { $0.kind == kind && $0.requestID == requestID }) { return index }
        if underWay.count == Self.reportsMax { underWay.removeFirst() }
        underWay.append(Report(kind: kind, requestID: requestID))
        return underWay.count - 1
    }
}
