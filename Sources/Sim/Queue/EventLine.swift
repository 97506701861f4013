/// Events in order of time, equal times in order of arrival, with room on both sides.
@frozen
@usableFromInline
struct EventLine<Event: BitwiseCopyable & Sendable>: Sendable {
    @usableFromInline typealias Entry = EventEntry<Event>

    /// More events than this moved by one insertion say that the line is too long.
    @inlinable static var costlyMove: Int { 64 }
    /// Up to this many events are searched from the end rather than halved.
    @inlinable static var shortSearch: Int { 64 }

    /// The line is `slots[start..<end]`; the other slots hold anything.
    @usableFromInline var slots: ContiguousArray<Entry> = []
    @usableFromInline var start = 0
    @usableFromInline var end = 0

    @inlinable init() {}

    @inlinable var count: Int { end - start }
    @inlinable var isEmpty: Bool { start == end }
    @inlinable var first: Entry { slots[start] }
    @inlinable var last: Entry { slots[end - 1] }

    @inlinable
    mutating func removeFirst() -> Entry {
        let entry = slots[start]
        start += 1
        return entry
    }

    @inlinable
    mutating func removeAll() {
        start = 0
        end = 0
    }

    /// Puts an event behind those of the same time and returns how many others had to move.
    @inlinable
    mutating func insert(_ entry: Entry) -> Int {
        if end == slots.count { makeRoom(for: entry) }
        if count > Self.shortSearch { return insertByHalving(entry) }
        let (first, last) = (start, end)
        // The slot of an event that has been taken out is free: in the earlier half fewer have to move that way.
        if first > 0, entry.time < slots[(first + last) / 2].time {
            start -= 1
            var line = slots.mutableSpan
            Self.insertAtFront(entry, into: &line, from: first, to: last)
            return 0
        }
        end += 1
        var line = slots.mutableSpan
        Self.insert(entry, into: &line, from: first, to: last)
        return 0
    }

    /// Puts an event into the sorted slots `start..<end`, seen from the start, and uses the slot before them.
    @inlinable @inline(__always)
    static func insertAtFront(_ entry: Entry, into line: inout MutableSpan<Entry>, from start: Int, to end: Int) {
        var i = start
        while i < end {
            let other = line[i]
            if other.time > entry.time { break }
            line[i - 1] = other
            i += 1
        }
        line[i - 1] = entry
    }

    /// Puts an event into the sorted slots `start..<end`, seen from the end, and uses one more slot.
    @inlinable @inline(__always)
    static func insert(_ entry: Entry, into line: inout MutableSpan<Entry>, from start: Int, to end: Int) {
        var i = end
        while i > start {
            let other = line[i - 1]
            if other.time <= entry.time { break }
            line[i] = other
            i -= 1
        }
        line[i] = entry
    }

    @inlinable @inline(never)
    mutating func insertByHalving(_ entry: Entry) -> Int {
        var (low, high) = (start, end)
        while low < high {
            let middle = (low + high) / 2
            if slots[middle].time <= entry.time { low = middle + 1 } else { high = middle }
        }
        if low - start < end - low {
            if start == 0 {
                let gap = max(16, count / 2)
                move(to: gap, capacity: count + 2 * gap, sample: entry)
                low += gap
            }
            start -= 1
            let first = start
            var line = slots.mutableSpan
            precondition(first >= 0 && low <= line.count)  // spares the checks in the loop
            for i in first..<low - 1 { line[i] = line[i + 1] }
            line[low - 1] = entry
            return low - 1 - first
        }
        let last = end
        end += 1
        var line = slots.mutableSpan
        precondition(low >= 0 && last < line.count)  // spares the checks in the loop
        for i in (low..<last).reversed() { line[i + 1] = line[i] }
        line[low] = entry
        return last - low
    }

    /// Leaves free slots at the end.
    @inlinable @inline(never)
    mutating func makeRoom(for sample: Entry) {
        move(to: 0, capacity: max(16, count * 2), sample: sample)
    }

    /// Moves the line so that it starts at `newStart`.
    @inlinable
    mutating func move(to newStart: Int, capacity: Int, sample: Entry) {
        let (oldStart, used) = (start, count)
        grow(to: capacity, sample: sample)
        start = newStart
        end = newStart + used
        var line = slots.mutableSpan
        if newStart < oldStart {
            for i in 0..<used { line[newStart + i] = line[oldStart + i] }
        } else {
            for i in stride(from: used - 1, through: 0, by: -1) { line[newStart + i] = line[oldStart + i] }
        }
    }

    /// Makes sure that there are `capacity` slots.
    @inlinable
    mutating func grow(to capacity: Int, sample: Entry) {
        guard capacity > slots.count else { return }
        slots.append(contentsOf: repeatElement(sample, count: capacity - slots.count))
    }
}
