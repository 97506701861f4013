// swift-tools-version: 6.2
import PackageDescription

/// Every target is Swift 6 mode with the upcoming features that make imports and existentials explicit.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
    .product(name: "NIOWebSocket", package: "swift-nio"),
    .product(name: "NIOSSL", package: "swift-nio-ssl"),
]
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

/// The dependency graph is the layering rule: see ARCHITECTURE.md.
let package = Package(
    name: "evtwin",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "evtwin", targets: ["evtwin"]),
        .library(name: "Sim", targets: ["Sim"]),
        .library(name: "OCPP", targets: ["OCPP"]),
        .library(name: "OCPPMessages", targets: ["OCPPMessages"]),
        .library(name: "Sockets", targets: ["Sockets"]),
        .library(name: "Models", targets: ["Models"]),
        .library(name: "Twin", targets: ["Twin"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.80.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.30.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.0.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.6.0"),
    ],
    targets: [
        .target(name: "Sim", swiftSettings: strict),
        .target(name: "OCPP", swiftSettings: strict),
        .systemLibrary(
            name: "CHDF5", pkgConfig: "hdf5-serial", providers: [.apt(["libhdf5-dev"]), .brew(["hdf5"])]),
        .systemLibrary(
            name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"]), .brew(["libdeflate"])]),
        .systemLibrary(
            name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .target(name: "OCPPMessages", dependencies: ["OCPP"], swiftSettings: strict),
        .target(name: "OCPPWire", dependencies: ["OCPP", "OCPPMessages"], swiftSettings: strict),
        .target(name: "PKI", dependencies: ["CCrypto"], swiftSettings: strict),
        .target(name: "Models", dependencies: ["Sim", "OCPP", "OCPPMessages", "OCPPWire"], swiftSettings: strict),
        .target(name: "CSMS", dependencies: ["OCPP", "OCPPMessages", "OCPPWire"], swiftSettings: strict),
        .target(
            name: "Sockets", dependencies: ["CZlib"] + nio, swiftSettings: strict),
        .target(
            name: "CSMSServer",
            dependencies: [
                "CSMS", "OCPP", "OCPPMessages", "OCPPWire", "PKI", "Sockets",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ] + nio, swiftSettings: strict),
        .target(
            name: "LoadTest",
            dependencies: [
                "Twin", "Models", "Sim", "OCPP", "OCPPMessages", "OCPPWire", "PKI", "Sockets",
                .product(name: "Logging", package: "swift-log"),
            ] + nio, swiftSettings: strict),
        .target(name: "Telemetry", dependencies: ["CHDF5", "CDeflate"], swiftSettings: strict),
        .target(
            name: "Twin",
            dependencies: [
                "Sim", "Models", "OCPP", "OCPPMessages", "OCPPWire", "CSMS", "Telemetry", "CDeflate", "Yams",
            ], swiftSettings: strict),
        .target(name: "Reports", dependencies: ["Telemetry"], swiftSettings: strict),
        .executableTarget(
            name: "evtwin",
            dependencies: [
                "Twin", "OCPP", "Reports", "Telemetry", "CSMSServer", "LoadTest", "PKI", argumentParser,
            ], swiftSettings: strict),

        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
        .testTarget(name: "SimTests", dependencies: ["Sim", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "OCPPTests", dependencies: ["OCPP", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "OCPPMessagesTests", dependencies: ["OCPPMessages", "OCPP", "TestSupport"], exclude: ["Corpus"],
            swiftSettings: strict),
        .testTarget(
            name: "OCPPWireTests", dependencies: ["OCPPWire", "OCPPMessages", "OCPP", "TestSupport"],
            swiftSettings: strict),
        .testTarget(name: "PKITests", dependencies: ["PKI", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "SocketsTests", dependencies: ["Sockets", "PKI", "TestSupport"] + nio, swiftSettings: strict),
        .testTarget(
            name: "CSMSServerTests",
            dependencies: ["CSMSServer", "CSMS", "OCPP", "OCPPMessages", "OCPPWire", "PKI", "Sockets", "TestSupport"]
                + nio, swiftSettings: strict),
        .testTarget(
            name: "LoadTestTests",
            dependencies: ["LoadTest", "CSMSServer", "Models", "OCPP", "OCPPMessages", "PKI", "TestSupport", "Twin"]
                + nio,
            swiftSettings: strict),
        .testTarget(
            name: "ModelsTests",
            dependencies: ["Models", "OCPP", "OCPPMessages", "OCPPWire", "PKI", "Sim", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "CSMSTests", dependencies: ["CSMS", "OCPP", "OCPPMessages", "OCPPWire", "TestSupport"],
            swiftSettings: strict),
        .testTarget(name: "TelemetryTests", dependencies: ["Telemetry", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "TwinTests", dependencies: ["Twin", "Models", "Sim", "CDeflate", "Telemetry", "TestSupport"],
            exclude: ["Goldens"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ReportsTests", dependencies: ["Reports", "Telemetry", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "TidyTests", dependencies: ["TestSupport"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
