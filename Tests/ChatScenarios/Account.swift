/// The accounts that exist in every scenario's world: those of the sample credentials.
package struct Account: Sendable {
    package let name: String
    package let password: String

    package static let all: [Account] = [
        Account(name: "hans", password: "falcon"),
        Account(name: "yoda", password: "wise"),
        Account(name: "vader", password: "sithlord"),
        Account(name: "r2d2", password: "socute"),
        Account(name: "c3p0", password: "droid"),
        Account(name: "leia", password: "blasterpistol"),
        Account(name: "obiwan", password: "jedimaster"),
        Account(name: "luke", password: "lightsaber"),
        Account(name: "chewy", password: "wookie"),
        Account(name: "palpatine", password: "darkside"),
    ]

    static func named(_ name: String) -> Account? { all.first { $0.name == name } }
}
