import Testing

@testable import Twin

@Suite("Tables of separated values")
struct CSVTests {
    private func read(_ bytes: [UInt8]) -> (table: CSVTable?, errors: [String]) {
        var diagnostics = Diagnostics()
        let table = CSVTable.read(bytes: bytes, file: "t.csv", into: &diagnostics)
        return (table, diagnostics.errors.map { "\($0.line): \($0.problem)" })
    }

    private static let cells = [["Düren", "1.5", "a\nb"], ["Köln; Süd", "2", ""]]

    @Test("commas, semicolons, tabs, a spreadsheet's first line, every encoding: the same cells")
    func dialects() throws {
        for (separator, first) in [(",", ""), (";", ""), ("\t", ""), (";", "sep=;\n"), ("\t", "\n")] {
            let text =
                first
                + ["name", "power_kw", "note"].joined(separator: separator) + "\r\n"
                + ["Düren", "1.5", "\"a\r\nb\""].joined(separator: separator) + "\r\n"
                + ["\"Köln; Süd\"", "2", ""].joined(separator: separator) + "\r\n"
            for bytes in SavedText.forms(of: text) {
                let (table, errors) = read(bytes)
                #expect(errors == [])
                #expect(table?.rows.map(\.cells) == Self.cells)
                #expect(table?.header == ["name", "power_kw", "note"])
            }
        }
    }

    @Test("rows know their line, behind line breaks in cells as well")
    func lines() throws {
        let (table, errors) = read(Array("a,b\n\"1\n2\n3\",x\n4,5\n6\n".utf8))
        #expect(table?.rows.map(\.line) == [2, 5])
        #expect(errors == ["6: row 3 has 1 of 2 columns"])
    }

    @Test("a quote that is not closed costs its own row only")
    func openQuote() throws {
        let (table, errors) = read(Array("a,b\n\"1,x\n2,y\n\"3\",z\n4,\"v\"\n".utf8))
        #expect(table?.rows.map(\.cells) == [["2", "y"], ["3", "z"], ["4", "v"]])
        #expect(errors == ["2: row 1 has a quote that is not closed"])
    }

    @Test("a few damaged letters in a UTF-8 file are named, not read as another encoding")
    func damagedUTF8() throws {
        var bytes = Array("a,b\nDüren,Köln\nSüd,x\n".utf8)
        bytes.append(contentsOf: [0x78, 0xFC, 0x2C, 0x79, 0x0A])
        let (table, errors) = read(bytes)
        #expect(table?.rows.map(\.cells) == [["Düren", "Köln"], ["Süd", "x"]])
        #expect(errors == ["4: row 3 is not UTF-8"])
    }

    @Test("Windows-1252 has its own signs where Latin-1 has none")
    func euro() throws {
        let (table, _) = read([0x61, 0x0A, 0x80, 0x96, 0xE9, 0x0A])
        #expect(table?.rows.map(\.cells) == [["€–é"]])
    }

    @Test("a decimal comma is a number where commas do not separate cells")
    func decimalComma() throws {
        let (semicolon, _) = read(Array("id;template;latitude;longitude\na;retail;52,1;0,12\n".utf8))
        #expect(
            semicolon?.number("52,1") == 52.1 && semicolon?.number("1,2,3") == nil && semicolon?.number("x,1") == nil)
        let (comma, _) = read(Array("a,b\n1,2\n".utf8))
        #expect(comma?.number("52,1") == nil)
        let scratch = try ScratchFiles()
        defer { scratch.remove() }
        _ = try scratch.write("s.csv", "id;template;latitude;building.peak_kw\na;retail;52,1;20,5\n")
        let world = try WorldFile.load(path: try scratch.write("w.yaml", "name: m\nsites: {table: s.csv}\n"))
        #expect(world.sites[0].latitude == 52.1 && world.sites[0].building?.peakW == 20_500)
    }
}
