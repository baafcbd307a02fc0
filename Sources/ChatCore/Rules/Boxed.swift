import ChatProtocol
import HashTreeCollections

/// A value behind one reference: a copy is that reference, until somebody changes it while others hold it.
///
/// What stands in the nodes of a persistent tree is copied with each node on a changed path, and handed out whole by each look
/// at it. For a value of many fields that is most of what a rule costs.
@dynamicMemberLookup
package struct Boxed<Value: Sendable>: Sendable {
    /// `@unchecked Sendable`: `value` changes only while one `Boxed` alone holds the box.
    private final class Box: @unchecked Sendable {
        // Whoever changes it holds the box alone, which is the stronger guarantee.
        @exclusivity(unchecked) var value: Value
        init(_ value: Value) { self.value = value }
    }

    private var box: Box

    package init(_ value: Value) { box = Box(value) }

    // Inlined, or each look would copy the whole value and each change would allocate a coroutine.
    @inline(__always) package var value: Value {
        _read { yield box.value }
        _modify {
            if !isKnownUniquelyReferenced(&box) { box = Box(box.value) }
            yield &box.value
        }
    }

    /// Fields are read as if there were no box; to change one takes ``value``.
    @inline(__always) package subscript<Field>(dynamicMember field: KeyPath<Value, Field>) -> Field { value[keyPath: field] }
}

extension TreeDictionary {
    /// Changes the value of a key where it stands; nothing if there is none.
    ///
    /// Through the subscript a value is taken out of its node, carried about and put back, which costs as much as two more searches. What
    /// changes it in its place makes one where there is none: then `nobody` comes and goes, which is seldom.
    ///
    /// - Returns: what `body` does; `nil` without a value.
    @discardableResult
    mutating func change<Content, Result>(_ key: Key, or nobody: @autoclosure () -> Value, _ body: (inout Value) -> Result) -> Result?
    where Value == Boxed<Content> {
        var isThere = true
        let result = updateValue(
            forKey: key,
            default: {
                isThere = false
                return nobody()
            }()
        ) { isThere ? body(&$0) : nil }
        if !isThere { self[key] = nil }
        return result
    }
}

extension TreeDictionary where Key == UserName, Value == Boxed<Account> {
    mutating func change(_ name: UserName, _ body: (inout Account) -> Void) { decide(name) { body(&$0.value) } }

    /// The account is copied with its fields only once `body` changes its value.
    mutating func decide<Result>(_ name: UserName, _ body: (inout Value) -> Result) -> Result? {
        change(name, or: Boxed(Account(name: name, passwordHash: "")), body)
    }
}

extension TreeDictionary where Key == ConnectionID, Value == Boxed<Connection> {
    mutating func change<Result>(_ id: ConnectionID, _ body: (inout Connection) -> Result) -> Result? {
        change(id, or: Boxed(Connection(id: id, address: "", opened: 0))) { body(&$0.value) }
    }
}
