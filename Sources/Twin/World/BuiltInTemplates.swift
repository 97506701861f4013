/// The templates every world has, written as a world would write them.
enum BuiltInTemplates {
    static let file = "built-in templates"

    static let yaml = """
        highway:
          kind: highway
          transformer: {rating_kva: auto}
          queue_places: 6
          stations: [{kind: dc, count: 4, power_kw: 300, evses: 2}]
        urban_hub:
          kind: urban_hub
          transformer: {rating_kva: auto}
          queue_places: 4
          stations: [{kind: dc, count: 2, power_kw: 150, evses: 2}]
        supercharger:
          kind: urban_hub
          demand: {dc: {profile: dc_tesla_supercharger}}
          transformer: {rating_kva: auto}
          queue_places: 6
          stations: [{kind: dc, count: 3, power_kw: 350, evse_power_kw: 250, evses: 4, connectors: [NACS]}]
        retail:
          kind: retail
          transformer: {rating_kva: auto}
          building: {shape: g0}
          queue_places: 2
          stations: [{kind: ac, count: 2, evse_power_kw: 11, evses: 2}]
        destination:
          kind: retail
          demand: {ac: {profile: l2_destination}}
          transformer: {rating_kva: auto}
          queue_places: 2
          stations: [{kind: ac, count: 2, evse_power_kw: 11, evses: 2}]
        hotel:
          kind: retail
          demand: {ac: {profile: l2_hotel}}
          transformer: {rating_kva: auto}
          building: {shape: g0}
          queue_places: 1
          stations: [{kind: ac, count: 2, evse_power_kw: 11, evses: 2}]
        workplace:
          kind: workplace
          transformer: {rating_kva: auto}
          building: {shape: g1}
          queue_places: 4
          stations: [{kind: ac, count: 4, evse_power_kw: 7.2, evses: 2, phases: 1}]
        depot:
          kind: depot
          arrivals: {profile: fleet_depot_synthetic, sessions_per_connector_day: 0}
          transformer: {rating_kva: auto}
          building: {shape: g1}
          queue_places: 0
          stations: [{kind: ac, count: 20, evse_power_kw: 11, evses: 1}]
        residential_street:
          kind: residential
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
