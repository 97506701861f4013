// swift-tools-version: 6.2
import PackageDescription

/// A package of its own, so that the other benchmarks are built without SwiftNIO.
let package = Package(
    name: "evtwin-sockets-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "evtwin", path: "../../"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.80.0"),
    ],
    targets: [
        .executableTarget(
            name: "sockets-bench",
            dependencies: [
                .product(name: "Sockets", package: "evtwin"), .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .treatAllWarnings(as: .error),
            ])
    ],
    swiftLanguageModes: [.v6]
)
