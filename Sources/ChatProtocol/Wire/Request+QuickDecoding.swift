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
        guard let action = object.text(of: "action") else { return nil }
        var id: RequestID?
        if let place = object.place(of: "id") {
            if let number = object.number(at: place) {
                id = RequestID(number)
            } else {
                guard let text = object.text(at: place), let mark = RequestID(.string(String(ascii: text))) else { return nil }
                id = mark
            }
        }
        if FlatObject.equals(action, "message") {
            guard let user = object.text(of: "user") else { return nil }
            guard let (text, key) = object.message else { return nil }
            self.init(.message(to: UserName(ascii: user), text: text, key: key), id: id)
        } else if FlatObject.equals(action, "broadcast") {
            guard let (text, key) = object.message else { return nil }
            self.init(.broadcast(text: text, key: key), id: id)
        } else if FlatObject.equals(action, "ack") {
            guard let sequence = object.place(of: "seq").flatMap({ object.number(at: $0) }) else { return nil }
            self.init(.ack(through: UInt64(sequence)), id: id)
        } else {
            return nil
        }
    }
}

extension FlatObject {
    fileprivate var message: (text: String, key: MessageKey?)? {
        guard let text = self.text(of: "message") else { return nil }
        guard let place = place(of: "key") else { return (String(ascii: text), nil) }
        guard let key = self.text(at: place).flatMap({ MessageKey(ascii: $0) }) else { return nil }
        return (String(ascii: text), key)
    }
}
