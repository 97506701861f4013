import Models

/// Keys of the grid side of a site.
extension WorldSchema {
    static let transformer = ObjectSpec(
        name: "transformer", summary: "The transformer that feeds the site.",
        keys: [
            KeySpec(
                "rating_kva", .oneOf([.number(limits: .positive), .choice(["auto", "none"])]), unit: "kVA",
                default: "auto",
                "`auto`: connected load + building + 25 %, next standard size, not above what the import limit asks for."
            ),
            KeySpec(
                "sized_for", .choice(["all", "building"]), default: "all",
                "What `auto` counts: `building` is the transformer that stood there before the charging stations."),
            KeySpec(
                "model", .choice(TransformerSpec.Model.allCases.map(\.rawValue)),
                default: "iec60076_7, in North America ieee_c57_91", "Thermal and ageing model."),
            KeySpec(
                "cooling", .choice(TransformerSpec.Cooling.allCases.map(\.rawValue)),
                default: "distribution_onan, of a dry_type an",
                "Row of the thermal constants; the keys below replace parts."),
            KeySpec(
                "top_oil_rise_k", .number(limits: .range(1...200)), unit: "K", default: "of the cooling",
                "Top-oil rise at rated load."),
            KeySpec(
                "surcharge_k", .number(limits: .range(0...60)), unit: "K", default: "0",
                "Added to the top-oil rise at rated load: what the enclosure holds back, in proportion to the losses."),
            KeySpec(
                "hot_spot_gradient_k", .number(limits: .range(0.1...300)), unit: "K", default: "of the cooling",
                "Hot-spot rise over top oil at rated load, H · g; of a dry type over the ambient."),
            KeySpec(
                "hot_spot_factor", .number(limits: .range(0.5...3)), default: "1",
                "Multiplies the gradient: H where `hot_spot_gradient_k` is the winding-oil gradient g."),
            KeySpec(
                "oil_time_min", .number(limits: .range(1...2000)), unit: "min", default: "of the cooling",
                "Time constant of the oil."),
            KeySpec(
                "winding_time_min", .number(limits: .range(0.1...500)), unit: "min", default: "of the cooling",
                "Time constant of the winding; of a dry type of the whole."),
            KeySpec(
                "oil_exponent", .number(limits: .range(0.1...3)), default: "of the cooling", "x of IEC, n of IEEE."),
            KeySpec(
                "winding_exponent", .number(limits: .range(0.1...3)), default: "of the cooling",
                "y of IEC, m of IEEE (applied as 2 m), q of a dry type."),
            KeySpec(
                "k11", .number(limits: .range(0.1...5)), default: "of the cooling",
                "IEC: factor of the oil's time constant."),
            KeySpec(
                "k21", .number(limits: .range(1...5)), default: "of the cooling", "IEC: overshoot of the gradient."),
            KeySpec(
                "k22", .number(limits: .range(0.1...5)), default: "of the cooling",
                "IEC: factor of the winding's time constant."),
            KeySpec(
                "insulation_class", .choice(TransformerSpec.InsulationClass.allCases.map(\.rawValue)), default: "f",
                "Dry type: thermal class f (155 °C) or h (180 °C), the row of its constants."),
            KeySpec(
                "rated_hot_spot_c", .number(limits: .range(80...260)), unit: "°C", default: "of the insulation class",
                "Dry type: hot spot of normal ageing (class f: 145, class h: 170)."),
            KeySpec(
                "fans_on_c", .number(limits: .range(40...260)), unit: "°C", default: "120",
                "Cooling `an_af`: hot spot that starts the fans; with them the constants are those of `af`."),
            KeySpec(
                "fans_off_c", .number(limits: .range(30...250)), unit: "°C", default: "105",
                "Cooling `an_af`: hot spot at which the fans stop."),
            KeySpec(
                "fans_rating", .number(limits: .range(1...2)), default: "1.33",
                "Cooling `an_af`: rating with fans over `rating_kva`, which holds without them."),
            KeySpec(
                "upgraded_paper", .flag, default: "true", "Thermally upgraded paper (110 °C) or plain kraft (98 °C)."),
            KeySpec(
                "ambient_offset_k", .number(limits: .range(-20...40)), unit: "K", default: "0",
                "Added to the ambient temperature (kiosk, basement)."),
            KeySpec(
                "insulation_life_h", .number(limits: .range(1000...1_000_000)), unit: "h", default: "180000",
                "Insulation life at the rated hot spot (180,000 h: IEEE C57.91; 65,000 h: half the tensile strength)."),
            KeySpec(
                "ageing_rule", .choice(AgeingRule.allCases.map(\.rawValue)), default: "integral",
                "`end_of_step`: the rate at the end of each step for all of it, for comparison with programs that do so."
            ),
            KeySpec(
                "start", .oneOf([.number(limits: .range(-60...200)), .choice(["settled", "cold"])]), unit: "°C",
                default: "settled",
                "`settled` under the first load, `cold` at the outdoor temperature, or top oil (of a dry type the hot spot) at a temperature."
            ),
            KeySpec(
                "loss_ratio", .number(limits: .range(0.1...50)),
                default: "of the next standard size in `reference/transformers.json`",
                "Load loss / no-load loss at rated load."),
        ])

    /// How long a row of a table holds, and where the rows begin.
    static let rowLength = KeySpec(
        "row_min", .integer(1...60), unit: "min", default: "60", "How long a row of the table holds; divides an hour.")
    static let firstRow = KeySpec(
        "first_row", .choice(["new_year", "start"]), default: "new_year",
        "`new_year`: the rows of a year from 1 January; `start`: whole days from the world's start, repeated at their end."
    )

    static let building = ObjectSpec(
        name: "building", summary: "The building's load: a shape or a table, scaled to a peak.",
        keys: [
            KeySpec(
                "shape", .choice(BuildingShapes.all.map(\.id)), default: "g0",
                "Shape of `reference/building_load_shapes.json`."),
            KeySpec("table", .file, "CSV of loads, kW; instead of a shape."),
            KeySpec("column", .text, "Column of the table."),
            rowLength, firstRow,
            KeySpec(
                "peak_kw", .number(limits: .notNegative), unit: "kW", default: "of the table as it is; 0 with a shape",
                "Highest row; 0: no building."),
            KeySpec(
                "power_factor", .number(limits: .range(0.3...1)), default: "0.95",
                "Of the building's load, for the transformer."),
            KeySpec("noise", .flag, default: "true", "15-minute noise, AR(1), ρ 0.8, σ 5 %."),
        ])
}
