/// The client's own words as a screen reader speaks them: no sign stands for a word, and there is nothing that it would spell out.
enum Spoken {
    static func words(_ text: some StringProtocol) -> String {
        var words = ""
        for character in text {
            switch character {
            case "·":
                while words.last == " " { words.removeLast() }
                if !words.isEmpty { words.append(",") }
            case "…": words += "..."
            case "“", "”": words.append("\"")
            case "‘", "’": words.append("'")
            case "▸":
                while words.last == " " { words.removeLast() }
                words.append(":")
            case "↑": words += "Up"
            case "↓": words += "Down"
            case "→": words += "to"
            case "×": words += " by "
            case "–": words.append("-")
            case "‹", "›", "✓", "✗", "●", "○", "│": break
            case "🔒": words += "private "
            case "•": words.append("*")
            case "█": words.append("#")
            case "░": words.append(".")
            case " " where words.isEmpty && text.first != " ": break
            default: words.append(character)
            }
        }
        return words
    }
}
