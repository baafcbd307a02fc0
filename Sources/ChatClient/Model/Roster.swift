package import ChatProtocol

/// Who is online, in alphabetical order.
package struct Roster: Equatable, Sendable {
    /// Up to here names are put in their places one by one; beyond, the whole is sorted.
    private static let few = 32

    package private(set) var names: [UserName] = []

    package init() {}

    package var count: Int { names.count }

    package func contains(_ name: UserName) -> Bool {
        let place = place(of: name)
        return place < names.count && names[place] == name
    }

    /// Takes presence in and returns who came and went by it; nobody, for the list that a login begins with.
    package mutating func apply(_ presence: Event.Presence, besides me: UserName?) -> (came: [UserName], went: [UserName]) {
        if presence.isReset { names = [] }
        let came = add(presence.online.filter { $0 != me })
        var went: [UserName] = []
        if presence.offline.count > Self.few {
            let gone = Set(presence.offline)
            went = names.filter(gone.contains)
            names.removeAll(where: gone.contains)
        } else {
            for name in presence.offline {
                let place = place(of: name)
                guard place < names.count, names[place] == name else { continue }
                names.remove(at: place)
                went.append(name)
            }
        }
        return presence.isList ? ([], []) : (came, went)
    }

    package mutating func clear() { self = Roster() }

    private mutating func add(_ new: [UserName]) -> [UserName] {
        guard new.count > Self.few else {
            return new.filter { name in
                let place = place(of: name)
                if place < names.count, names[place] == name { return false }
                names.insert(name, at: place)
                return true
            }
        }
        let known = Set(names)
        let came = Set(new).subtracting(known)
        names = Array(known.union(came)).sorted()
        return came.sorted()
    }

    /// Where `name` is or would be.
    func place(of name: UserName) -> Int {
        var low = 0
        var high = names.count
        while low < high {
            let middle = (low + high) / 2
            if names[middle] < name { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
