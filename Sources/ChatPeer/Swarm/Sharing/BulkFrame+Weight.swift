import ChatProtocol

extension BulkFrame {
    /// Bytes that it takes in memory and on its link, about.
    var weight: Int {
        switch self {
        case .leaf(_, _, let bytes): 64 + bytes.count
        case .layer(_, _, let hashes): 64 + hashes.count * Hash256.byteCount
        case .proof(_, let leaves, let uncles): 64 + (leaves.count + uncles.count) * Hash256.byteCount
        case .holding(_, let pieces): 64 + pieces.weight
        default: 64
        }
    }
}

extension SharingInput {
    /// Bytes that it takes in memory, about.
    var weight: Int {
        switch self {
        case .frame(_, let frame): 64 + frame.weight
        case .answered(_, .searchfile(_, let findings)), .answered(_, .searchchunk(_, let findings)):
            128 + findings.reduce(0) { $0 + 256 + $1.owners.count * 64 }
        case .request, .introduced: 1024
        default: 128
        }
    }
}
