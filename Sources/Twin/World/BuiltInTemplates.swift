/// The templates every world has, written as a world would write them.
enum BuiltInTemplates {
    static let file = "built-in templates"

    static let yaml = """
        highway:
          kind: highway
          arrivals: {profile: highway_hpc_2025_synthetic}
          need: {by: state_of_charge}
          transformer: {rating_kva: auto}
          queue_places: 6
          stations: [{kind: dc, count: 4, power_kw: 300, evses: 2}]
        urban_hub:
          kind: urban_hub
          arrivals: {profile: urban_rapid_hub}
          need: {by: state_of_charge}
          transformer: {rating_kva: auto}
          queue_places: 4
          stations: [{kind: dc, count: 2, power_kw: 150, evses: 2}]
        retail:
          kind: retail
          arrivals: {profile: destination_L2}
          need: {by: energy}
          transformer: {rating_kva: auto}
          building: {shape: g0}
          queue_places: 2
          stations: [{kind: ac, count: 2, evse_power_kw: 11, evses: 2}]
        workplace:
          kind: workplace
          arrivals: {profile: workplace_ACN}
          need: {by: energy}
          transformer: {rating_kva: auto}
          building: {shape: g1}
          queue_places: 4
          stations: [{kind: ac, count: 4, evse_power_kw: 7.2, evses: 2, phases: 1}]
        depot:
          kind: depot
          arrivals: {profile: fleet_depot_synthetic, sessions_per_connector_day: 0}
          need: {by: energy}
          transformer: {rating_kva: auto}
          building: {shape: g1}
          queue_places: 0
          stations: [{kind: ac, count: 20, evse_power_kw: 11, evses: 1}]
        residential_street:
          kind: residential
          arrivals: {profile: public_onstreet_elaad}
          need: {by: energy}
          queue_places: 1
          stations: [{kind: ac, count: 2, evse_power_kw: 7.2, evses: 2, phases: 1}]

        """

    static func tree() -> WorldNode {
        var diagnostics = Diagnostics()
        guard let node = WorldSource.parse(yaml, file: file, into: &diagnostics) else {
            preconditionFailure("the built-in templates are no YAML: \(diagnostics.sorted())")
        }
        return node
    }
}
