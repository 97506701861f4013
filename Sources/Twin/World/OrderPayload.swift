internal import OCPP
internal import OCPPMessages

/// The payload of an order as the world writes it: JSON with blanks that are filled in when the order is given.
public indirect enum OrderPayload: Sendable, Hashable {
    /// JSON text of one value.
    case literal(String)
    case list([OrderPayload])
    case object([Member])
    case blank(OrderBlank)

    public struct Member: Sendable, Hashable {
        public var key: String
        public var value: OrderPayload
    }

    /// JSON text; `nil` where the circumstances leave a blank open.
    func text(_ circumstances: OrderCircumstances) -> String? {
        switch self {
        case .literal(let text): return text
        case .blank(let blank): return circumstances.text(blank)
        case .list(let items):
            let texts = items.compactMap { $0.text(circumstances) }
            return texts.count == items.count ? "[\(texts.joined(separator: ","))]" : nil
        case .object(let members):
            var texts: [String] = []
            for member in members {
                guard let text = member.value.text(circumstances) else { return nil }
                texts.append("\(JSONText(string: member.key).text):\(text)")
            }
            return "{\(texts.joined(separator: ","))}"
        }
    }

    /// As the world has it, for people.
    var words: String {
        switch self {
        case .literal(let text): text
        case .blank(let blank): blank.word
        case .list(let items): "[\(items.map(\.words).joined(separator: ", "))]"
        case .object(let members): "{\(members.map { "\($0.key): \($0.value.words)" }.joined(separator: ", "))}"
        }
    }

    /// Whether a blank stands anywhere in it.
    func has(_ isIt: (OrderBlank) -> Bool) -> Bool {
        switch self {
        case .literal: false
        case .blank(let blank): isIt(blank)
        case .list(let items): items.contains { $0.has(isIt) }
        case .object(let members): members.contains { $0.value.has(isIt) }
        }
    }
}

/// A part of an order's payload that is known only when the order is given.
public enum OrderBlank: Sendable, Hashable {
    /// Identity of the charging station.
    case station
    /// EVSE, from 1.
    case evse
    /// Id of a transaction.
    case transaction
    /// A whole number that no other order of the site has.
    case number
    /// The instant, RFC 3339.
    case now
    /// This much divided by the transactions that run at the site, rounded down to a tenth.
    case share(Double)

    static let words = ["$station", "$evse", "$transaction", "$number", "$now", "$share(60000)"]

    var word: String {
        if case .share(let total) = self { return "$share(\(total.plain))" }
        return "$\(self)"
    }

    /// - Parameter text: one of ``words``.
    init?(_ text: String) {
        switch text {
        case "$station": self = .station
        case "$evse": self = .evse
        case "$transaction": self = .transaction
        case "$number": self = .number
        case "$now": self = .now
        default:
            guard text.hasPrefix("$share("), text.hasSuffix(")"),
                let total = Double(text.dropFirst(7).dropLast()), total.isFinite, total >= 0
            else { return nil }
            self = .share(total)
        }
    }
}

/// What fills the blanks of an order.
struct OrderCircumstances {
    var version: OCPPVersion
    var station: String
    var evse: Int32?
    var transactionID: IdentifierText?
    var number: Int32
    var now: Timestamp
    /// Transactions that run at the site, as the CSMS knows.
    var running: Int

    func text(_ blank: OrderBlank) -> String? {
        switch blank {
        case .station: JSONText(string: station).text
        case .evse: evse.map { "\($0)" }
        case .transaction:
            transactionID.map { version == .v16 ? $0.description : JSONText(string: $0.description).text }
        case .number: "\(number)"
        case .now: JSONText(string: now.wholeMilliseconds.text).text
        case .share(let total): "\((10 * total / Double(max(1, running))).rounded(.down) / 10)"
        }
    }
}
