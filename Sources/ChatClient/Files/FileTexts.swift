import ChatPeer
import ChatProtocol

/// What there is to say about files, the same in line mode and on the full screen.
struct FileText: Equatable, Sendable {
    enum Kind: Equatable, Sendable {
        /// The answer to a command.
        case answer
        /// A command was not carried out.
        case refusal
        /// Something that happened by itself.
        case notice
        /// The same, and it is not good.
        case fault
    }

    var kind: Kind
    var lines: [String]
    /// What a person is told besides: scripts rely on the lines alone.
    var aside: String?

    init(_ kind: Kind, _ lines: [String]) {
        self.kind = kind
        self.lines = lines
    }

    /// For people: the lines and what is told besides.
    var words: String { (lines + (aside.map { [$0] } ?? [])).joined(separator: "\n") }

    init(_ kind: Kind, _ line: String) { self.init(kind, [line]) }

    /// `nil` for what is shown in another way: how transfers stand.
    ///
    /// - Parameters:
    ///   - serves: who may fetch what is offered.
    ///   - sign: what stands before a command here.
    init?(_ news: SharingNews, serves: ServeSetting = .everyone, sign: String = "") {
        switch news {
        case .transfers: return nil
        case .registering(_, let done, let size):
            self.init(.notice, "Reading the file: \(TransferLine.size(Double(done))) of \(TransferLine.size(Double(size)))")
        case .registered(_, let file):
            let content = file.content
            let chunks = content.pieceCount == 1 ? "1 chunk" : "\(content.pieceCount) chunks"
            self.init(.answer, "\(file.name) is offered: \(Self.size(file)), \(chunks), \(Self.designation(file))")
            aside = "\(serves.reach), and who has it passes it on · \(sign)withdraw \(file.name) ends your offer"
        case .notRegistered(_, _, let failure): self.init(.refusal, "Not offered: \(Sanitizer.line(failure.words))")
        case .withdrawn(_, let file): self.init(.answer, "\(file.name) is offered no longer")
        case .found(_, let status, let findings): self = Self.found(status, findings)
        case .begun(_, let number, let file): self.init(.answer, "[\(number)] Fetching \(file.name), \(Self.size(file))")
        case .alreadyFetching(_, let number, let file): self.init(.answer, "[\(number)] \(file.name) is being fetched already")
        case .alreadyHere(_, let file): self.init(.answer, "\(file.name) is here already")
        case .choose(_, let findings, let designations):
            let choices = zip(findings, designations).map { "    \($1)  \(Self.size($0.file)), \(Self.owners($0))" }
            self.init(.refusal, ["Several files have that name. Say which:"] + choices)
        case .paused(_, let number, let file): self.init(.answer, "[\(number)] \(file.name) is paused")
        case .resumed(_, let number, let file): self.init(.answer, "[\(number)] \(file.name) goes on")
        case .refused(_, let refusal):
            self.init(.refusal, refusal.words)
            if case .notFound = refusal { aside = Self.wholeNames }
        case .interrupted(let number, let file):
            self.init(.notice, "[\(number)] \(file.name) was not finished last time; transfers resume \(number) goes on with it")
        case .finished(let number, let file, let path):
            self.init(.notice, "[\(number)] \(file.name) is complete" + (path.map { ": " + Sanitizer.line($0) } ?? ""))
        case .failed(let number, let file, let failure):
            self.init(.fault, "[\(number)] \(file.name) failed: \(Sanitizer.line(failure.words))")
        case .ended(let number, let file): self.init(.answer, "[\(number)] \(file.name) was given up")
        case .dropped(let user, let reason, let number, let file):
            self.init(.fault, "[\(number)] \(user) \(reason.words) for \(file.name) and is not asked any more")
        case .uploading(let user, let file): self.init(.notice, "\(user) is fetching \(file.name) from you")
        case .turnedAway(let user): self.init(.notice, "\(user) wanted files from you and was turned away")
        case .offerEnded(let file, let failure):
            self.init(.fault, "\(file.name) is offered no longer: \(Sanitizer.line(failure.words))")
        case .notIndexed(let file, let status):
            let why = status == .full ? "takes no more" : "does not take it"
            self.init(.fault, "Others cannot find \(file.name): the server \(why)")
        case .folderFailed(let failure): self.init(.fault, "There can be no downloads: \(Sanitizer.line(failure.words))")
        }
    }

