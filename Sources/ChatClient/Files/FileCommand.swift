package import ChatPeer
package import ChatProtocol

/// A command about files, with its arguments understood.
package enum FileCommand: Equatable, Sendable {
    case register(path: String)
    case withdraw(FileDesignation)
    case searchfile(SafeName)
    case searchchunk(SafeName, [Int])
    /// - Parameters:
    ///   - chunks: `nil` for the whole file.
    ///   - from: the one to fetch from.
    case download(FileDesignation, chunks: [Int]? = nil, from: UserName? = nil)
    case transfers
    case pause(Int)
    case resume(Int)
    case end(Int)

    package func input(_ ticket: UserTicket) -> SharingInput? {
        switch self {
        case .register(let path): .register(path: path, ticket)
        case .withdraw(let file): .withdraw(file, ticket)
        case .searchfile(let name): .searchfile(name, ticket)
        case .searchchunk(let name, let chunks): .searchchunk(name, chunks, ticket)
        case .download(let file, let chunks, let user): .download(file, pieces: chunks, from: user, ticket)
        case .pause(let number): .pause(number, ticket)
        case .resume(let number): .resume(number, ticket)
        case .end(let number): .end(number, ticket)
        case .transfers: nil
        }
    }

    /// Chunks asked for at once, at most.
    static let mostChunks = SwarmRequest.mostPieces

    /// Reads `0,1,5-8`; `nil` for anything else, and for too many.
    static func chunks(_ text: String) -> [Int]? {
        var chunks: [Int] = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = word.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first >= 0, first <= last,
                last < FileContent.mostPieces, last - first < mostChunks, chunks.count + last - first < mostChunks
            else { return nil }
            chunks += first...last
        }
        return chunks.isEmpty ? nil : chunks
    }
}

/// Why a command about files cannot be carried out.
package struct FileCommandFault: Error, Equatable, Sendable {
    package let words: String
}

extension FileCommand {
    /// Understands what ``CommandParser`` has read; `nil` for a command that is not about files.
    ///
    /// - Parameter home: what `~` stands for at the beginning of a path.
    package init?(_ command: Command, home: String?) throws(FileCommandFault) {
        switch command {
        case .register(let path): self = .register(path: Self.expanded(path, home))
        case .withdraw(let file): self = .withdraw(try Self.designation(file))
        case .searchfile(let name): self = .searchfile(try Self.name(name))
        case .searchchunk(let name, let chunks):
            let name = try Self.name(name)
            self = .searchchunk(name, try Self.numbers(chunks))
        case .download(let file): self = .download(try Self.designation(file))
        case .downloadChunk(let user, let file, let chunk):
            guard let name = UserName(user) else { throw FileCommandFault(words: "There is no user \(Sanitizer.line(user))") }
            let file = try Self.designation(file)
            self = .download(file, chunks: try Self.numbers(chunk), from: name)
        case .transfers(nil, _): self = .transfers
        case .transfers(let deed?, let number):
            guard let number = Int(number) else { throw FileCommandFault(words: "There is no transfer \(Sanitizer.line(number))") }
            switch deed {
            case .pause: self = .pause(number)
            case .resume: self = .resume(number)
            case .end: self = .end(number)
            }
        default: return nil
        }
    }

    private static func expanded(_ path: String, _ home: String?) -> String {
        guard let home, path == "~" || path.hasPrefix("~/") else { return path }
        return home + path.dropFirst()
    }

    private static func name(_ text: String) throws(FileCommandFault) -> SafeName {
        guard let name = SafeName(composing: text) else { throw fault(text) }
        return name
    }

    private static func designation(_ text: String) throws(FileCommandFault) -> FileDesignation {
        guard let file = FileDesignation(text) else { throw fault(text) }
        return file
    }

    private static func fault(_ text: String) -> FileCommandFault {
        let fault = SafeName.fault(in: SafeName.composed(text)) ?? .empty
        return FileCommandFault(words: "No file can be called that: \(fault.words)")
    }

    private static func numbers(_ text: String) throws(FileCommandFault) -> [Int] {
        guard let chunks = chunks(text) else {
            throw FileCommandFault(words: "Chunks are numbers from 0, like 0,1,5-8, at most \(mostChunks) of them")
        }
        return chunks
    }
}
