/// Weighted max-min sharing over several resources at once: panels under a site, phases under a fuse.
///
/// The level rises for all; when a resource is full its items are frozen, and the rest go on. Items whose minima do not
/// fit are paused, in the order of ``WeightedFairShare``. The result is the unique weighted max-min point.
/// - Source: domain reference 9.1.
public struct ProgressiveFilling: Sendable {
    /// Capacity of each resource.
    public var capacities: ContiguousArray<Double> = []
    /// The claims.
    public var items: ContiguousArray<FairShareItem> = []
    /// Which item loads which resource, and how much per unit of grant (above 0).
    public var uses: ContiguousArray<Use> = []
    /// What each item gets; 0 for a paused item.
    public private(set) var grants: ContiguousArray<Double> = []
    /// What each resource carries.
    public private(set) var loads: ContiguousArray<Double> = []
    /// Items that take part.
    public private(set) var isAdmitted: ContiguousArray<Bool> = []
    private var isFrozen: ContiguousArray<Bool> = []
    private var order: ContiguousArray<SortKey> = []
    private var share = WeightedFairShare()

    /// Item `item` loads resource `resource` with `factor` per unit of its grant.
    @frozen
    public struct Use: BitwiseCopyable, Sendable {
        public var item: Int32
        public var resource: Int32
        public var factor: Double
        @inlinable public init(item: Int, resource: Int, factor: Double = 1) {
            self.item = Int32(item)
            self.resource = Int32(resource)
            self.factor = factor
        }
    }

    public init() {}

    /// Drops resources, items and uses, keeps the memory.
    public mutating func removeAll() {
        capacities.removeAll(keepingCapacity: true)
        items.removeAll(keepingCapacity: true)
        uses.removeAll(keepingCapacity: true)
    }

    /// Shares the capacities; results stand in ``grants`` and ``loads``.
    public mutating func allocate() {
        prepare()
        admit()
        while let (level, resource) = nextSaturation() { freeze(level: level, resource: resource) }
        for i in items.indices where isAdmitted[i] && !isFrozen[i] { grants[i] = items[i].maximum }
        for r in loads.indices { loads[r] = 0 }
        for use in uses { loads[Int(use.resource)] += use.factor * grants[Int(use.item)] }
    }

    private mutating func prepare() {
        grants.removeAll(keepingCapacity: true)
        isAdmitted.removeAll(keepingCapacity: true)
        isFrozen.removeAll(keepingCapacity: true)
        loads.removeAll(keepingCapacity: true)
        for i in items.indices {
            items[i].minimum = min(max(items[i].minimum, 0), items[i].maximum)
            grants.append(0)
            isAdmitted.append(false)
            isFrozen.append(false)
        }
        for _ in capacities { loads.append(0) }
    }

    /// Admits items in order while their minima fit everywhere; an item that does not fit is passed over, since the
    /// next may use other resources.
    private mutating func admit() {
        order.removeAll(keepingCapacity: true)
        for i in items.indices {
            order.append(SortKey(first: -items[i].weight, second: items[i].arrival, index: Int32(i)))
        }
        SortKey.sort(&order)
        for key in order {
            let minimum = items[Int(key.index)].minimum
            var fits = true
            for use in uses where use.item == key.index {
                let r = Int(use.resource)
                if loads[r] + use.factor * minimum > capacities[r] * (1 + 1e-12) { fits = false }
            }
            guard fits else { continue }
            isAdmitted[Int(key.index)] = true
            for use in uses where use.item == key.index { loads[Int(use.resource)] += use.factor * minimum }
        }
    }

    /// The lowest level at which a resource becomes full, and which one; `nil` when all fit at their maxima.
    private mutating func nextSaturation() -> (level: Double, resource: Int)? {
        var best: (level: Double, resource: Int)?
        for r in capacities.indices {
            share.removeAll()
            var left = capacities[r]
            for use in uses where Int(use.resource) == r && isAdmitted[Int(use.item)] {
                let item = items[Int(use.item)]
                if isFrozen[Int(use.item)] {
                    left -= use.factor * grants[Int(use.item)]
                } else {
                    share.items.append(
                        FairShareItem(
                            weight: item.weight * use.factor, minimum: item.minimum * use.factor,
                            maximum: item.maximum * use.factor, arrival: 0))
                }
            }
            guard !share.items.isEmpty else { continue }
            var least = 0.0
            for item in share.items { least += item.minimum }
            // Rounding must not pause an item that was admitted.
            guard let level = share.allocate(capacity: max(left, least)) else { continue }
            if level < best?.level ?? .infinity { best = (level, r) }
        }
        return best
    }

    private mutating func freeze(level: Double, resource: Int) {
        for use in uses where Int(use.resource) == resource {
            let i = Int(use.item)
            guard isAdmitted[i], !isFrozen[i] else { continue }
            grants[i] = min(max(level * items[i].weight, items[i].minimum), items[i].maximum)
            isFrozen[i] = true
        }
    }
}
