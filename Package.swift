// swift-tools-version: 6.0
// The MLX engine: a dynamic library that exports brv_get_engine_api (native/include/brevis_engine.h) and nothing else.
// brevis-train: a program that adapts keep models on MLX, with the engine's own forward pass.
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
  products: [
    .library(name: "BrevisMLX", type: .dynamic, targets: ["BrevisMLX"]),
    .executable(name: "brevis-train", targets: ["BrevisTrainCommand"]),
  ],
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
    .target(
      name: "BrevisTrain", dependencies: ["BrevisMLX", .product(name: "MLX", package: "mlx-swift")],
      path: "swift/Sources/BrevisTrain"),
    .executableTarget(
      name: "BrevisTrainCommand", dependencies: ["BrevisTrain"], path: "swift/Sources/BrevisTrainCommand"),
  ],
  swiftLanguageModes: [.v5]
)

// The npm package comes without tests.
for tested in ["BrevisMLX", "BrevisTrain"] {
  let tests = "tests/swift/\(tested)Tests"
  if FileManager.default.fileExists(atPath: "\(Context.packageDirectory)/\(tests)") {
    package.targets.append(.testTarget(name: "\(tested)Tests", dependencies: [.init(stringLiteral: tested)], path: tests))
  }
}
