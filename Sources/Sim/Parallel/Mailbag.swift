/// The messages of a window, brought into their order by merging; its two buffers are kept from window to window.
@frozen
@usableFromInline
struct Mailbag<Message: BitwiseCopyable & Sendable>: Sendable {
    @usableFromInline typealias Letter = Envelope<Message>

    /// Stretches of this length are sorted by insertion before merging begins.
    @inlinable static var stretch: Int { 8 }

    @usableFromInline var letters: ContiguousArray<Letter> = []
    @usableFromInline var spare: ContiguousArray<Letter> = []

    @inlinable init() {}

    /// Puts the letters in the order (delivery time, source, sequence).
    @inlinable
    mutating func sort() {
        guard letters.count > 1 else { return }
        Self.sortStretches(&letters)
        var length = Self.stretch
        guard length < letters.count else { return }
        if spare.count < letters.count {
            spare.append(contentsOf: repeatElement(letters[0], count: letters.count - spare.count))
        } else {
            spare.removeLast(spare.count - letters.count)
        }
        while length < letters.count {
            Self.merge(letters, length: length, into: &spare)
            swap(&letters, &spare)
            length *= 2
        }
    }

    @inlinable
    mutating func removeAll() { letters.removeAll(keepingCapacity: true) }

    @inlinable
    static func sortStretches(_ letters: inout ContiguousArray<Letter>) {
        var bag = letters.mutableSpan
        for start in stride(from: 0, to: bag.count, by: stretch) {
            for i in start..<min(start + stretch, bag.count) {
                let letter = bag[i]
                var hole = i
                while hole > start && letter.comes(before: bag[hole - 1]) {
                    bag[hole] = bag[hole - 1]
                    hole -= 1
                }
                bag[hole] = letter
            }
        }
    }

    /// Merges neighbouring sorted runs of the given length.
    @inlinable
    static func merge(_ letters: ContiguousArray<Letter>, length: Int, into merged: inout ContiguousArray<Letter>) {
        let source = letters.span
        var target = merged.mutableSpan
        for start in stride(from: 0, to: source.count, by: 2 * length) {
            let middle = min(start + length, source.count)
            let end = min(middle + length, source.count)
            var (a, b) = (start, middle)
            for i in start..<end {
                if b == end || (a < middle && !source[b].comes(before: source[a])) {
                    target[i] = source[a]
                    a += 1
                } else {
                    target[i] = source[b]
                    b += 1
                }
            }
        }
    }
}
