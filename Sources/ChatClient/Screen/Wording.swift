/// Something to say in several lengths, so that every width has one that is whole.
enum Wording {
    /// The first that fits; the last, the shortest, if none does.
    static func fitting(_ width: Int, _ versions: [String]) -> String {
        versions.first { DisplayWidth.cells($0) <= width } ?? versions.last ?? ""
    }
}
