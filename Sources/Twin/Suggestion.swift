/// What somebody may have meant.
public enum Suggestion {
    /// "did you mean x?" when one of the names is near, else the names there are.
    public static func words(for word: String, among names: [String]) -> String {
        WorldChecker.suggestion(word, among: names)
    }
}