    /// The index knows files by their names and by nothing else.
    private static let wholeNames = "A name must be whole, with its ending and its big and small letters"

    private func with(aside: String) -> FileText {
        var text = self
        text.aside = aside
        return text
    }

    private static func found(_ status: SwarmReply.Status, _ findings: [SwarmFinding]) -> FileText {
        switch status {
        case .success: FileText(.answer, findings.flatMap(lines))
        case .unknownFile: FileText(.refusal, "Nobody who is online offers a file of that name").with(aside: wholeNames)
        case .unknownChunk: FileText(.refusal, "Nobody who is online has these chunks")
        case .full: FileText(.refusal, "The server takes no more")
        case .unsupported: FileText(.refusal, "The server does not know how this client is met")
        }
    }

    private static func lines(_ finding: SwarmFinding) -> [String] {
        let count = finding.file.content.pieceCount
        let head = "\(designation(finding.file))  \(size(finding.file)), \(count == 1 ? "1 chunk" : "\(count) chunks")"
        let owners = finding.owners.map { owner in
            let what =
                if !owner.pieces.isEmpty {
                    "has " + owner.pieces.map(String.init).joined(separator: ",")
                } else if owner.count == count {
                    "has all of it"
                } else {
                    "has \(owner.count)"
                }
            return "    \(owner.user) \(what)"
        }
        let others = finding.ownerCount - finding.owners.count
        return [head] + owners + (others > 0 ? ["    and \(others) more"] : [])
    }

    private static func owners(_ finding: SwarmFinding) -> String {
        finding.ownerCount == 1 ? "\(finding.owners.first?.user.text ?? "one person") has it" : "\(finding.ownerCount) people have it"
    }

    private static func size(_ file: SharedFile) -> String { TransferLine.size(Double(file.content.size)) }

    private static func designation(_ file: SharedFile) -> String { FileDesignation.distinct([file])[0].description }
}

extension SharingRefusal {
    var words: String {
        switch self {
        case .noServer: "There is no connection to the server"
        case .failed(let reason): "The server did not answer: \(Sanitizer.line(reason))"
        case .notFound(let file): "Nobody who is online offers \(file)"
        case .notThere(let file, let user): "\(user) does not have that of \(file)"
        case .noSuchPiece(let file): "\(file.name) has the chunks 0 to \(max(0, file.content.pieceCount - 1)) only"
        case .notOffered(let file): "You do not offer \(file)"
        case .severalOffered(let files): "You offer several files of that name: " + files.map(\.description).joined(separator: ", ")
        case .stillFetching(let number): "It is being fetched: transfers end \(number) gives it up"
        case .noSuchTransfer(let number): "There is no transfer \(number)"
        case .tooMany(let most): "No more than \(most) at a time"
        }
    }
}

extension SharingNews {
    /// The command that this answers for good, if it does: not how far something is.
    var answered: UserTicket? {
        switch self {
        case .registered(let ticket, _), .notRegistered(let ticket, _, _), .withdrawn(let ticket, _), .found(let ticket, _, _),
            .begun(let ticket, _, _), .alreadyFetching(let ticket, _, _), .alreadyHere(let ticket, _), .choose(let ticket, _, _),
            .paused(let ticket, _, _), .resumed(let ticket, _, _), .refused(let ticket, _):
            ticket
        case .registering, .interrupted, .finished, .failed, .ended, .dropped, .uploading, .turnedAway, .offerEnded, .notIndexed,
            .folderFailed, .transfers:
            nil
        }
    }

    /// The transfer that is over with this.
    var overTransfer: Int? {
        switch self {
        case .finished(let number, _, _), .failed(let number, _, _), .ended(let number, _): number
        default: nil
        }
    }
}

extension SharingNews {
    /// The transfer that this is about.
    var transfer: Int? {
        switch self {
        case .begun(_, let number, _), .alreadyFetching(_, let number, _), .paused(_, let number, _), .resumed(_, let number, _),
            .interrupted(let number, _), .finished(let number, _, _), .failed(let number, _, _), .ended(let number, _),
            .dropped(_, _, let number, _):
            number
        default: nil
        }
    }
}
