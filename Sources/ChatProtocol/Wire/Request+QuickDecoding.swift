extension RequestFrame {
    /// Reads the requests that a server gets in numbers, as their clients write them; `nil` for all others, and for whatever is wrong with one.
    ///
    /// What it reads it reads as ``init(decoding:)`` does, in a fraction of the time.
    package init?(quickly bytes: UnsafeRawBufferPointer) {
        var object = FlatObject(bytes)
        guard object.read(), object.isAll else { return nil }
        self.init(object)
    }

    /// The same of an object that has been read.
    init?(_ object: FlatObject) {
        guard let action = object.text(object.action) else { return nil }
        var id: RequestID?
        if object.id.isThere {
            if let number = object.number(object.id) {
                id = RequestID(number)
            } else {
                guard let text = object.text(object.id), let mark = RequestID(.string(String(ascii: text))) else { return nil }
                id = mark
            }
        }
        if FlatObject.equals(action, "message") {
            guard let user = object.text(object.user), let said = object.said else { return nil }
            self.init(.message(to: UserName(ascii: user), text: said.text, key: said.key), id: id)
        } else if FlatObject.equals(action, "broadcast") {
            guard let said = object.said else { return nil }
            self.init(.broadcast(text: said.text, key: said.key), id: id)
        } else if FlatObject.equals(action, "ack") {
            guard let sequence = object.number(object.sequence) else { return nil }
            self.init(.ack(through: UInt64(sequence)), id: id)
        } else {
            return nil
        }
    }
}

extension FlatObject {
    fileprivate var said: (text: String, key: MessageKey?)? {
        guard let text = self.text(message) else { return nil }
        guard key.isThere else { return (String(ascii: text), nil) }
        guard let key = self.text(key).flatMap({ MessageKey(ascii: $0) }) else { return nil }
        return (String(ascii: text), key)
    }
}
