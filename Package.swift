// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

let package = Package(
    name: "banter",
    products: [
        .executable(name: "banterd", targets: ["banterd"]),
        .executable(name: "banter", targets: ["banter"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Each names every module that it imports: it is not built anew when one has changed that it has only through another.

        // What goes over the wire: names, requests, replies, events, the codec, the frame splitter.
        .target(name: "ChatProtocol", swiftSettings: settings),
        // The server's rules as values, and the Hub that runs them.
        .target(
            name: "ChatCore",
            dependencies: [
                "ChatProtocol", crypto, logging,
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "HashTreeCollections", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
            ],
            swiftSettings: settings),
        // The durable store.
        .target(
            name: "ChatStoreSQLite",
            dependencies: [
                "ChatCore", "ChatProtocol", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: settings),
        // Sockets: listener, connection, TLS, trust on first use.
        .target(
            name: "ChatTransport",
            dependencies: [
                "ChatProtocol", crypto, logging,
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: "swift-certificates"),
            ],
            swiftSettings: settings),
        // Private sessions and the swarm as values, and the files that they keep.
        .target(name: "ChatPeer", dependencies: ["ChatProtocol", crypto], swiftSettings: settings),
        // The client as values: model, update, render; and line mode.
        .target(name: "ChatClient", dependencies: ["ChatPeer", "ChatProtocol"], swiftSettings: settings),
        // The terminal: keys in, frames out.
        .systemLibrary(name: "CNcurses", providers: [.apt(["libncurses-dev"])]),
        .target(name: "Terminal", dependencies: ["ChatClient", "ChatProtocol", "CNcurses"], swiftSettings: settings),
        // The local history: SQLite without GRDB, which would bring Foundation.
        .target(
            name: "ChatHistory",
            dependencies: ["ChatClient", "ChatProtocol", .product(name: "GRDBSQLite", package: "GRDB.swift")], swiftSettings: settings),
        // Manual pages, from what a program says of its own command line.
        .target(name: "ManualPage", dependencies: ["ChatProtocol"], swiftSettings: settings),
        // The two programs: options and wiring.
        .executableTarget(
            name: "banterd",
            dependencies: [
                "ChatCore", "ChatProtocol", "ChatStoreSQLite", "ChatTransport", "ManualPage", argumentParser, lifecycle, logging,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "banter",
            dependencies: [
                "ChatClient", "ChatHistory", "ChatPeer", "ChatProtocol", "ChatTransport", "ManualPage", "Terminal", argumentParser,
            ],
            swiftSettings: settings),

        // Measurements that need the modules above; those of the programs are the package in Benchmarks.
        .target(name: "CountAllocations", path: "Benchmarks/CountAllocations"),
        .executableTarget(
            name: "core-bench",
            dependencies: [
                "ChatClient", "ChatCore", "ChatHistory", "ChatProtocol", "ChatStoreSQLite", "CountAllocations", argumentParser, logging,
            ],
            path: "Benchmarks/CoreBench", swiftSettings: settings),

        .testTarget(name: "ChatProtocolTests", dependencies: ["ChatProtocol", "Fuzzing"], swiftSettings: settings),
        // Valid input made wrong, the same in every run.
        .target(name: "Fuzzing", path: "Tests/Fuzzing", swiftSettings: settings),
        // The rules as a table of cases, for tests against the rules alone and against the real server.
        .target(
            name: "ChatScenarios", dependencies: ["ChatCore", "ChatProtocol", logging], path: "Tests/ChatScenarios", swiftSettings: settings
        ),
        .testTarget(
            name: "ChatCoreTests",
            dependencies: [
                "ChatCore", "ChatProtocol", "ChatScenarios", logging,
                .product(name: "HashTreeCollections", package: "swift-collections"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ChatStoreTests",
            dependencies: [
                "ChatCore", "ChatProtocol", "ChatScenarios", "ChatStoreSQLite", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ChatTransportTests",
            dependencies: [
                "ChatProtocol", "ChatTransport", logging,
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ChatClientTests", dependencies: ["ChatClient", "ChatPeer", "ChatProtocol", "Terminal"], swiftSettings: settings),
        .testTarget(name: "ChatHistoryTests", dependencies: ["ChatClient", "ChatHistory", "ChatProtocol"], swiftSettings: settings),
        .testTarget(name: "ChatPeerTests", dependencies: ["ChatPeer", "ChatProtocol", "Fuzzing"], swiftSettings: settings),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "ChatClient", "ChatHistory", "ChatPeer", "ChatProtocol", "ChatScenarios", "ChatTransport", "ManualPage", "banter",
                "banterd",
            ],
            swiftSettings: settings),
    ]
)
