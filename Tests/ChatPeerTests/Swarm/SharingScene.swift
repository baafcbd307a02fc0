import ChatProtocol
import Foundation
import Testing

@testable import ChatPeer

/// The people of the tests of sharing, and what most of these begin and end with.
protocol SharingScene {}

extension SharingScene {
    var owner: UserName { name("owner") }
    var hans: UserName { name("hans") }
    var leia: UserName { name("leia") }

    func world(_ file: SampleFile, fetchers: [UserName]) throws -> SharingWorld {
        var world = try SharingWorld()
        world.start(owner)
        for user in fetchers { world.start(user) }
        try world.offer(file, by: owner)
        return world
    }

    func expectWhole(_ world: SharingWorld, _ file: SampleFile, at users: [UserName], as name: String = "sample.bin") throws {
        for user in users {
            let path = "\(world.folder(of: user))/\(name)"
            let data = try #require(FileManager.default.contents(atPath: path), "\(user) has no file")
            #expect(Array(data) == file.bytes, "\(user) has something else")
            #expect(world.news(user).contains { if case .finished(_, _, path) = $0 { true } else { false } })
        }
    }
}
