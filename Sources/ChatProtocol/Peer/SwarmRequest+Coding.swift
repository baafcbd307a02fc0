extension SwarmRequest {
    /// The members of the request but `action` and `id`.
    package func writeMembers(to writer: inout JSONWriter) {
        switch self {
        case .register(let file, let pieces):
            writer.member("name", file.name.text)
            file.content.write(to: &writer)
            writer.member("pieces", pieces.isFull ? "all" : Hexadecimal.text(pieces.bytes))
        case .have(let content, let pieces):
            content.write(to: &writer)
            writer.key("pieces")
            writer.array(pieces) { $0.integer(Int64($1)) }
        case .withdraw(let content): content.write(to: &writer)
        case .searchfile(let name): writer.member("name", name?.text ?? "")
        case .searchchunk(let name, let pieces):
            writer.member("name", name?.text ?? "")
            writer.key("chunks")
            writer.array(pieces) { $0.integer(Int64($1)) }
        }
    }

    /// Reads the request that `action` names; `nil` for an action that is none of the index's.
    package static func decoding(action: String, _ object: JSONObject) throws(BadRequest) -> SwarmRequest? {
        switch action {
        case "register":
            let file = SharedFile(name: try object.fileName(), content: try object.content())
            return .register(file, try object.pieceMap(of: file.content))
        case "have":
            let content = try object.content()
            return .have(content, try object.pieces("pieces", below: content.pieceCount, most: mostNews))
        case "withdraw": return .withdraw(try object.content())
        // A name that no file can have is answered as any that nobody has.
        case "searchfile": return .searchfile(SafeName(try object.text("name")))
        case "searchchunk":
            let pieces = try object.pieces("chunks", below: FileContent.mostPieces, most: mostPieces)
            return .searchchunk(SafeName(try object.text("name")), pieces)
        default: return nil
        }
    }
}

extension SwarmReply {
    package var action: String {
        switch self {
        case .register: "register"
        case .have: "have"
        case .withdraw: "withdraw"
        case .searchfile: "searchfile"
        case .searchchunk: "searchchunk"
        }
    }

    /// The members of the reply but `action` and `id`.
    package func writeMembers(to writer: inout JSONWriter) {
        switch self {
        case .register(let status), .have(let status), .withdraw(let status): writer.member("status", status.rawValue)
        case .searchfile(let status, let files), .searchchunk(let status, let files):
            writer.member("status", status.rawValue)
            writer.key("files")
            writer.array(files) { $1.write(to: &$0) }
        }
    }

    package static func decoding(action: String, _ object: JSONObject) throws(BadRequest) -> SwarmReply? {
        guard ["register", "have", "withdraw", "searchfile", "searchchunk"].contains(action) else { return nil }
        guard let status = Status(rawValue: try object.text("status")) else { throw BadRequest("unknown status") }
        switch action {
        case "register": return .register(status)
        case "have": return .have(status)
        case "withdraw": return .withdraw(status)
        default:
            guard let files = object["files"]?.array, files.count <= SwarmFinding.mostFiles else {
                throw BadRequest("files must be an array")
            }
            var findings: [SwarmFinding] = []
            for file in files { findings.append(try SwarmFinding(file)) }
            return action == "searchfile" ? .searchfile(status, findings) : .searchchunk(status, findings)
        }
    }
}

extension SwarmFinding {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("name", file.name.text)
        file.content.write(to: &writer)
        writer.member("n_owners", Int64(ownerCount))
        writer.key("owners")
        writer.array(owners) { writer, owner in
            writer.beginObject()
            writer.member("user", owner.user.text)
            writer.member("count", Int64(owner.count))
            if !owner.pieces.isEmpty {
                writer.key("chunks")
                writer.array(owner.pieces) { $0.integer(Int64($1)) }
            }
            writer.endObject()
        }
        writer.endObject()
    }

    fileprivate init(_ value: JSONValue) throws(BadRequest) {
        guard let object = value.object, let list = object["owners"]?.array, list.count <= Self.mostOwners else {
            throw BadRequest("a file must be an object with owners")
        }
        let file = SharedFile(name: try object.fileName(), content: try object.content())
        var owners: [Owner] = []
        for entry in list {
            guard let owner = entry.object, let user = UserName(try owner.text("user")), let count = owner["count"]?.int,
                (0...Int64(file.content.pieceCount)).contains(count)
            else { throw BadRequest("an owner must have user and count") }
            let hasPieces = owner["chunks"] != nil
            let pieces = hasPieces ? try owner.pieces("chunks", below: file.content.pieceCount, most: SwarmRequest.mostPieces) : []
            owners.append(Owner(user: user, count: Int(count), pieces: pieces))
        }
        guard let total = object["n_owners"]?.int, total >= owners.count, total <= Int64(Int32.max) else {
            throw BadRequest("n_owners must be a whole number")
        }
        self.init(file: file, owners: owners, ownerCount: Int(total))
    }
}

extension FileContent {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.member("root", root.description)
        writer.member("size", Int64(size))
    }
}

extension JSONObject {
    fileprivate func text(_ key: String) throws(BadRequest) -> String {
        guard let text = self[key]?.string else { throw BadRequest("\(key) must be a string") }
        return text
    }

    fileprivate func fileName() throws(BadRequest) -> SafeName {
        let text = try text("name")
        if let fault = SafeName.fault(in: text) { throw BadRequest(fault.words) }
        guard let name = SafeName(text) else { throw BadRequest("name cannot be a file's") }
        return name
    }

    fileprivate func content() throws(BadRequest) -> FileContent {
        guard let root = Hash256(hex: try text("root")) else { throw BadRequest("root must be 64 lowercase hexadecimal digits") }
        guard let size = self["size"]?.int, size >= 0, let content = FileContent(root: root, size: UInt64(size)) else {
            throw BadRequest("size must be 0 to \(FileContent.largest), and 0 just when root is all zeros")
        }
        return content
    }

    fileprivate func pieceMap(of content: FileContent) throws(BadRequest) -> PieceSet {
        let text = try text("pieces")
        if text == "all" { return PieceSet(all: content.pieceCount) }
        guard let bytes = Hexadecimal.bytes(text), let pieces = PieceSet(bytes: bytes, capacity: content.pieceCount) else {
            throw BadRequest("pieces must be \"all\" or a map that fits the size, in hexadecimal digits")
        }
        return pieces
    }

    fileprivate func pieces(_ key: String, below count: Int, most: Int) throws(BadRequest) -> [Int] {
        guard let values = self[key]?.array, (1...most).contains(values.count) else {
            throw BadRequest("\(key) must be an array of 1 to \(most) numbers")
        }
        var pieces: [Int] = []
        for value in values {
            guard let number = value.int, number >= 0, number < count else { throw BadRequest("\(key) holds a number that is no piece") }
            pieces.append(Int(number))
        }
        return pieces
    }
}
