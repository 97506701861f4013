/// A table of the page: the first column names the row.
struct Table: Sendable {
    struct Column: Sendable {
        let title: String
        /// Shown smaller, under the title.
        var unit = ""
        var isNumeric = true

        static func text(_ title: String) -> Column { Column(title: title, isNumeric: false) }
        static func number(_ title: String, _ unit: String = "") -> Column { Column(title: title, unit: unit) }
    }

    /// Read out by screen readers, not shown: the heading above says it to the others.
    let caption: String
    let columns: [Column]
    /// Cells as plain text; an empty cell shows a dash.
    var rows: [[String]] = []

    init(_ caption: String, _ columns: [Column], rows: [[String]] = []) {
        self.caption = caption
        self.columns = columns
        self.rows = rows
    }

    var html: String {
        var text = "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"\(HTML.escape(caption))\"><table>"
        text += "<caption>\(HTML.escape(caption))</caption><thead><tr>"
        for column in columns {
            let unit = column.unit.isEmpty ? "" : " <small>\(HTML.escape(column.unit))</small>"
            let style = column.isNumeric ? " class=\"n\"" : ""
            text += "<th scope=\"col\"\(style)>\(HTML.escape(column.title))\(unit)</th>"
        }
        text += "</tr></thead><tbody>\n"
        for row in rows {
            text += "<tr>"
            for (index, cell) in row.enumerated() {
                let shown = cell.isEmpty ? Format.nothing : HTML.escape(cell)
                let style = columns[index].isNumeric ? " class=\"n\"" : ""
                text += index == 0 ? "<th scope=\"row\"\(style)>\(shown)</th>" : "<td\(style)>\(shown)</td>"
            }
            text += "</tr>\n"
        }
        return text + "</tbody></table></div>\n" + downloadLink
    }

    /// The table as a file, without a server and without scripts.
    var downloadLink: String {
        "<p class=\"csv\"><a download=\"\(CSV.fileName(caption))\" href=\"\(CSV(self).dataURI)\">Download CSV"
            + "<span class=\"unseen\"> of \(HTML.escape(caption))</span></a></p>\n"
    }
}
