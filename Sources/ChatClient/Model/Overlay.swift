import ChatProtocol

/// What has taken the keys from the line for a while; the draft waits under it.
enum Overlay: Sendable {
    case switcher(Switcher)
    case search(Search)
    case recall(Recall)
    case finder(Finder)
    case bare(Bare)
}

extension Model {
    /// Opens an overlay in place of whatever is open.
    mutating func open(_ overlay: Overlay) {
        help = nil
        completion = nil
        finding = nil
        self.overlay = overlay
    }

    /// Whether the overlay took the key; if not, the key does what it does without.
    mutating func pressOnOverlay(_ key: Key, at now: Moment) -> Bool {
        guard let overlay else { return false }
        switch keyMap.action(for: key) {
        case .redraw, .suspend: return false
        default: break
        }
        switch overlay {
        case .switcher(let switcher): return press(key, on: switcher)
        case .search(let search): return press(key, on: search)
        case .recall(let recall): return press(key, on: recall)
        case .finder(let finder): return press(key, on: finder)
        case .bare(let bare):
            leaveBare(bare)
            return true
        }
    }
}
