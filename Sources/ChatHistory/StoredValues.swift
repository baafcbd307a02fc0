import ChatClient
import ChatProtocol

extension Channel {
    var kind: Int64 {
        switch self {
        case .everyone: 0
        case .direct: 1
        case .private: 2
        }
    }

    var name: String {
        switch self {
        case .everyone: ""
        case .direct(let name), .private(let name): name.text
        }
    }

    init?(kind: Int64, name: String) {
        switch (kind, UserName(name)) {
        case (0, _): self = .everyone
        case (1, let name?): self = .direct(name)
        case (2, let name?): self = .private(name)
        default: return nil
        }
    }
}

extension StoredLine.Delivery {
    /// 0 and 1; and from 2 on two for each number of people, the odd one if it was not all of them.
    var number: Int64 {
        switch self {
        case .sent: 0
        case .delivered: 1
        case .reached(let count, let isPartial): 2 + 2 * Int64(min(max(count, 0), Int(Int32.max))) + (isPartial ? 1 : 0)
        }
    }

    init?(number: Int64) {
        switch number {
        case 0: self = .sent
        case 1: self = .delivered
        case 2...(1 << 33): self = .reached(Int((number - 2) / 2), isPartial: number % 2 == 1)
        default: return nil
        }
    }
}
