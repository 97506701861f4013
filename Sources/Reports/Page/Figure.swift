/// A chart with its title, how to read it, and the table behind it.
struct Figure: Sendable {
    let title: String
    /// One sentence: what is drawn, or what it says.
    let caption: String
    let chart: Chart
    let table: Table
    /// Takes half the width on a wide screen.
    var isHalf = false
    var isTall = false

    /// - Parameter number: makes the id of the figure unique in the page.
    func html(number: Int) -> String {
        let id = "f\(number)"
        var text = "<figure class=\"card\(isHalf ? " half" : "")\(isTall ? " tall" : "")\" id=\"\(id)\">"
        text += "<h3 id=\"\(id)-t\">\(HTML.escape(title))</h3><figcaption>\(HTML.escape(caption))</figcaption>"
        text += "<div class=\"views\" hidden></div>"
        text += "<div class=\"plot\"><canvas role=\"img\" aria-labelledby=\"\(id)-t\"></canvas></div>"
        text += "<details><summary>Table</summary>\(table.html)</details>"
        text += "<script type=\"application/json\">\(chart.json.text)</script></figure>\n"
        return text
    }
}
