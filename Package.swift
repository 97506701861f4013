// swift-tools-version: 6.2
import PackageDescription

/// Every target is Swift 6 mode with the upcoming features that make imports and existentials explicit.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

/// The dependency graph is the layering rule: see ARCHITECTURE.md.
let package = Package(
    name: "evtwin",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "evtwin", targets: ["evtwin"]),
        .library(name: "Sim", targets: ["Sim"]),
        .library(name: "Models", targets: ["Models"]),
        .library(name: "Twin", targets: ["Twin"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
    ],
    targets: [
        .target(name: "Sim", swiftSettings: strict),
        .target(name: "OCPP", swiftSettings: strict),
        .systemLibrary(
            name: "CHDF5", pkgConfig: "hdf5-serial", providers: [.apt(["libhdf5-dev"]), .brew(["hdf5"])]),
        .systemLibrary(
            name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"]), .brew(["libdeflate"])]),
        .target(name: "Models", dependencies: ["Sim", "OCPP"], swiftSettings: strict),
        .target(name: "CSMS", dependencies: ["OCPP"], swiftSettings: strict),
        .target(name: "Telemetry", dependencies: ["CHDF5", "CDeflate"], swiftSettings: strict),
        .target(
            name: "Twin",
            dependencies: ["Sim", "Models", "OCPP", "CSMS", "Telemetry", "CDeflate", "Yams"], swiftSettings: strict),
        .target(name: "Reports", dependencies: ["Telemetry"], swiftSettings: strict),
        .executableTarget(
            name: "evtwin", dependencies: ["Twin", "Reports", "Telemetry", argumentParser], swiftSettings: strict),

        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
        .testTarget(name: "SimTests", dependencies: ["Sim", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "OCPPTests", dependencies: ["OCPP", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "ModelsTests", dependencies: ["Models", "Sim", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "CSMSTests", dependencies: ["CSMS", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "TelemetryTests", dependencies: ["Telemetry", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "TwinTests", dependencies: ["Twin", "Models", "Sim", "CDeflate", "TestSupport"], exclude: ["Goldens"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ReportsTests", dependencies: ["Reports", "Telemetry", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "TidyTests", dependencies: ["TestSupport"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
