/// Values with stable small indices: freed slots are used again, so indices stay dense and memory bounded by the peak.
public struct Slab<Element: BitwiseCopyable & Sendable>: Sendable {
    @usableFromInline var elements: ContiguousArray<Element> = []
    @usableFromInline var free: ContiguousArray<UInt32> = []

    @inlinable public init() {}
    /// Number of values held.
    @inlinable public var count: Int { elements.count - free.count }

    @inlinable public mutating func insert(_ element: Element) -> UInt32 {
        guard let slot = free.popLast() else {
            elements.append(element)
            return UInt32(elements.count - 1)
        }
        elements[Int(slot)] = element
        return slot
    }
    @inlinable public mutating func remove(_ slot: UInt32) -> Element {
        free.append(slot)
        return elements[Int(slot)]
    }
    @inlinable public subscript(slot: UInt32) -> Element {
        get { elements[Int(slot)] }
        set { elements[Int(slot)] = newValue }
    }
}

extension Slab: Codable where Element: Codable {}
