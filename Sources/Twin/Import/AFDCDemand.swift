import Models

/// Which profile of `reference/arrivals_by_market.json` the drivers of a registered place have.
///
/// - Source: the site kinds of domain reference 6.1b; facility types of the Alternative Fuels Data Center. Where the
///   register names no facility, words in the name decide.
enum AFDCDemand {
    private static let shops: Set<String> = [
        "SHOPPING_MALL", "SHOPPING_CENTER", "GROCERY", "RETAIL", "RESTAURANT", "PHARMACY", "BANK", "CONVENIENCE_STORE",
        "GAS_STATION", "CAR_DEALER", "AUTO_REPAIR", "COFFEE_SHOP", "CARWASH",
    ]
    private static let hotels: Set<String> = ["HOTEL", "INN", "B_AND_B", "RESORT", "CAMPGROUND", "RV_PARK"]
    private static let hotelWords = [
        "HOTEL", " INN", "SUITES", "MARRIOTT", "HILTON", "HYATT", "SHERATON", "WESTIN", "RESORT", "LODGE", "MOTEL",
    ]
    private static let shopWords = [
        "MALL", "MARKET", "GROCER", "SAFEWAY", "FRED MEYER", "QFC", "WHOLE FOODS", "COSTCO", "WALMART", "TARGET",
        "WALGREENS", "MACY", "KOHL", "IKEA", "HOME DEPOT", "STORE", "SHOPPING", "PLAZA", "DEALER", "NISSAN", "TOYOTA",
        "HONDA", "FORD", "CHEVROLET", "BMW", "AUDI", "VOLKSWAGEN", "VOLVO", "HYUNDAI", " KIA",
    ]

    static func acProfile(template: String, facility: String, name: String) -> String {
        if facility == "FLEET_GARAGE" { return "fleet" }
        switch template {
        case "workplace": return "l2_workplace"
        case "residential_street": return "l2_multifamily"
        default: break
        }
        let upper = name.uppercased()
        if hotels.contains(facility) || (facility.isEmpty && hotelWords.contains { upper.contains($0) }) {
            return "l2_hotel"
        }
        if shops.contains(facility) || (facility.isEmpty && shopWords.contains { upper.contains($0) }) {
            return "l2_retail"
        }
        return "l2_destination"
    }

    /// Beside a trunk road, where the register tells; small or old where four ports or fewer have at most 100 kW.
    static func dcProfile(_ facts: AFDCFacts, isTravel: Bool, _ stations: [ImportedStation]) -> String {
        if facts.network == "Tesla" { return "dc_tesla_supercharger" }
        if isTravel || facts.network == "RIVIAN_ADVENTURE" { return "dc_highway" }
        let strongestKW = stations.filter { $0.kind == .dc }.map(\.evsePowerKW).max() ?? 0
        return facts.fast <= 4 && strongestKW <= 100 ? "dc_community" : "dc_urban_hub"
    }
}
