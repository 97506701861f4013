import Sim

/// Gives each session of a list an EVSE: the one it names, or the first free one of those it may have.
struct SessionPlaces {
    /// A session before its EVSE is known.
    struct Wish {
        var arrival: SimTime
        var departure: SimTime
        /// EVSEs it may have, dense indices within the site.
        var evses: Range<Int>
        /// Line of the list.
        var line: Int
    }
    private struct Stay {
        var arrival: SimTime
        var departure: SimTime
        var line: Int
    }

    private var stays: [[Stay]]
    /// A named EVSE that is still taken.
    private(set) var overlaps: [(line: Int, earlier: Int)] = []
    /// Lines of sessions that found no EVSE free.
    private(set) var unplaced: [Int] = []
    /// EVSE of each session, in the order of the wishes; -1 for those without.
    private(set) var evses: [Int]

    init(_ wishes: [Wish], evseCount: Int) {
        stays = Array(repeating: [], count: evseCount)
        evses = Array(repeating: -1, count: wishes.count)
        let order = wishes.indices.sorted {
            (wishes[$0].arrival, wishes[$0].line) < (wishes[$1].arrival, wishes[$1].line)
        }
        // Who names an EVSE has it; the others come after, each when it arrives.
        for index in order where wishes[index].evses.count == 1 { placeNamed(index, wishes[index]) }
        var next = Array(repeating: 0, count: evseCount)
        var busyUntil = Array(repeating: SimTime.zero, count: evseCount)
        for index in order where wishes[index].evses.count != 1 {
            let wish = wishes[index]
            let free = wish.evses.first { evse in
                while next[evse] < stays[evse].count, stays[evse][next[evse]].departure <= wish.arrival {
                    next[evse] += 1
                }
                let isNamed = next[evse] < stays[evse].count && stays[evse][next[evse]].arrival < wish.departure
                return !isNamed && busyUntil[evse] <= wish.arrival
            }
            guard let free else {
                unplaced.append(wish.line)
                continue
            }
            busyUntil[free] = wish.departure
            evses[index] = free
        }
    }

    private mutating func placeNamed(_ index: Int, _ wish: Wish) {
        let evse = wish.evses.lowerBound
        evses[index] = evse
        if let previous = stays[evse].last, wish.arrival < previous.departure {
            overlaps.append((wish.line, previous.line))
        }
        stays[evse].append(Stay(arrival: wish.arrival, departure: wish.departure, line: wish.line))
    }
}
