// swift-tools-version: 6.0
// The MLX engine: a dynamic library that exports brv_get_engine_api (native/include/brevis_engine.h) and nothing else.
//   scripts/build-swift.sh                                builds it on macOS, with MLX's Metal kernels beside it
//   BREVIS_MLX_SWIFT=<a copy of mlx-swift> swift build    takes that copy in place of the published package
import Foundation
import PackageDescription

let mlxSwift: Package.Dependency =
  if let path = Context.environment["BREVIS_MLX_SWIFT"] {
    .package(path: path)
  } else {
    .package(url: "https://github.com/ml-explore/mlx-swift", exact: "0.31.4")
  }

#if os(Linux)
  // Node has symbols of its own: none of ours, of MLX's or of Swift's may meet them.
  let exportOnlyTheTable = [
    "-Xlinker", "--version-script=\(Context.packageDirectory)/swift/exports.map", "-Xlinker", "-Bsymbolic",
  ]
#else
  let exportOnlyTheTable = ["-Xlinker", "-exported_symbol", "-Xlinker", "_brv_get_engine_api"]
#endif

let package = Package(
  name: "brevis",
  platforms: [.macOS(.v14)],
  products: [.library(name: "BrevisMLX", type: .dynamic, targets: ["BrevisMLX"])],
  dependencies: [mlxSwift],
  targets: [
    .systemLibrary(name: "CBrevisEngine", path: "native/include"),
    .systemLibrary(name: "CAtomicLoad", path: "swift/Sources/CAtomicLoad"),
    .target(
      name: "BrevisMLX",
      dependencies: ["CAtomicLoad", "CBrevisEngine", .product(name: "MLX", package: "mlx-swift")],
      path: "swift/Sources/BrevisMLX",
      linkerSettings: [.unsafeFlags(exportOnlyTheTable)]
    ),
  ],
  swiftLanguageModes: [.v5]
)

// The npm package comes without tests.
let tests = "tests/swift/BrevisMLXTests"
if FileManager.default.fileExists(atPath: "\(Context.packageDirectory)/\(tests)") {
  package.targets.append(.testTarget(name: "BrevisMLXTests", dependencies: ["BrevisMLX"], path: tests))
}
