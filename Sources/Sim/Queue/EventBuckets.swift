/// Buckets of events in order of arrival, kept as chains of small blocks that are used again.
@frozen
@usableFromInline
struct EventBuckets<Event: BitwiseCopyable & Sendable>: Sendable {
    @usableFromInline typealias Entry = EventEntry<Event>

    /// Events of a block, a power of two: in a queue of hundreds and in one of many thousands.
    @inlinable static var shortBlock: Int { 4 }
    @inlinable static var longBlock: Int { 32 }

    @frozen
    @usableFromInline
    struct Bucket: BitwiseCopyable, Sendable {
        /// The newest block; its link leads to the oldest.
        @usableFromInline var newest: Int32
        @usableFromInline var count: Int32
        @inlinable
        init(newest: Int32, count: Int32) {
            self.newest = newest
            self.count = count
        }
    }

    @usableFromInline var buckets: ContiguousArray<Bucket> = []
    /// Blocks one after the other.
    @usableFromInline var entries: ContiguousArray<Entry> = []
    /// For each block the next newer one of its bucket, from the newest to the oldest, or the next free block.
    @usableFromInline var links: ContiguousArray<Int32> = []
    /// First free block, -1 when there is none.
    @usableFromInline var free: Int32 = -1
    /// Events of a block.
    @usableFromInline var blockSize = shortBlock

    @inlinable init() {}

    /// Whether blocks are as short as suits the queue of a site, which should stay in the first-level cache.
    @inlinable var hasShortBlocks: Bool { blockSize == Self.shortBlock }

    /// Goes over to blocks of another length: long ones let a million events stream by.
    @inlinable @inline(never)
    mutating func useBlocks(short: Bool) {
        let old = self
        blockSize = short ? Self.shortBlock : Self.longBlock
        entries = []
        links = []
        free = -1
        for index in buckets.indices where old.buckets[index].count > 0 {
            buckets[index] = Bucket(newest: -1, count: 0)
            var left = Int(old.buckets[index].count)
            var block = Int(old.links[Int(old.buckets[index].newest)])
            while left > 0 {
                let base = block * old.blockSize
                for i in base..<base + min(left, old.blockSize) { append(old.entries[i], to: index) }
                left -= old.blockSize
                block = Int(old.links[block])
            }
        }
    }

    @inlinable
    func isEmpty(_ bucket: Int) -> Bool { buckets[bucket].count == 0 }

    @inlinable
    func count(of bucket: Int) -> Int { Int(buckets[bucket].count) }

    /// Makes sure that there are `total` buckets; new ones are empty, as are those of rungs that have been used up.
    @inlinable
    mutating func reserve(_ total: Int) {
        guard total > buckets.count else { return }
        buckets.append(contentsOf: repeatElement(Bucket(newest: -1, count: 0), count: total - buckets.count))
    }

    @inlinable
    mutating func append(_ entry: Entry, to index: Int) {
        var bucket = buckets[index]
        let place = Int(bucket.count) & (blockSize - 1)
        if place == 0 { addBlock(to: &bucket, sample: entry) }
        entries[Int(bucket.newest) * blockSize + place] = entry
        bucket.count += 1
        buckets[index] = bucket
    }

    @inlinable
    mutating func addBlock(to bucket: inout Bucket, sample: Entry) {
        if free < 0 { grow(sample) }
        let block = free
        free = links[Int(block)]
        if bucket.count == 0 {
            links[Int(block)] = block
        } else {
            links[Int(block)] = links[Int(bucket.newest)]
            links[Int(bucket.newest)] = block
        }
        bucket.newest = block
    }

    /// Doubles the blocks.
    @inlinable @inline(never)
    mutating func grow(_ sample: Entry) {
        let old = links.count
        let new = max(16, old * 2)
        entries.append(contentsOf: repeatElement(sample, count: (new - old) * blockSize))
        for block in old..<new { links.append(block + 1 < new ? Int32(block + 1) : free) }
        free = Int32(old)
    }

    /// The first and the last time in a bucket that is not empty.
    @inlinable
    func times(of index: Int) -> (first: Int64, last: Int64) {
        var left = Int(buckets[index].count)
        var block = Int(links[Int(buckets[index].newest)])
        var (first, last) = (Int64.max, Int64.min)
        while left > 0 {
            let base = block * blockSize
            for i in base..<base + min(left, blockSize) {
                first = min(first, entries[i].time)
                last = max(last, entries[i].time)
            }
            left -= blockSize
            block = Int(links[block])
        }
        return (first, last)
    }

    /// Moves the events of a bucket into the empty line, sorted.
    @inlinable
    mutating func drain(_ index: Int, into line: inout EventLine<Event>) {
        let (block, count) = release(index)
        line.grow(to: count, sample: entries[block * blockSize])
        line.start = 0
        line.end = count
        var target = line.slots.mutableSpan
        Self.sort(block, count: count, of: entries.span, links: links.span, blockSize: blockSize, into: &target)
    }

    @inlinable @inline(__always)
    static func sort(
        _ oldest: Int, count: Int, of entries: Span<Entry>, links: Span<Int32>, blockSize: Int,
        into line: inout MutableSpan<Entry>
    ) {
        var block = oldest
        var done = 0
        while done < count {
            let base = block * blockSize
            for i in base..<base + min(count - done, blockSize) {
                EventLine.insert(entries[i], into: &line, from: 0, to: done)
                done += 1
            }
            block = Int(links[block])
        }
    }

    /// Moves the events of a bucket to those of a rung.
    @inlinable
    mutating func spread(_ index: Int, over rung: EventRung) {
        let bucket = buckets[index]
        buckets[index] = Bucket(newest: -1, count: 0)
        var block = links[Int(bucket.newest)]
        var left = Int(bucket.count)
        while left > 0 {
            let base = Int(block) * blockSize
            for i in base..<base + min(left, blockSize) {
                let entry = entries[i]
                append(entry, to: rung.bucket(of: entry.time))
            }
            left -= blockSize
            let next = links[Int(block)]
            links[Int(block)] = free
            free = block
            block = next
        }
    }

    /// Empties a bucket and frees its blocks, which stay as they are until the next ``append(_:to:)``.
    @inlinable
    mutating func release(_ index: Int) -> (oldest: Int, count: Int) {
        let bucket = buckets[index]
        let oldest = links[Int(bucket.newest)]
        buckets[index] = Bucket(newest: -1, count: 0)
        links[Int(bucket.newest)] = free
        free = oldest
        return (Int(oldest), Int(bucket.count))
    }
}
