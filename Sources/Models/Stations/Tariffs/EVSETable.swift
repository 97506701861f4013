/// Values of some EVSEs, which count from 0, in their order.
struct EVSETable<Value: Sendable & Codable>: Sendable, Codable {
    struct Entry: Sendable, Codable {
        let evse: Int
        var value: Value
    }

    private(set) var entries: [Entry] = []

    var values: [Value] { entries.map(\.value) }

    subscript(evse: Int) -> Value? {
        get { entries.first { $0.evse == evse }?.value }
        set {
            let index = entries.partitioningIndex { $0.evse >= evse }
            let isThere = index < entries.count && entries[index].evse == evse
            switch newValue {
            case nil: if isThere { entries.remove(at: index) }
            case let value?:
                if isThere {
                    entries[index].value = value
                } else {
                    entries.insert(Entry(evse: evse, value: value), at: index)
                }
            }
        }
    }

    /// Keeps those that `isWanted`; returns whether any went.
    mutating func keep(where isWanted: (Value) -> Bool) -> Bool {
        let count = entries.count
        entries.removeAll { !isWanted($0.value) }
        return entries.count != count
    }
}
