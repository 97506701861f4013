internal import Models
internal import Sim

/// Finds, for every site, where its drivers may drive on to: the nearest sites within the world's radius, weighted by
/// detour, ports and power.
///
/// - Source: multinomial logit of domain.md section 6.2 with the terms a driver knows without asking the network:
///   -0.06 a minute of detour, +0.3 ln(ports).
struct NeighbourFinder {
    static let most = 8

    let world: WorldSpec

    func find() -> [[Neighbour]] {
        guard world.network.driveOn else { return world.sites.map { _ in [] } }
        let cells = grid()
        return world.sites.indices.map { neighbours(of: $0, cells) }
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

    private func neighbours(of index: Int, _ cells: [Cell: [Int]]) -> [Neighbour] {
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
        return weigh(found.prefix(Self.most).map { $0 })
    }

    private func weigh(_ found: [(km: Double, site: Int)]) -> [Neighbour] {
        let minutes = found.map { max(world.network.minimumMinutes, $0.km / world.network.speedKmh * 60) }
        let weights = found.indices.map { i in
            Math.exp(-0.06 * minutes[i] + 0.3 * Math.log(Double(max(1, world.sites[found[i].site].connectorCount))))
        }
        let total = weights.reduce(0, +)
        var running = 0.0
        return found.indices.map { i in
            running += weights[i] / total
            return Neighbour(
                site: UInt32(found[i].site), drive: .roundingUp(seconds: minutes[i] * 60), cumulative: running)
        }
    }
}
