import Models
import Testing

@Suite("Vehicle names")
struct VehicleNameTests {
    @Test("every vehicle has a name for people, and no two the same")
    func names() {
        let names = VehicleCatalogue.all.map(\.displayName)
        #expect(Set(names).count == names.count)
        for name in names {
            #expect(!name.contains("_") && !name.contains("Generic") && !name.contains("kW-"), "\(name)")
            #expect(!name.contains(/\d,\d/), "\(name): decimal comma")
            #expect(name.first?.isUppercase == true || name.first?.isNumber == true, "\(name)")
        }
    }

    @Test(
        "make, model, variant and year",
        arguments: [
            ("tesla_modely_lr_2020", "Tesla Model Y Long Range (2020)"),
            ("tesla_model3_srplus_2019", "Tesla Model 3 Standard Range Plus (2019)"),
            ("ford_mache_er_2020", "Ford Mustang Mach-E Extended Range AWD (2020)"),
            ("mercedes_eqc_2020", "Mercedes-Benz EQC (2020)"), ("delivery_van_60kwh", "Depot delivery van 60 kWh"),
        ])
    func name(id: String, expected: String) throws {
        let index = try #require(VehicleCatalogue.index(of: id))
        #expect(VehicleCatalogue.all[index].displayName == expected)
    }
}
