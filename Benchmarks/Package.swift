// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// A package of its own, so that nobody builds benchmarks to run tests.
let package = Package(
    name: "evtwin-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "evtwin", path: "../")],
    targets: [
        .executableTarget(
            name: "evtwin-bench", dependencies: [.product(name: "Sim", package: "evtwin")], swiftSettings: strict),
        .executableTarget(
            name: "codec-bench",
            dependencies: [
                .product(name: "OCPP", package: "evtwin"), .product(name: "OCPPMessages", package: "evtwin"),
            ], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
