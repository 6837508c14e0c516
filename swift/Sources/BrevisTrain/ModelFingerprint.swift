import BrevisMLX
import Foundation

/// Tells one base model from another: FNV-1a over its config and the headers of its files' tensors. The weights themselves, which may
/// be gigabytes, are not read again.
enum ModelFingerprint {
  static func of(_ model: FrozenModel) throws -> String {
    let config = try WeightFile.readDocument(model.directory + "/config.json", limit: 1 << 20)
    let tensors = model.files.tensors.values.map { "\($0.name) \($0.type.rawValue) \($0.shape)" }.sorted().joined()
    let hash = (config + Data(tensors.utf8)).reduce(UInt64(0xcbf2_9ce4_8422_2325)) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01b3
    }
    return String(hash, radix: 16)
  }
}
