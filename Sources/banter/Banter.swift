import ArgumentParser

/// The program `banter`: to chat is what it does, so that its help is about that; `banter trust` is the one thing besides.
@main
enum Banter {
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments.first == "trust" {
            Trust.main(Array(arguments.dropFirst()))
        } else {
            Chat.main(arguments)
        }
    }
}
