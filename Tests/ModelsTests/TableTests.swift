import Foundation
import Sim
import Testing

@testable import Models

@Suite("Reference tables")
struct TableTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized

    @Test("42 vehicles with curves that rise in state of charge and start above nothing")
    func vehicles() {
        #expect(VehicleCatalogue.all.count == 42)
        for (index, vehicle) in VehicleCatalogue.all.enumerated() {
            #expect(VehicleCatalogue.index(of: vehicle.id) == index && Int(vehicle.curve) == index)
            let range = Int(ChargeCurves.starts[index])..<Int(ChargeCurves.starts[index + 1])
            let soc = ChargeCurves.soc[range]
            #expect(soc.first == 0 && soc.last == 1)
            #expect(zip(soc, soc.dropFirst()).allSatisfy { $0 <= $1 })
            #expect(ChargeCurves.power[range].allSatisfy { $0 > 0 })
            #expect(ChargeCurves.power[range].max() == vehicle.dcPeakW)
        }
    }

    @Test("every market has vehicles, and weights belong to vehicles with inlets")
    func markets() {
        for market in Market.allCases {
            #expect(VehicleCatalogue.all.reduce(0) { $0 + $1.marketWeight(in: market) } > 50)
        }
    }

    @Test("hour shares of a profile add up to one and quantiles rise")
    func profiles() {
        #expect(ArrivalProfiles.all.count == 12 + 15 && ArrivalProfiles.ids.count == 12 + 12)
        for profile in ArrivalProfiles.all {
            #expect(profile.weekday.count == 24 && abs(profile.weekday.reduce(0, +) - 1) < 2e-3, "\(profile.id)")
            #expect(profile.weekend.count == 24 && abs(profile.weekend.reduce(0, +) - 1) < 2e-3, "\(profile.id)")
            for table in [profile.dwellH, profile.energyWh] {
                #expect(
                    zip(table.probabilities, table.probabilities.dropFirst()).allSatisfy { $0 < $1 }, "\(profile.id)")
                #expect(zip(table.values, table.values.dropFirst()).allSatisfy { $0 <= $1 }, "\(profile.id)")
            }
        }
        #expect(ArrivalProfiles.named("workplace_ACN")?.days == .dispersion(14.09))
        #expect(ArrivalProfiles.named("dc_highway", in: .northAmerica)?.sessionsPerConnectorDay.mode == 4.5)
        #expect(ArrivalProfiles.named("dc_highway", in: .europe)?.sessionsPerConnectorDay.mode == 6)
        #expect(ArrivalProfiles.named("l2_retail", in: .europe)?.market == .northAmerica)
        // A level "per weekday" counts for the average day.
        let work = ArrivalProfiles.named("l2_workplace", in: .northAmerica)
        #expect(abs((work?.sessionsPerConnectorDay.mode ?? 0) - 0.7 * 5.3 / 7) < 1e-4)
    }

    @Test("component rates reproduce the operators' availability")
    func reliability() throws {
        // A dual unit: charger-scope rates count once, connector-scope twice; a fault takes the whole unit.
        for preset in ReliabilityTable.presets {
            var down = 0.0
            let onsite = preset.onsiteRestoreMedianH * exp(preset.onsiteRestoreSigma * preset.onsiteRestoreSigma / 2)
            let remote = preset.remoteFixMedianMin / 60 * exp(preset.remoteFixSigma * preset.remoteFixSigma / 2)
            for component in ReliabilityTable.components {
                down += preset.rateMultiplier * (component.onsitePerYear * onsite + component.remotePerYear * remote)
            }
            #expect(abs(1 / (1 + down / 8760) - preset.availability) < 2e-3, "\(preset.name)")
        }
        #expect(ReliabilityTable.mrecNames.count == 26 && ReliabilityTable.mrecNames[12] == "NoInternet")
    }

    @Test("building shapes are shares of the annual maximum")
    func buildings() {
        #expect(BuildingShapes.all.map(\.id) == ["g0", "g1", "g3", "h0"])
        for shape in BuildingShapes.all {
            #expect(shape.hourly.count == 216 && shape.hourly.max() == 1 && shape.hourly.allSatisfy { $0 > 0 })
        }
        let office = BuildingShapes.named("g1")
        #expect(office?.share(season: .winter, day: .workday, hour: 9) == 1)
    }

    @Test("the committed tables are what the generator writes")
    func generatorAgrees() throws {
        let python = Process()
        python.executableURL = URL(filePath: "/usr/bin/env")
        python.arguments = ["python3", Self.root.appending(path: "Scripts/generate_tables.py").path, "--check"]
        python.standardOutput = FileHandle.nullDevice
        try python.run()
        python.waitUntilExit()
        guard python.terminationStatus != 127 else { return }
        #expect(python.terminationStatus == 0)
    }
}
