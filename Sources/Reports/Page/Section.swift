/// One study on the page.
struct Section: Sendable {
    enum Piece: Sendable {
        case figure(Figure)
        /// A table that is worth showing at once, with its title and a note on how to read it.
        case table(title: String, note: String, Table)
        /// The same, half as wide on a wide screen.
        case halfTable(title: String, note: String, Table)
        /// Prepared markup.
        case html(String)
    }

    let id: String
    /// Short name in the navigation.
    let short: String
    let title: String
    /// What the section found, in a sentence or two.
    let lede: String
    var pieces: [Piece] = []
}

/// One headline number.
struct Tile: Sendable {
    enum Mood: String, Sendable {
        case plain
        case good
        case watch
        case bad
    }
    let label: String
    let value: String
    let note: String
    var mood = Mood.plain

    /// For those who do not see the colour.
    private var spoken: String {
        switch mood {
        case .plain: ""
        case .good: "<i>, good</i>"
        case .watch: "<i>, worth a look</i>"
        case .bad: "<i>, a problem</i>"
        }
    }

    var html: String {
        "<div class=\"tile \(mood.rawValue)\"><dt>\(HTML.escape(label))\(spoken)</dt><dd>\(HTML.escape(value))"
            + "<span>\(HTML.escape(note))</span></dd></div>"
    }
}
