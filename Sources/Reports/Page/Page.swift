/// The whole page: head, navigation, headline figures, sections, scripts.
struct Page: Sendable {
    let data: ReportData
    /// Nil leaves the charts out and says so.
    let library: ChartLibrary?

    var html: String {
        let sections = Page.sections(data)
        let name = HTML.escape(data.facts.worldName)
        var text = """
            <!DOCTYPE html>
            <html lang="en"\(library == nil ? " class=\"tables\"" : "")>
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="generator" content="evtwin \(HTML.escape(data.facts.version))">
            <title>\(name) \u{2013} evtwin report</title>
            <style>\(PageStyle.css)</style>
            </head>
            <body>
            <a class="skip" href="#main">Skip to the report</a>

            """
        text += header(name)
        text += navigation(sections)
        text += "<main id=\"main\">\n" + notices + overview
        var figures = 0
        for section in sections { text += render(section, &figures) }
        text += "</main>\n" + footer
        if let library {
            text += "<script>\(library.inlined)</script>\n"
            text += "<script>window.EVTWIN_START=\(data.facts.clock.epochMilliseconds);</script>\n"
            text += "<script>\(PageScript.source)</script>\n"
        }
        return text + "</body>\n</html>\n"
    }

    private static func sections(_ data: ReportData) -> [Section] {
        [
            LoadSection.section(data), TopSitesSection.section(data), TransformerSection.section(data),
            UtilisationSection.section(data), SessionSection.section(data), WaitingSection.section(data),
            AvailabilitySection.section(data), AuditSection.section(data), AlarmSection.section(data),
            ComparisonSection.section(data), RunSection.section(data),
        ].compactMap { $0 }
    }

    private func header(_ name: String) -> String {
        let facts = data.facts
        let end = facts.microseconds(sample: data.series.sampleCount)
        let items = [
            "\(facts.clock.dateText(0)) \u{2013} \(facts.clock.dateText(max(0, end - 1)))",
            Format.count(data.plant.sites.count, "site"), Format.count(data.plant.stations.count, "charging station"),
            Format.count(data.plant.evseCount, "EVSE"), Format.power(watts: data.plant.connectedW) + " connected",
            facts.seed.map { "seed \($0)" } ?? "", facts.digest.isEmpty ? "" : "digest \(facts.digest)",
        ].filter { !$0.isEmpty }
        return "<header><p class=\"brand\">evtwin report</p><h1>\(name)</h1><p class=\"about\">"
            + "\(HTML.escape(facts.worldDescription))</p><ul class=\"facts\">"
            + items.map { "<li>\(HTML.escape($0))</li>" }.joined() + "</ul></header>\n"
    }

    private func navigation(_ sections: [Section]) -> String {
        let links = sections.map { "<a href=\"#\($0.id)\">\(HTML.escape($0.short))</a>" }.joined()
        return "<nav aria-label=\"Sections\"><div>\(links)</div></nav>\n"
    }

    private var notices: String {
        var text = ""
        if !data.facts.isComplete {
            text += notice(
                "This run ended before its time. The report shows the \(Format.duration(seconds: data.hours * 3600)) that were finished."
            )
        }
        if library == nil {
            text += notice(
                "No charts: Chart.js was not found. To get them, \(ChartLibrary.advice). All tables are here.")
        }
        if library != nil { text += "<noscript>\(notice("Charts need JavaScript. All tables are here."))</noscript>" }
        return text
    }

    private func notice(_ text: String) -> String { "<p class=\"notice\" role=\"note\">\(HTML.escape(text))</p>\n" }

    private var overview: String {
        "<section id=\"overview\" aria-label=\"Headline figures\"><dl class=\"tiles\">"
            + Overview.tiles(data).map(\.html).joined() + "</dl></section>\n"
    }

    private func render(_ section: Section, _ figures: inout Int) -> String {
        var text =
            "<section id=\"\(section.id)\"><h2>\(HTML.escape(section.title))</h2><p class=\"lede\">\(HTML.escape(section.lede))</p><div class=\"grid\">\n"
        for piece in section.pieces {
            switch piece {
            case .figure(let figure):
                figures += 1
                text += figure.html(number: figures)
            case .table(let title, let note, let table): text += card(title, note, table, "card")
            case .halfTable(let title, let note, let table): text += card(title, note, table, "card half")
            case .html(let markup): text += markup
            }
        }
        return text + "</div></section>\n"
    }

    private func card(_ title: String, _ note: String, _ table: Table, _ style: String) -> String {
        let shown = note.isEmpty ? "" : "<p class=\"note\">\(HTML.escape(note))</p>"
        return "<div class=\"\(style)\"><h3>\(HTML.escape(title))</h3>\(shown)\(table.html)</div>\n"
    }

    private var footer: String {
        var text = "<footer><p>Written by evtwin \(HTML.escape(data.facts.version)) from the telemetry file alone."
        if library != nil { text += " Charts: Chart.js, \u{A9} Chart.js Contributors, MIT licence." }
        return text + "</p></footer>\n"
    }
}
