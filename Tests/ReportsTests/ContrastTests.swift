import Foundation
import Testing

@testable import Reports

/// Contrast of the page's colors, light and dark.
///
/// - Source: WCAG 2.2, 1.4.3 (text 4.5:1) and 1.4.11 (graphics 3:1), relative luminance of sRGB.
@Suite("Contrast")
struct ContrastTests {
    /// Text on what it stands on.
    private static let texts =
        [
            ("ink", "bg"), ("ink", "card"), ("soft", "bg"), ("soft", "card"), ("accent", "bg"), ("accent", "card"),
            ("card", "accent"), ("card", "ink"), ("warning", "card"), ("danger", "card"),
        ] + (0..<6).map { ("hlow", "h\($0)") } + (6..<10).map { ("hhigh", "h\($0)") }
    private static let graphics =
        ["accent", "second", "third", "muted", "warning", "danger", "good"] + (0..<10).map { "c\($0)" }

    @Test("texts reach 4.5:1 and marks of charts 3:1", arguments: ["light", "dark"])
    func contrast(scheme: String) throws {
        let colors = try Self.colors(scheme)
        for (text, ground) in Self.texts {
            let ratio = Self.ratio(try #require(colors[text]), try #require(colors[ground]))
            #expect(ratio >= 4.5, "\(scheme): \(text) on \(ground) has \(ratio):1")
        }
        for mark in Self.graphics {
            let ratio = Self.ratio(try #require(colors[mark]), try #require(colors["card"]))
            #expect(ratio >= 3, "\(scheme): \(mark) on card has \(ratio):1")
        }
    }

    @Test("black on white is 21:1")
    func reference() {
        #expect(abs(Self.ratio("#000", "#ffffff") - 21) < 1e-9)
        #expect(abs(Self.ratio("#777777", "#fff") - 4.478) < 1e-3)
    }

    private static func colors(_ scheme: String) throws -> [String: String] {
        let css = PageStyle.css
        let dark = try #require(css.range(of: "@media screen and (prefers-color-scheme:dark)"))
        var colors = pairs(css[..<dark.lowerBound])
        if scheme == "dark" {
            let end = try #require(css.range(of: "}}", range: dark.upperBound..<css.endIndex))
            colors.merge(pairs(css[dark.upperBound..<end.lowerBound])) { $1 }
        }
        return colors
    }

    private static func pairs(_ css: Substring) -> [String: String] {
        Dictionary(css.matches(of: /--(\w+):(#[0-9a-f]{3,6})/).map { (String($0.1), String($0.2)) }) { $1 }
    }

    private static func ratio(_ a: String, _ b: String) -> Double {
        let luminances = [a, b].map { luminance($0) }.sorted()
        return (luminances[1] + 0.05) / (luminances[0] + 0.05)
    }

    private static func luminance(_ color: String) -> Double {
        var digits = color.dropFirst().map { String($0) }
        if digits.count == 3 { digits = digits.flatMap { [$0, $0] } }
        let parts = stride(from: 0, to: 6, by: 2).map { index -> Double in
            let value = Double(Int(digits[index] + digits[index + 1], radix: 16) ?? 0) / 255
            return value <= 0.03928 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }
}
