import ChatTransport
import Foundation
import Testing

/// The key by which other clients know this one.
struct PeerIdentityTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "banter-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    @Test func itIsMadeOnceAndKept() throws {
        try withFolder { folder in
            let pin = try PeerIdentity(folder: folder).pin
            #expect(try PeerIdentity(folder: folder).pin == pin)
            for name in ["identity.pem", "identity-key.pem"] {
                let mode = try FileManager.default.attributesOfItem(atPath: folder + "/" + name)[.posixPermissions] as? Int
                #expect(mode == 0o600)
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 2)
        }
    }

    @Test func twoAreDifferent() throws {
        try withFolder { one in
            try withFolder { two in
                let pins = try [PeerIdentity(folder: one).pin, PeerIdentity(folder: two).pin]
                #expect(pins[0] != pins[1])
            }
        }
    }

    @Test func aLostCertificateIsMadeAnewForTheSameKey() throws {
        try withFolder { folder in
            let pin = try PeerIdentity(folder: folder).pin
            try FileManager.default.removeItem(atPath: folder + "/identity.pem")
            #expect(try PeerIdentity(folder: folder).pin == pin)
        }
    }

    @Test func aLostKeyIsNotReplacedInSilence() throws {
        try withFolder { folder in
            _ = try PeerIdentity(folder: folder)
            try FileManager.default.removeItem(atPath: folder + "/identity-key.pem")
            let failure = try #require(throws: PeerIdentity.Failure.self) { try PeerIdentity(folder: folder) }
            #expect(failure.description.contains("identity-key.pem is missing"))
        }
    }

    @Test func aCertificateForAnotherKeyIsRefused() throws {
        try withFolder { one in
            try withFolder { two in
                _ = try PeerIdentity(folder: one)
                _ = try PeerIdentity(folder: two)
                try FileManager.default.removeItem(atPath: one + "/identity.pem")
                try FileManager.default.copyItem(atPath: two + "/identity.pem", toPath: one + "/identity.pem")
                let failure = try #require(throws: PeerIdentity.Failure.self) { try PeerIdentity(folder: one) }
                #expect(failure.description.contains("is not for the key"))
            }
        }
    }

    @Test func rubbishIsRefusedWithTheFilesName() throws {
        try withFolder { folder in
            try "rubbish".write(toFile: folder + "/identity-key.pem", atomically: true, encoding: .utf8)
            let failure = try #require(throws: PeerIdentity.Failure.self) { try PeerIdentity(folder: folder) }
            #expect(failure.description.contains("identity-key.pem"))
        }
    }
}
