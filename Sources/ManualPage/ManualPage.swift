/// A manual page as a value; ``roff`` is what man(1) shows.
package struct ManualPage: Sendable {
    package enum Block: Equatable, Sendable {
        case heading(String)
        case paragraph(String)
        /// Something to be looked up, and what it is.
        case entry(term: String, text: String)
        /// Lines that stay as they are.
        case example([String])
    }

    package struct Section: Equatable, Sendable {
        package var title: String
        package var blocks: [Block]

        package init(_ title: String, _ blocks: [Block]) {
            self.title = title
            self.blocks = blocks
        }
    }

    package var name: String
    /// Of the manual: 1 for programs, 8 for those that run a service.
    package var number: Int
    package var summary: String
    package var version: String
    /// The ways to call it.
    package var synopsis: [String]
    package var sections: [Section]

    package init(name: String, number: Int, summary: String, version: String, synopsis: [String], sections: [Section]) {
        self.name = name
        self.number = number
        self.summary = summary
        self.version = version
        self.synopsis = synopsis
        self.sections = sections
    }

    /// The page in the language of man(7), in ASCII, so that every formatter reads it the same.
    package var roff: String {
        var roff = Roff()
        roff.comment("Made by the program itself; what is written in here is lost.")
        roff.macro("TH", name.uppercased(), "\(number)", "", version, "Banter")
        // No hyphens where none are typed, and no gaps between words.
        roff.request("nh")
        roff.request("ad l")
        roff.macro("SH", "NAME")
        roff.text("\(name) - \(summary)")
        roff.macro("SH", "SYNOPSIS")
        for (number, line) in synopsis.enumerated() {
            if number > 0 { roff.request("br") }
            roff.term(line)
        }
        for section in sections {
            roff.section(section.title)
            for block in section.blocks { roff.write(block) }
        }
        return roff.output
    }
}
