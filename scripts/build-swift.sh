#!/usr/bin/env bash
# Builds the MLX engine on macOS, for Apple silicon: build/swift/libBrevisMLX.dylib, with MLX's Metal kernels beside it as mlx.metallib;
# then the trainer of keep models, build/swift/brevis-train, without which the engine serves as well.
#
#   scripts/build-swift.sh           exits 1 and says what is missing
#   scripts/build-swift.sh --check   only looks for what the build needs
#
# By xcodebuild, since `swift build` compiles no Metal kernels. The first time SwiftPM fetches mlx-swift (Package.swift).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
derived=$root/build/swift-derived
output=$root/build/swift

fail() {
  echo "$1" >&2
  exit 1
}

[ "$(uname -s)-$(uname -m)" = Darwin-arm64 ] || fail "Expected macOS on Apple silicon, got $(uname -s) on $(uname -m)."
xcodebuild -version >/dev/null 2>&1 || fail "Expected Xcode 16 or newer: install it, then \`sudo xcode-select --switch /Applications/Xcode.app\`."
xcrun --find metal >/dev/null 2>&1 || fail "Expected Xcode's Metal compiler: \`xcodebuild -downloadComponent MetalToolchain\`."
if [ "${1:-}" = --check ]; then exit 0; fi

build() {
  xcodebuild build -quiet -scheme "$1" -configuration Release -destination 'platform=macOS,arch=arm64' -derivedDataPath "$derived"
}

cd "$root"
build BrevisMLX

# Xcode wraps a dynamic library of a package in a framework; older ones leave it bare.
products=$derived/Build/Products/Release
library=$(find "$products" -type f \( -path '*/BrevisMLX.framework/Versions/A/BrevisMLX' -o -name libBrevisMLX.dylib \) -print -quit)
kernels=$(find "$products" -type f -path '*mlx-swift_Cmlx.bundle*' -name default.metallib -print -quit)
[ -n "$library" ] || fail "Expected the library BrevisMLX under $products, but the build left none."
[ -n "$kernels" ] || fail "Expected default.metallib in mlx-swift_Cmlx.bundle under $products, but the build left none."

# Beside the finished files, then renamed: whoever loads them sees the old pair or the new one.
mkdir -p "$output"
cp "$library" "$output/library.new"
cp "$kernels" "$output/kernels.new"
install_name_tool -id @rpath/libBrevisMLX.dylib "$output/library.new"
codesign --force --sign - "$output/library.new"
nm -gU "$output/library.new" | grep ' _brv_get_engine_api$' >/dev/null || fail "Expected the symbol brv_get_engine_api in $library, but it is not there."
mv "$output/kernels.new" "$output/mlx.metallib"
mv "$output/library.new" "$output/libBrevisMLX.dylib"

trainer=$products/brevis-train
if build brevis-train && [ -f "$trainer" ]; then
  cp "$trainer" "$output/trainer.new"
  codesign --force --sign - "$output/trainer.new"
  mv "$output/trainer.new" "$output/brevis-train"
  echo "built the MLX engine, $output/libBrevisMLX.dylib, and the trainer, $output/brevis-train"
else
  echo "built the MLX engine, $output/libBrevisMLX.dylib; the trainer brevis-train was not built"
fi
