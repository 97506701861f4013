import Sim
import Testing

@testable import Models

/// Who waits, in which order, for how long, and where to they go then.
@Suite("Plant scripts: queue")
struct QueueScriptTests {
    /// Others are expected to stay a minute, so that nobody is put off by the look of the queue unless a script wants it.
    private func site(_ index: UInt32 = 0, places: Int = 2) -> ScriptedSite {
        ScriptedSite(index: index).with {
            $0.queuePlaces = places
            $0.usualStayS = (ac: 60, dc: 60)
        }
    }

    @Test("a driver waits as long as patience lasts and not a second longer")
    func reneging() {
        var script = PlantScript(site().ac("a1"))
        script.play(
            """
            08:00 charges 20 kWh at 11 kW on a1 until 12:00
            08:10 parks Ann for 2 h with 5 kWh, patience 30 min
                  expect site: waiting 1
            08:39:59 expect site: waiting 1
            08:40:01 expect site: waiting 0, lost 1
                  expect loss: reneged, at 08:40:00, waited 30.00 min, queued 30.00 min, gave up
            # who has a place before that stays, though the time of patience passes
            11:50 parks Bob for 1 h with 5 kWh, patience 11 min
            12:00 expect a1: parking, driver Bob
            12:05 expect a1: driver Bob
                  expect session a1: 20.0 kWh, plugged 08:00:00, unplugged 12:00:00, end battery_full
            13:10 expect session a1: stayed 60.00 min, queued 10.00 min, attempts 1
                  expect nothing more
            """)
    }

    @Test("places for drivers who wait are finite, and a long queue puts off who has little patience")
    func places() {
        var script = PlantScript(site().ac("a1"))
        script.play(
            """
            08:00 charges 20 kWh at 11 kW on a1 until 12:00
            # the stay of others times half a place: 30 s, then 90 s
            08:10 parks Ann for 1 h with 5 kWh, patience 5 h
            08:11 parks Bob for 1 h with 5 kWh, patience 89 s
                  expect loss: balked, at 08:11:00, waited 0 s
            08:12 parks Cid for 1 h with 5 kWh, patience 91 s
                  expect site: waiting 2
            08:13 parks Dan for 1 h with 5 kWh, patience 5 h
                  expect loss: no_place, at 08:13:00
            08:14 expect loss: reneged, at 08:13:31
                  expect site: waiting 1, lost 3
            """)
    }

    @Test("first come is first served, each at a charger of his kind that fits his vehicle")
    func order() {
        var script = PlantScript(site().ac("a1").dc("d1", isCCSOnly: true).dc("d2"))
        script.play(
            """
            08:00 charges 20 kWh at 11 kW on a1 until 11:00
                  charges 20 kWh at 50 kW on d1 until 10:00
                  charges 20 kWh at 50 kW on d2 until 10:30
            08:10 parks Ann for 1 h with 5 kWh, patience 5 h
            08:11 drives up Bob for 10 kWh, patience 5 h, in leaf
            08:12 drives up Cid for 10 kWh, patience 5 h, in id4
                  expect site: waiting 3
            # CCS2 alone: not for the Leaf, who came first
            10:00 expect d1: parking, driver Cid
                  expect site: waiting 2
            10:30 expect d2: parking, driver Bob
            11:00 expect a1: parking, driver Ann
                  expect site: waiting 0
            """)
    }

    @Test("of two drivers for one outlet the one who came first takes it, though the other has less patience left")
    func firstCome() {
        var script = PlantScript(site().ac("a1"))
        script.play(
            """
            08:00 charges 20 kWh at 11 kW on a1 until 12:00
            11:00 parks Ann for 1 h with 5 kWh, patience 5 h
            11:10 parks Bob for 1 h with 5 kWh, patience 4 h
            12:00 expect a1: parking, driver Ann
                  expect site: waiting 1
            13:20 expect a1: driver Bob
            """)
    }

    @Test("a vehicle for which the site has no connector does not wait")
    func incompatible() {
        var script = PlantScript(site().dc("d1", isCCSOnly: true).ac("a1"))
        script.play(
            """
            08:00 drives up Bob for 10 kWh, patience 5 h, in leaf
                  expect loss: no_compatible_connector, waited 0 s, gave up
                  expect d1: free
            """)
    }

    @Test("who finds no place drives on, arrives when the drive is over, and tries so many sites and no more")
    func driveOn() {
        let on = { (site: ScriptedSite, next: UInt32, minutes: Int64) in
            site.with {
                $0.neighbours.ac = [Neighbour(site: next, drive: .minutes(minutes), cumulative: 1)]
                $0.maximumHops = 2
            }
        }
        var script = PlantScript(
            on(site(0, places: 0).ac("a1"), 1, 7), on(site(1, places: 0).ac("b1"), 7, 11))
        script.play(
            """
            08:00 charges 20 kWh at 11 kW on a1 until 12:00
            08:10 parks Ann for 1 h with 5 kWh, patience 5 min
                  expect loss: no_place, drove on, at 08:10:00
            08:16:59 expect b1: free
            08:17 expect b1: parking, driver Ann
            08:30 parks Bob for 1 h with 5 kWh, patience 5 min
                  expect loss: no_place, drove on
            # both sites taken: on to the next, eleven minutes from there
            08:37 expect loss: no_place, drove on, at 08:37:00, waited 0 s
                  expect message to 7: driver Bob, at 08:48:00
            # two hops are the most: who has one behind him drives on once
            09:00 parks Cid for 1 h with 5 kWh, hops 2
                  expect loss: no_place, gave up
            09:01 parks Dan for 1 h with 5 kWh, hops 1
                  expect loss: no_place, drove on
            09:08 expect loss: no_place, gave up
                  expect nothing more
            """)
    }

    @Test("a free charger of another kind is no place, and who waits for it does not hold up others")
    func kindsApart() {
        var script = PlantScript(site(places: 1).ac("a1").dc("d1"))
        script.play(
            """
            08:00 charges 20 kWh at 11 kW on a1 until 12:00
            08:10 parks Ann for 1 h with 5 kWh, patience 5 h
                  expect d1: free
                  expect site: waiting 1
            # a place in the queue for each kind
            08:11 charges 20 kWh at 50 kW on d1 until 09:00
                  drives up Bob for 10 kWh, patience 5 h
                  expect site: waiting 2
            09:00 expect d1: parking, driver Bob
            """)
    }
}
