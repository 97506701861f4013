// swift-tools-version: 6.2
import PackageDescription

/// A package of its own, so that nobody builds benchmarks to run tests.
let package = Package(
    name: "evtwin-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "evtwin", path: "../")],
    targets: [
        .executableTarget(
            name: "evtwin-bench",
            dependencies: [.product(name: "Sim", package: "evtwin")],
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .treatAllWarnings(as: .error),
            ])
    ],
    swiftLanguageModes: [.v6]
)
