import ChatPeer
import ChatProtocol
import Testing

@Suite struct FileDesignationTests {
    private func file(_ name: String, _ byte: UInt8) throws -> SharedFile {
        let content = try #require(FileContent(root: Hash256(of: [byte]), size: 1))
        return SharedFile(name: try #require(SafeName(name)), content: content)
    }

    @Test func nameMayEndInTheBeginningOfARoot() throws {
        let designation = try #require(FileDesignation("film.mkv#a1b2c3d4"))
        #expect(designation.name.text == "film.mkv")
        #expect(designation.prefix == "a1b2c3d4")
        #expect(designation.description == "film.mkv#a1b2c3d4")
    }

    @Test(arguments: ["song #1.mp3", "a#b", "a#A1B2C3D4", "#a1b2c3d4", "film.mkv#a1b2c3"])
    func whatIsNoRootBelongsToTheName(text: String) throws {
        let designation = try #require(FileDesignation(text))
        #expect(designation.name.text == text)
        #expect(designation.prefix == nil)
    }

    @Test(arguments: ["", "../a", ".hidden", "a/b#a1b2c3d4"])
    func whatNoFileCanBeCalledIsRefused(text: String) {
        #expect(FileDesignation(text) == nil)
    }

    @Test func prefixesTellFilesApart() throws {
        let files = [try file("a", 1), try file("a", 2)]
        let designations = FileDesignation.distinct(files)
        for (file, designation) in zip(files, designations) {
            #expect(files.filter(designation.matches) == [file])
            #expect(FileDesignation(designation.description) == designation)
        }
        #expect(try designations[0].matches(file("b", 1)) == false)
    }
}
