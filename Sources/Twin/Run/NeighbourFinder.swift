internal import Models
internal import Sim

/// Where drivers of each kind of charger may drive on to.
typealias SiteNeighbours = (ac: ContiguousArray<Neighbour>, dc: ContiguousArray<Neighbour>)

/// Finds, for every site, where its drivers may drive on to: the nearest sites with their kind of charger within the
/// world's radius, weighted by detour and ports.
///
/// - Source: multinomial logit of domain.md section 6.2 with the terms a driver knows without asking the network:
///   -0.06 a minute of detour, +0.3 ln(ports).
struct NeighbourFinder {
    static let most = 8

    let world: WorldSpec

    func find() -> [SiteNeighbours] {
        guard world.network.driveOn else { return world.sites.map { _ in ([], []) } }
        let cells = grid()
        return world.sites.indices.map { i in
            let near = nearest(to: i, cells)
            return (weigh(near, .ac), weigh(near, .dc))
        }
    }

    private struct Cell: Hashable {
        var x: Int
        var y: Int
    }

    /// Cells as large as the search radius, so that only nine are looked at.
    private var cellDegrees: Double { max(0.01, world.network.radiusKm / 60) }
    private func cell(_ site: SiteSpec) -> Cell? {
        guard !site.latitude.isNaN, !site.longitude.isNaN else { return nil }
        return Cell(
            x: Int((site.longitude / cellDegrees).rounded(.down)), y: Int((site.latitude / cellDegrees).rounded(.down)))
    }
    private func grid() -> [Cell: [Int]] {
        var cells: [Cell: [Int]] = [:]
        for i in world.sites.indices { if let c = cell(world.sites[i]) { cells[c, default: []].append(i) } }
        return cells
    }

    private func nearest(to index: Int, _ cells: [Cell: [Int]]) -> [(km: Double, site: Int)] {
        let site = world.sites[index]
        guard let home = cell(site) else { return [] }
        var found: [(km: Double, site: Int)] = []
        for dy in -1...1 {
            for dx in -2...2 {
                for other in cells[Cell(x: home.x + dx, y: home.y + dy)] ?? [] where other != index {
                    let there = world.sites[other]
                    let km = Geography.distanceKm(site.latitude, site.longitude, there.latitude, there.longitude)
                    if km <= world.network.radiusKm { found.append((km, other)) }
                }
            }
        }
        found.sort { ($0.km, $0.site) < ($1.km, $1.site) }
        return found
    }

    private func weigh(_ near: [(km: Double, site: Int)], _ kind: StationKind) -> ContiguousArray<Neighbour> {
        let found = Array(near.filter { world.sites[$0.site].evseCount(kind) > 0 }.prefix(Self.most))
        let minutes = found.map { max(world.network.minimumMinutes, $0.km / world.network.speedKmh * 60) }
        let weights = found.indices.map { i in
            Math.exp(
                -0.06 * minutes[i] + 0.3 * Math.log(Double(max(1, world.sites[found[i].site].connectorCount(kind)))))
        }
        let total = weights.reduce(0, +)
        var running = 0.0
        var neighbours = ContiguousArray<Neighbour>()
        for i in found.indices {
            running += weights[i] / total
            neighbours.append(
                Neighbour(
                    site: UInt32(found[i].site), drive: .roundingUp(seconds: minutes[i] * 60), cumulative: running))
        }
        return neighbours
    }
}
